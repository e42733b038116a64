"""Print docs/reference.md: what `org_constructs` exports, from its signatures and docstrings. Nothing is imported."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import griffe

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).parent.parent

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
        "ResourcePolicyProps",
        "AlternateContactProps",
        "BudgetsProps",
    ),
    "Organizations": (
        "Organization",
        "OrganizationalUnit",
        "Account",
        "Policy",
        "ResourcePolicy",
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
    "Budgets": ("Budget",),
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
    "deny_other_identity_providers",
    "protect_baseline_roles",
    "allow_regions",
    "deny_region_opt_ins",
    "deny_disabling_audit",
    "deny_disabling_security_services",
    "deny_deleting_flow_logs",
    "deny_deleting_keys",
    "deny_deleting_backups",
    "deny_unblocking_public_access",
    "deny_public_function_urls",
    "deny_sharing_outside_organization",
    "deny_commitments",
    "deny_contact_and_billing_changes",
    "keep_data_in_organization",
    "ec2_defaults",
    "s3_defaults",
    "ai_services_opt_out",
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

In the examples, `app` is the app, `stack` a stack of the management account in the region of IAM Identity Center, and
`bucket` an S3 bucket of another stack.
Each goes on where the one before it ended.
"""

WIDTH: Final = 100
"""How long the line of a signature may be."""


def reference() -> str:
    """Return the page, in Markdown.

    Raises:
        ValueError: The parts are not exactly what the package exports.
    """
    package = griffe.load("org_constructs", search_paths=[ROOT], docstring_parser="google", allow_inspection=False)
    guardrails = package["guardrails"]
    functions = {name for name in map(str, guardrails.exports or ()) if guardrails[name].is_function}
    listed = {name for names in PARTS.values() for name in names}
    exported = {name for name in map(str, package.exports or ()) if not package[name].is_module}
    for argument, written, found in (("PARTS", listed, exported), ("GUARDRAILS", {*GUARDRAILS}, functions)):
        if different := sorted(written ^ found):
            raise ValueError(f"{argument} must have the names that are exported, got a difference in {different}")
    lines = [HEAD]
    for title, names in {**PARTS, "Guardrails": GUARDRAILS}.items():
        lines.append(f"- {title}: {', '.join(f'[{name}](#{name.lower()})' for name in names)}")
    for title, names in PARTS.items():
        lines += ["", f"## {title}"]
        for name in names:
            lines += ["", f"### {name}", "", *of(package[name], name)]
    lines += ["", "## Guardrails", "", *prose(guardrails)]
    for name in GUARDRAILS:
        lines += ["", f"### {name}", "", *of(guardrails[name], f"guardrails.{name}")]
    return "\n".join(lines) + "\n"


def of(named: griffe.Object | griffe.Alias, name: str) -> list[str]:
    """Return what a class, a function or a value says of itself."""
    match named.final_target if isinstance(named, griffe.Alias) else named:
        case griffe.Class() as thing:
            return of_class(thing, name)
        case griffe.Function() as thing:
            returns = f" -> {thing.returns}" if thing.returns else ""
            return [*signature(name, thing.parameters, returns), "", *prose(thing), *sections(thing)]
        case griffe.Attribute() as thing:
            return [*block(f"{name} = {thing.value}"), "", *prose(thing)]
    raise ValueError(f"{name} must be a class, a function or a value")


def of_class(thing: griffe.Class, name: str) -> list[str]:
    """Return what a construct, a dataclass or an enumeration says of itself."""
    public = [member for member in thing.members.values() if not member.name.startswith("_")]
    is_enumeration = any(str(base).endswith("Enum") for base in thing.bases)
    is_dataclass = "dataclass" in thing.labels
    lines = [*signature(name, thing.parameters), ""] if "__init__" in thing.members else []
    lines += prose(thing)
    if not is_dataclass and "__init__" in thing.members:
        lines += sections(thing["__init__"])
    values = [member for member in public if member.is_attribute]
    fields = [member for member in values if member.has_docstring and "property" not in member.labels]
    properties = [member for member in values if "property" in member.labels]
    lines += items("Members", values if is_enumeration else [])
    lines += items("Arguments", fields if is_dataclass else [])
    lines += items("Attributes", [*([] if is_dataclass or is_enumeration else fields), *properties])
    for member in public:
        if member.is_function:
            lines += ["", *of(member, f"{name}.{member.name}")]
    return lines


def signature(name: str, parameters: griffe.Parameters, returns: str = "") -> list[str]:
    """Return a block with a signature, without `self`, one parameter a line where it is long."""
    listed: list[str] = []
    for each in parameters:
        if each.kind is griffe.ParameterKind.keyword_only and not any(one.startswith("*") for one in listed):
            listed.append("*")
        star = {"variadic positional": "*", "variadic keyword": "**"}.get(each.kind.value, "")
        annotation = f": {each.annotation}" if each.annotation else ""
        default = "" if each.default is None or star else f" = {each.default}"
        listed.append(f"{star}{each.name}{annotation}{default}")
    listed = [each for each in listed if each != "self"]
    line = f"{name}({', '.join(listed)}){returns}"
    if len(line) > WIDTH:
        line = "\n".join([f"{name}(", *(f"    {each}," for each in listed), f"){returns}"])
    return block(line)


def block(code: str) -> list[str]:
    """Return a block of Python."""
    return ["```python", code, "```"]


def items(title: str, members: Sequence[griffe.Object | griffe.Alias]) -> list[str]:
    """Return a list of names and what they are under its title; nothing if it is empty."""
    return titled(title, [(member.name, member.docstring.value if member.docstring else "") for member in members])


def titled(title: str, named: Sequence[tuple[str, str]]) -> list[str]:
    """Return a list under its title; nothing if it is empty."""
    lines = [f"- `{name}`" + (f": {linked(' '.join(text.split()))}" if text else "") for name, text in named]
    return ["", f"{title}:", "", *lines] if lines else []


def prose(thing: griffe.Object | griffe.Alias) -> list[str]:
    """Return what a docstring says before its sections."""
    parsed = thing.docstring.parsed if thing.docstring else []
    return linked("\n\n".join(each.value for each in parsed if each.kind.value == "text")).splitlines()


def sections(thing: griffe.Object | griffe.Alias) -> list[str]:
    """Return the sections of a docstring, as lists."""
    lines: list[str] = []
    for section in thing.docstring.parsed if thing.docstring else []:
        match section.kind.value:
            case "parameters":
                lines += titled("Arguments", [(each.name, each.description) for each in section.value])
            case "raises":
                lines += titled("Raises", [(str(each.annotation), each.description) for each in section.value])
            case "returns":
                said = linked(" ".join(" ".join(each.description for each in section.value).split()))
                lines += ["", f"Returns {said[0].lower()}{said[1:]}"]
    return lines


def linked(text: str) -> str:
    """Return text with its addresses as links."""
    return re.sub(r"https://\S+[\w/]", r"<\g<0>>", text)


if __name__ == "__main__":
    sys.stdout.write(reference())
