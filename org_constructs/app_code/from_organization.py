"""The files of an app that describes what AWS has: app.py, its long lists, and the contents of policies."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields, replace
from importlib.resources import files
from itertools import chain, count
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from org_constructs.baseline.plan.defaults import DEFAULT_ASSIGNMENTS, DEFAULT_GROUPS, DEFAULT_PERMISSION_SETS

from .keys import slug
from .new_app import files_beside
from .organization import arguments_of
from .source import Call, Code, Comment, Lines, Name, Noted, call_of, imported

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from org_constructs.templates.description import Description

    from .arguments import Arguments, Told
    from .tools.file import ToolFile

_README: Final = files(__package__) / "from_live.md"

_LONG: Final = 20
"""Lines, beyond which a list has a file of its own."""


class _File(NamedTuple):
    """The file of a list that is long."""

    module: str
    says: str
    """What it says of itself."""


_FILES: Final = {
    "users": _File("people", "The people, and their groups."),
    "organizational_units": _File("units", "The organizational units."),
    "accounts": _File(
        "accounts", "The accounts. A key and an e-mail are for good: changing one later opens another account."
    ),
    "groups": _File("groups", "The groups."),
    "permission_sets": _File("permission_sets", "The permission sets: what people may do in an account."),
    "assignments": _File("assignments", "Who may do what where."),
    "policies": _File("policies", "The policies, and what they are attached to."),
    "alternate_contacts": _File("contacts", "Whom AWS writes to beside the root user's address."),
}
"""The lists of `OrgBaseline`, in the order in which app.py has them."""

_ABOVE: Final = ("env", "company", "email", "organization", "identity_center")
"""The arguments before them."""

_DEFAULTS: Final[Mapping[str, Sequence[Any]]] = {
    "groups": DEFAULT_GROUPS,
    "permission_sets": DEFAULT_PERMISSION_SETS,
    "assignments": DEFAULT_ASSIGNMENTS,
}

_BESIDE: Final = ("trusted_access", "root_access", "delegated_administrators", "budgets")
"""What stands behind them, in this order, and is written as it is."""

_DOCUMENTS: Final = {"content": "policies", "inline_policy": "permission_sets"}
"""The arguments that are policies, and the folders of their files."""

_DOCUMENTS_CODE: Final = '''"""The contents of policies, in files beside."""

import json
from pathlib import Path
from typing import Any


def document(file: str) -> dict[str, Any]:
    """Return what a file says."""
    content: dict[str, Any] = json.loads((Path(__file__).parent / file).read_text(encoding="utf-8"))
    return content
'''


@dataclass(frozen=True, kw_only=True)
class AppCode:
    """An app as files."""

    files: Mapping[str, str]
    """The texts of the files, by their paths in the app's folder."""

    notes: Sequence[str]
    """What the app cannot say or leaves alone, in sentences; each stands as a comment in the code, too."""

    counts: Mapping[str, int]
    """How many accounts, people and the like the app has, by the arguments that they are."""

    folder: str
    """The name of a folder that is called like the company."""


def app_from(description: Description) -> AppCode:
    """Return the app that describes what AWS has, so that adopting it creates nothing and changes nothing.

    Args:
        description: What AWS has, with its details.

    Raises:
        Refusal: As `arguments_of`.
    """
    arguments = arguments_of(description)
    date = description.live.read_at[:10] if description.live else ""
    words = {
        "SOURCE": f"what AWS had on {date}",
        "LEFT": "What AWS has and the app leaves alone",
        "FOUND": "everything exists and is adopted, and nothing is created",
    }
    return _App(arguments, f"AWS had it on {date}", words).code()


def app_from_tool(file: ToolFile) -> AppCode:
    """Return the app that describes what a file of another tool does.

    Raises:
        Refusal: As `arguments_of`.
    """
    words = {
        "SOURCE": f"`{file.name}`, a file of {file.tool}",
        "LEFT": "What the file has and the app cannot say",
        "FOUND": "what exists is adopted, and what is to be created is in the file alone",
    }
    return _App(arguments_of(file.description, file), f"{file.name} of {file.tool} has it", words).code()


