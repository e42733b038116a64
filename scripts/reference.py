"""Print docs/reference.md: what `org_constructs` exports, from its signatures and docstrings. Nothing is imported."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PACKAGE: Final = Path(__file__).parent.parent / "org_constructs"

PARTS: Final = {
    "The stack": ("OrgBaseline",),
    "What the stack takes in its lists": (
        "AccountProps",
        "OrganizationalUnitProps",
        "UserProps",
        "GroupProps",
        "PermissionSetProps",
        "AssignmentProps",
        "PolicyProps",
        "AlternateContactProps",
    ),
    "Organizations": (
        "Organization",
        "OrganizationalUnit",
        "Account",
        "Policy",
        "PolicyType",
        "FeatureSet",
        "Parent",
        "plus_address",
    ),
    "Identity Center": (
        "IdentityCenter",
        "User",
        "UserImplementation",
        "Group",
        "PermissionSet",
        "CustomerManagedPolicy",
        "Assignment",
        "Principal",
        "Target",
    ),
    "What exists already": (
        "ExistingOrganization",
        "ExistingOrganizationalUnit",
        "ExistingAccount",
        "ExistingPolicy",
        "ExistingUser",
        "ExistingGroup",
        "ExistingPermissionSet",
    ),
    "Checks": ("OrgBaselineChecks",),
    "What is refused": ("Refusal",),
}
"""The parts of the page, in the order in which a reader meets them."""

GUARDRAILS: Final = (
    "deny_leaving_organization",
    "deny_root_user",
    "deny_iam_users_and_access_keys",
    "allow_regions",
    "deny_region_opt_ins",
    "protect_baseline_roles",
    "deny_disabling_audit",
    "keep_data_in_organization",
    "ec2_defaults",
    "permission_set_role",
    "combine",
    "policies",
)
"""The functions of the guardrails, in that order, too."""

HEAD: Final = """\
# Reference

Every name that `org_constructs` exports, and the guardrails. `scripts/reference` writes this page from the docstrings.

