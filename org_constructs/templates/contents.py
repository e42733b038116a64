"""What permission sets and policies say, in the words of AWS, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from org_constructs.aws.managed_policies import IN_WORDS, name_of, path_and_name

from .iam import EVERYTHING, statements
from .values import as_json, document, items_of, written
from .words import in_a_line, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .description import Description

_ITEMS_SHOWN: Final = 8
_UNKNOWN: Final = "something that is known only during the deploy"


def says_permission_set(properties: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a permission set allows and denies, from its properties."""
    return tuple(visible(line) for line in _permission_set_lines(properties)) or ("allows nothing",)


def says_only_named(description: Description) -> str:
    """Return what is to be said of a permission set that is only named."""
    if description.live is None:
        return "exists already; no template says what it allows"
    return "nobody could look at what it allows"


def says_content(content: Any) -> tuple[str, ...]:  # noqa: ANN401 (JSON)
    """Return the statements of a policy; none if it has none."""
    return tuple(map(says_statement, statements(content)))


def says_statement(statement: Mapping[str, Any]) -> str:
    """Return what a statement says; its id says nothing."""
    return visible(_statement(statement))


def pretty_json(content: Any) -> str:  # noqa: ANN401 (JSON)
    """Return a document as people read it, with nothing in it that cannot be seen."""
    text = as_json(document(content), indent=2, ensure_ascii=False)
    return "\n".join(visible(line) for line in text.split("\n"))


def policy_type_in_words(policy_type: str) -> str:
    """Return a policy's type as AWS's documentation writes it."""
    special = {
        "AISERVICES_OPT_OUT_POLICY": "AI services opt-out policy",
        "BEDROCK_POLICY": "Amazon Bedrock policy",
        "CHATBOT_POLICY": "chat applications policy",
        "DECLARATIVE_POLICY_EC2": "declarative policy for EC2",
        "GUARDDUTY_POLICY": "Amazon GuardDuty policy",
        "INSPECTOR_POLICY": "Amazon Inspector policy",
        "S3_POLICY": "Amazon S3 policy",
        "SECURITYHUB_POLICY": "Security Hub policy",
    }
    return special.get(policy_type, policy_type.replace("_", " ").lower())


def customer_managed_policy_name(reference: Any) -> str:  # noqa: ANN401 (JSON)
    """Return the path and name in a reference to a policy of each account, or what stands for it until the deploy."""
    if not isinstance(reference, dict) or "Name" not in reference:
        return written(reference)
    return f"{written(reference.get('Path', '/'))}{written(reference['Name'])}"


def permissions_boundary(properties: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return what kind of policy the boundary of a permission set is, and its name; None where there is none."""
    match properties.get("PermissionsBoundary") or {}:
        case {"CustomerManagedPolicyReference": reference}:
            return "account's customer managed policy", customer_managed_policy_name(reference)
        case {"ManagedPolicyArn": arn}:
            return "AWS managed policy", path_and_name(written(arn))
        case dict():
            return None
        case unknown:
            return "policy", written(unknown)


def _permission_set_lines(properties: Mapping[str, Any]) -> Iterator[str]:
    for arn in map(written, items_of(properties.get("ManagedPolicies"))):
        words = IN_WORDS.get(name_of(arn) or "")
        yield f"AWS managed policy {path_and_name(arn)}{f' ({words})' if words else ''}"
    for reference in items_of(properties.get("CustomerManagedPolicyReferences")):
        yield f"the account's customer managed policy {customer_managed_policy_name(reference)}"
    found = statements(properties.get("InlinePolicy"))
    if properties.get("InlinePolicy") and not found:
        yield _UNKNOWN
    for statement in found:
        yield _statement(statement)
    if boundary := permissions_boundary(properties):
        yield f"and at most what the {' '.join(boundary)} allows"


def _statement(statement: Mapping[str, Any]) -> str:
    if "Effect" not in statement:
        return _UNKNOWN
    what = _items(statement, "Action", "NotAction")
    where = _items(statement, "Resource", "NotResource")
    on = "" if where == "everything" else f" on {where}"
    conditions = [
        f"{operator} {key} {_some(value)}"
        for operator, tests in (statement.get("Condition") or {}).items()
        for key, value in (tests.items() if isinstance(tests, dict) else ())
    ]
    when = f", if {' and '.join(conditions)}" if conditions else ""
    return f"{statement['Effect']} {what}{on}{when}"


def _items(statement: Mapping[str, Any], name: str, inverse: str) -> str:
    if inverse in statement:
        return f"everything except {_some(statement[inverse])}"
    # No pattern but this one is every resource: calls that know none have `*` for theirs, which `arn:*` is not.
    everything = _has_everything(statement.get(name)) if name == "Action" else "*" in items_of(statement.get(name))
    return "everything" if everything else _some(statement.get(name))


def _has_everything(patterns: Any) -> bool:  # noqa: ANN401 (JSON)
    return any(EVERYTHING.fullmatch(written(each)) for each in items_of(patterns))


def _some(value: Any) -> str:  # noqa: ANN401 (JSON)
    return in_a_line([written(each) for each in items_of(value)], _ITEMS_SHOWN)
