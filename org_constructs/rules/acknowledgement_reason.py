"""`OrgBaseline-AcknowledgementReason`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from .rule import Finding, Rule

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates

_WORDS: Final = 3
_OTHER_LETTERS: Final = 8
"""Letters of a script that sets no spaces between words, or whose words are none of the below."""

_EMPTY_WORDS: Final = frozenset(
    """
    a accept acceptable accepted acknowledge acknowledged all am an and any applicable are as at be because by cdk
    cdk_nag design do dont false finding findings fine fix fixed fixme for good here i ignore ignored in intended
    intentional is issue it its just known later n na nag need needed no not now of ok okay on once only positive
    reason require required requirement risk rule rules safe see should skip skipped suppress suppressed tbd temp
    temporarily temporary test tests that the there this to todo until us use used violation wanted warning we
    will wip with wontfix xxx
    """.split()  # noqa: SIM905 (a hundred lines otherwise)
)
"""Words that any acknowledgement could have."""


def _find(templates: Templates) -> Iterator[Finding]:
    for acknowledgement in templates.acknowledgements:
        if not _is_substantial(acknowledgement.reason, acknowledgement.id):
            detail = f"The one for {acknowledgement.id} has {acknowledgement.reason!r}."
            yield Finding(acknowledgement.construct, detail=detail)


def _is_substantial(reason: str, rule: str) -> bool:
    words = set(re.findall(r"\w+", reason.lower())) - set(re.findall(r"\w+", rule.lower()))
    said = [word for word in words if word not in _EMPTY_WORDS and not word.isdigit()]
    others = sum(character.isalpha() and not character.isascii() for character in reason)
    return len(said) >= _WORDS or others >= _OTHER_LETTERS


ACKNOWLEDGEMENT_REASON: Final = Rule(
    id="OrgBaseline-AcknowledgementReason",
    sentence="An acknowledgement has no reason that others can judge.",
    explanation=(
        "Whoever reviews it, or finds it in a year, must see why this is right here: `A sandbox that is closed after"
        " the workshop`, not `accepted risk`."
    ),
    source="https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.Validations.html",
    find=_find,
)