Of constructs, `scope` and `construct_id` are positional and the rest is keyword-only. A wrong argument is a
`Refusal`, a `ValueError` of one sentence with one of [these codes](codes.md), before anything is in the tree. Ids of
constructs and names of outputs are API: see [upgrading.md](upgrading.md).
"""

WIDTH: Final = 100
"""How long the line of a signature may be."""


def reference() -> str:
    """Return the page, in Markdown.

    Raises:
        ValueError: The parts are not exactly what the package exports.
    """
    where = exported()
    named = {name for names in PARTS.values() for name in names}
    if different := sorted(named ^ where.keys()):
        raise ValueError(f"PARTS must have the names that org_constructs exports, got a difference in {different}")
    guardrails = functions_of("guardrails")
    if different := sorted(guardrails.keys() ^ set(GUARDRAILS)):
        raise ValueError(f"GUARDRAILS must have the functions of the guardrails, got a difference in {different}")
    contents = {**PARTS, "Guardrails": GUARDRAILS}
    lines = [HEAD]
    for title, names in contents.items():
        lines.append(f"- {title}: {', '.join(f'[{name}](#{name.lower()})' for name in names)}")
    for title, names in PARTS.items():
        lines += ["", f"## {title}"]
        for name in names:
            lines += ["", f"### {name}", "", *of_name(module(where[name]), name)]
    lines += ["", "## Guardrails", "", *prose(ast.get_docstring(module("guardrails")))]
    for name in GUARDRAILS:
        lines += ["", f"### {name}", "", *of_function(guardrails[name], f"guardrails.{name}")]
    return "\n".join(lines) + "\n"


@cache
def module(name: str) -> ast.Module:
    """Return the code of a module of the package."""
    path = PACKAGE / name.replace(".", "/")
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(file.read_text(encoding="utf-8"))


def functions_of(package: str) -> dict[str, ast.FunctionDef]:
    """Return the functions that a package imports from its modules, by name."""
    return {
        function.name: function
        for node in module(package).body
        if isinstance(node, ast.ImportFrom)
        for function in module(f"{package}.{node.module}").body
        if isinstance(function, ast.FunctionDef) and function.name in {alias.name for alias in node.names}
    }


def exported() -> dict[str, str]:
    """Return the module of each name that the package exports."""
    [for_type_checkers] = [node for node in module("__init__").body if isinstance(node, ast.If)]
    return {
        alias.name: node.module
        for node in for_type_checkers.body
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


def of_name(code: ast.Module, name: str) -> list[str]:
    """Return what a module says of a name that it defines."""
    for node, text in with_texts(code.body):
        match node:
            case ast.ClassDef(name=found) if found == name:
                return of_class(node)
            case ast.FunctionDef(name=found) if found == name:
                return of_function(node, name)
            case ast.Assign(targets=[ast.Name(id=found)]) if found == name:
                return [*block(f"{name} = {ast.unparse(node.value)}"), "", *prose(text)]
    raise ValueError(f"{name} must be defined in the module that org_constructs imports it from")


def of_class(node: ast.ClassDef) -> list[str]:
    """Return what a construct, a dataclass or an enumeration says of itself."""
    texts = list(with_texts(node.body))
    fields = [(each, text) for each, text in texts if isinstance(each, ast.AnnAssign)]
    members = [(each, text) for each, text in texts if isinstance(each, ast.Assign)]
    methods = {each.name: each for each in node.body if isinstance(each, ast.FunctionDef)}
    is_dataclass = any("dataclass" in ast.unparse(decorator) for decorator in node.decorator_list)
    lines: list[str] = []
    if is_dataclass:
        lines += [*signature(node.name, ["*", *(ast.unparse(field) for field, _ in fields)]), ""]
    elif initializer := methods.get("__init__"):
        lines += [*signature(node.name, parameters(initializer.args)), ""]
    lines += prose(ast.get_docstring(node))
    if initializer := methods.get("__init__"):
        lines += sections(ast.get_docstring(initializer))
    documented = [item(each.target, text) for each, text in fields if text]
    properties = [
        item(ast.Name(each.name), ast.get_docstring(each))
        for each in methods.values()
        if is_public(each) and is_property(each)
    ]
    lines += titled("Members", [item(each.targets[0], text) for each, text in members])
    lines += titled("Arguments", documented if is_dataclass else [])
    lines += titled("Attributes", [*([] if is_dataclass else documented), *properties])
    for name, each in methods.items():
        if is_public(each) and not is_property(each):
            lines += ["", *of_function(each, f"{node.name}.{name}")]
    return lines


def of_function(node: ast.FunctionDef, name: str) -> list[str]:
    """Return what a function or a method says of itself."""
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    text = ast.get_docstring(node)
    return [*signature(name, parameters(node.args), returns), "", *prose(text), *sections(text)]


def with_texts(body: Sequence[ast.stmt]) -> Iterator[tuple[ast.stmt, str]]:
    """Yield each statement, and the text after it, which documents it."""
    for statement, after in pairwise([*body, ast.Pass()]):
        match after:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield statement, inspect.cleandoc(text)
            case _:
                yield statement, ""


def is_public(node: ast.FunctionDef) -> bool:
    """Tell whether a function is for users."""
    return not node.name.startswith("_")


def is_property(node: ast.FunctionDef) -> bool:
    """Tell whether a function is an attribute to users."""
    return any(ast.unparse(decorator) in {"property", "cached_property"} for decorator in node.decorator_list)


def parameters(arguments: ast.arguments) -> list[str]:
    """Return the parameters of a function as they are written, without `self`."""
    first = len(arguments.args) - len(arguments.defaults)
    defaults = [None] * first + arguments.defaults
    listed = [_parameter(each, default) for each, default in zip(arguments.args, defaults, strict=True)]
    if arguments.vararg or arguments.kwonlyargs:
        listed.append(f"*{ast.unparse(arguments.vararg) if arguments.vararg else ''}")
    keyword_only = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    listed += [_parameter(each, default) for each, default in keyword_only]
    if arguments.kwarg:
        listed.append(f"**{ast.unparse(arguments.kwarg)}")
    return [each for each in listed if each != "self"]


def _parameter(argument: ast.arg, default: ast.expr | None) -> str:
    return ast.unparse(argument) + (f" = {ast.unparse(default)}" if default else "")


def signature(name: str, listed: Sequence[str], returns: str = "") -> list[str]:
    """Return a block with a signature, one parameter a line where it is long."""
    line = f"{name}({', '.join(listed)}){returns}"
    if len(line) > WIDTH:
        line = "\n".join([f"{name}(", *(f"    {each}," for each in listed), f"){returns}"])
    return block(line)


def block(code: str) -> list[str]:
    """Return a block of Python."""
    return ["```python", code, "```"]


def item(name: ast.expr, text: str | None) -> str:
    """Return a line of a list: a name and what it is."""
    said = linked(" ".join((text or "").split()))
    return f"- `{ast.unparse(name)}`" + (f": {said}" if said else "")


def titled(title: str, items: Sequence[str]) -> list[str]:
    """Return a list under its title; nothing if it is empty."""
    return ["", f"{title}:", "", *items] if items else []


def prose(docstring: str | None) -> list[str]:
    """Return what a docstring says before its sections."""
    return linked(
        re.split(r"^(?:Args|Returns|Raises):$", docstring or "", maxsplit=1, flags=re.MULTILINE)[0].strip()
    ).splitlines()


def sections(docstring: str | None) -> list[str]:
    """Return the sections of a docstring, as lists.

    https://google.github.io/styleguide/pyguide.html#383-functions-and-methods
    """
    titles = {"Args": "Arguments", "Raises": "Raises", "Returns": "Returns"}
    _, *parts = re.split(r"^(Args|Returns|Raises):$", docstring or "", flags=re.MULTILINE)
    lines: list[str] = []
    for title, text in zip(parts[::2], parts[1::2], strict=True):
        entries = re.split(r"^(?=\*{0,2}\w+: )", inspect.cleandoc(text), flags=re.MULTILINE)
        said = [linked(" ".join(entry.split())) for entry in entries if entry]
        if title == "Returns":
            lines += ["", f"Returns {said[0][0].lower()}{' '.join(said)[1:]}"]
        else:
            lines += titled(titles[title], [re.sub(r"^(\*{0,2}\w+): ", r"- `\1`: ", entry) for entry in said])
    return lines


def linked(text: str) -> str:
    """Return text with its addresses as links."""
    return re.sub(r"https://\S+[\w/]", r"<\g<0>>", text)


if __name__ == "__main__":
    sys.stdout.write(reference())
