"""What stands, in what conditions compare, for what templates make."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from org_constructs.aws.examples import EXAMPLE_INSTANCE
from org_constructs.templates.policies import STAND_INS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from org_constructs.templates.resources import Templates

_STAND_INS: Final[Mapping[tuple[object, str], str]] = {
    **STAND_INS,
    ("AWS::IAM::Role", ""): "role-name",
    ("AWS::IdentityStore::Group", "GroupId"): "11112222-3333-4444-5555-666677778888",
    ("AWS::SSO::PermissionSet", "PermissionSetArn"): (
        f"{EXAMPLE_INSTANCE.replace(':instance', ':permissionSet')}/ps-1111222233334444"
    ),
}

_IN_BRACES: Final = re.compile(r"\$\{([^}]*)\}")
_OF_IAM: Final = frozenset("*?$")
"""Names that IAM has for characters; those of its variables, and of CloudFormation's own, have a colon.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""


class Examples(NamedTuple):
    """What `${...}` in a value may come to."""

    known: Mapping[str, str]
    """Examples of what references come to."""

    made: frozenset[str]
    """The logical ids of whatever templates make."""

    def fill(self, value: str) -> str:
        """Return a value with examples in it; `${...}` stays where it may be anything.

        What neither IAM nor a template puts there is a placeholder that nobody has replaced, and as good as `<...>`.
        """
        return _IN_BRACES.sub(lambda each: self._example(each[0], each[1]), value) if "${" in value else value

    def _example(self, written: str, name: str) -> str:
        if name in self.known:
            return self.known[name]
        may_be_anything = ":" in name or name in _OF_IAM or name.partition(".")[0] in self.made
        return written if may_be_anything else f"<{name}>"


def examples(templates: Templates) -> Examples:
    """Return what references to what templates make may come to; for `Templates.once`.

    Not where several of different types have the name.
    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    for (kind, attribute), example in _STAND_INS.items():
        for resource in templates.of_type(str(kind)):
            found[f"{resource.logical_id}.{attribute}" if attribute else resource.logical_id].add(example)
    made = frozenset[str]().union(*(templates.values.resources(each.stack) for each in templates.all))
    return Examples({name: next(iter(each)) for name, each in found.items() if len(each) == 1}, made)
