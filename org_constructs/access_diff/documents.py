"""Whether one policy document allows more than another, as far as their statements can tell."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from org_constructs.templates.iam import read_statement
from org_constructs.templates.values import as_json, from_json

Statement = dict[str, Any]


def statements(document: Any) -> list[Statement]:  # noqa: ANN401 (JSON)
    """Return the statements of a document, which is a mapping or JSON as text.

    What cannot be read as statements, since the deploy alone knows it, is one statement of neither effect.
    """
    try:
        document = from_json(document)
    except ValueError:
        return [{"Unknown": document}]
    if not document:
        return []
    found = document.get("Statement") if isinstance(document, dict) else None
    each_of = found if isinstance(found, list) else [document if found is None else found]
    return [each if isinstance(each, dict) else {"Unknown": each} for each in each_of]


def gained(old: Any, new: Any) -> list[Statement]:  # noqa: ANN401 (JSON)
    """Return the statements of a new document that an old one does not have; a statement's id says nothing."""
    before = {_canonical(each) for each in statements(old)}
    return [each for each in statements(new) if _canonical(each) not in before]


def same(old: Any, new: Any) -> bool:  # noqa: ANN401 (JSON)
    """Tell whether two documents say the same, in whatever order; a statement's id says nothing."""
    return not (gained(old, new) or gained(new, old))


def allows_no_more(old: Collection[Statement], new: Collection[Statement]) -> bool:
    """Tell whether the new statements surely allow nothing that the old ones did not.

    So it is if each new one that allows is within an old one, and each old one that denies is within a new one. Where a
    change can be read either way, as with another condition, the answer is no.
    """
    return all(_is_within(each, old) for each in new if each.get("Effect") != "Deny") and denies_all_of(new, old)


def denies_all_of(those_in_force: Collection[Statement], others: Collection[Statement]) -> bool:
    """Tell whether all that the others deny is surely denied by those in force."""
    return all(_is_within(each, those_in_force) for each in others if each.get("Effect") != "Allow")


def may_allow(some: Collection[Statement]) -> bool:
    """Tell whether there is a statement that allows, or may."""
    return any(each.get("Effect") != "Deny" for each in some)


def _is_within(statement: Statement, others: Collection[Statement]) -> bool:
    canonical, read = _canonical(statement), read_statement(statement)
    return any(
        _canonical(other) == canonical
        or (
            statement.get("Effect") == other.get("Effect")
            and statement.get("Effect") in {"Allow", "Deny"}
            and read_statement(other).covers(read)
        )
        for other in others
    )


def _canonical(statement: Statement) -> str:
    return as_json({name: _ordered(value) for name, value in statement.items() if name != "Sid"}, sort_keys=True)


def _ordered(value: Any) -> Any:  # noqa: ANN401 (JSON)
    """Return a value of a statement with texts in one order, and one of them alone as itself: to IAM it is the same."""
    if isinstance(value, dict):
        return {name: _ordered(item) for name, item in value.items()}
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return value[0] if len(value) == 1 else sorted(value)
    return value