class _App:
    """Writes the files."""

    def __init__(self, arguments: Arguments, said: str, words: Mapping[str, str]) -> None:
        self._arguments = arguments
        self._said = said
        self._words = {"COMPANY": arguments.company, **words}
        self._files: dict[str, str] = {}

    def code(self) -> AppCode:
        """Return everything."""
        arguments, code = self._arguments, Code()
        defined = code.statement(Call("OrgBaseline", (Name("app"), "OrgBaseline"), self._keywords(), one_a_line=True))
        said = f"The organization of {arguments.company}, as {self._said}."
        app = f"app = cdk.App()\n\n{defined}\napp.synth()\n"
        self._files["app.py"] = _module(said, app, {*code.names, "cdk"} - {"app"})
        counts = {name: len(getattr(arguments, name)) for name in _FILES}
        counts["organizational_units"] = sum(map(_number_of_units, arguments.organizational_units))
        words = self._words
        readme = re.sub("|".join(words), lambda found: words[found[0]], _README.read_text(encoding="utf-8"))
        self._files |= {**files_beside(), "README.md": readme}
        return AppCode(
            files=dict(sorted(self._files.items())),
            notes=arguments.notes.summary,
            counts=counts,
            folder=slug(arguments.company) or "organization",
        )

    def _keywords(self) -> dict[str, Any]:
        """Return the arguments of `OrgBaseline` in the order in which people read them, without the defaults."""
        arguments = self._arguments
        keywords: dict[str, Any] = {
            "env": Call("cdk.Environment", keywords={"account": arguments.account_id, "region": arguments.region}),
            "company": arguments.company,
            "email": arguments.email,
        }
        if arguments.organization:
            keywords["organization"] = Call("Organization.from_attributes", keywords=arguments.organization)
        if arguments.identity_center:
            keywords["identity_center"] = Call("IdentityCenter", keywords=arguments.identity_center)
        keywords |= {name: self._list(name) for name in _FILES if self._is_said(name)}
        if arguments.enabled_policy_types:
            keywords["enabled_policy_types"] = list(arguments.enabled_policy_types)
        elif arguments.policies and not arguments.organization:
            keywords["enabled_policy_types"] = []
        if props := arguments.resource_policy:
            call, content = call_of(props), self._document("policies", "resource-policy", props.content)
            keywords["resource_policy"] = replace(call, keywords={**call.keywords, "content": content})
        keywords |= {name: value for name in _BESIDE if (value := getattr(arguments, name))}
        for name, texts in arguments.notes.comments.items():
            if name in keywords and name not in _FILES:
                keywords[name] = Noted(keywords[name], before=texts)
        # What is said of an argument that is left out stands before the next one there is.
        return _with_orphans(keywords, arguments.notes.comments)

    def _is_said(self, name: str) -> bool:
        """Tell whether a list is not what `OrgBaseline` makes where nothing is said."""
        arguments = self._arguments
        props = [_untupled(each.props) for each in getattr(arguments, name)]
        if name in {"groups", "permission_sets", "assignments"} and arguments.identity_center:
            return props != list(map(_untupled, _DEFAULTS[name]))
        return bool(props) or name == "accounts"

    def _list(self, name: str) -> Any:  # noqa: ANN401 (what the source writes)
        """Return a list, or the name of one in a file of its own."""
        written = [self._written(each) for each in getattr(self._arguments, name) if each.is_alone]
        listed = Lines([*(Comment(each) for each in self._arguments.notes.comments.get(name, ())), *written])
        code = Code()
        constant = _FILES[name].module.upper()
        text = code.assignment(constant, listed)
        if text.count("\n") <= _LONG:
            return listed
        self._files[f"{_FILES[name].module}.py"] = _module(_FILES[name].says, text, code.names)
        return Name(constant)

    def _written(self, told: Told) -> Any:  # noqa: ANN401 (what the source writes)
        if told.code:
            return Noted(told.code, told.before, told.behind)
        call = call_of(told.props)
        keywords = dict(call.keywords)
        for argument, folder in _DOCUMENTS.items():
            if argument in keywords:
                keywords[argument] = self._document(folder, told.props.name, keywords[argument])
        if told.inside:
            keywords["organizational_units"] = Lines([*map(self._written, told.inside)])
        return Noted(replace(call, keywords=keywords), told.before, told.behind)

    def _document(self, folder: str, name: str, content: Any) -> Call:  # noqa: ANN401 (JSON)
        """Write the content of a policy beside the app, and return what reads it."""
        self._files["documents.py"] = _DOCUMENTS_CODE
        base = slug(name) or "policy"
        bases = chain([base], (f"{base}-{number}" for number in count(2)))
        files = (f"{folder}/{each}.json" for each in bases)
        file = next(each for each in files if each not in self._files)
        self._files[file] = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        return Call("document", (file,))


def _with_orphans(keywords: Mapping[str, Any], comments: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return the arguments with what is said of those that are left out, before the one that comes next."""
    order = [
        *_ABOVE,
        *_FILES,
        "enabled_policy_types",
        "resource_policy",
        *_BESIDE,
    ]
    said: dict[str, Any] = {}
    waiting: list[str] = []
    for name in order:
        if name in keywords:
            said[name] = Noted(keywords[name], before=waiting) if waiting else keywords[name]
            waiting = []
        else:
            waiting += comments.get(name, ())
    if waiting:
        last = next(reversed(said))
        said[last] = Noted(said[last], before=waiting)
    return said


def _untupled(props: Any) -> Any:  # noqa: ANN401 (a dataclass)
    """Return props with lists as tuples, to be compared."""
    lists = {each.name: tuple(value) for each in fields(props) if isinstance(value := getattr(props, each.name), list)}
    return replace(props, **lists)


def _number_of_units(unit: Told) -> int:
    return 1 + sum(map(_number_of_units, unit.inside))


def _module(says: str, body: str, names: set[str]) -> str:
    """Return a module: what it says of itself, what it imports, and the code."""
    local = {file.module.upper(): file.module for file in _FILES.values()} | {"document": "documents"}
    others = ["import aws_cdk as cdk\n"] if "cdk" in names else []
    if ours := names - {"cdk"} - local.keys():
        others.append(imported("org_constructs", ours))
    beside = [imported(local[name], [name]) for name in sorted(names & local.keys(), key=lambda name: local[name])]
    blocks = ["".join(others), "".join(beside)]
    docstring = says.replace("\\", "\\\\").replace('"', '\\"')
    return "\n".join([f'"""{docstring}"""\n', *filter(None, blocks), body])
