"""The syntax of policies: what AWS refuses a document for, whatever it says.

Service control policies, resource control policies, the organization's resource policy and the inline policies of
permission sets are in IAM's language; every other type of Organizations' policies has its own key at the top and
operators that say how it is inherited. Only what AWS says that it refuses, or was seen to refuse, is refused.

Sources:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
https://docs.aws.amazon.com/organizations/latest/userguide/policy-operators.html
What IAM answers to documents, one by one: https://github.com/getmoto/moto/blob/master/tests/test_iam/test_iam_policies.py
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final, TypeAlias

from org_constructs.refusal import Refusal
from org_constructs.refusal.nearest import nearest

from .policy_types import POLICY_TYPES, RESOURCE_CONTROL_SERVICES, RESOURCE_CONTROL_SERVICES_DATE

INLINE_POLICY: Final = "INLINE_POLICY"
"""The policy of a permission set's own, which becomes one of roles in the accounts."""
RESOURCE_POLICY: Final = "RESOURCE_POLICY"
"""The organization's own, which delegates its administration."""
SERVICE_CONTROL_POLICY: Final = "SERVICE_CONTROL_POLICY"
RESOURCE_CONTROL_POLICY: Final = "RESOURCE_CONTROL_POLICY"

_Json: TypeAlias = Any

_NAMES: Final = {
    INLINE_POLICY: "an inline policy",
    RESOURCE_POLICY: "a resource policy",
    SERVICE_CONTROL_POLICY: "a service control policy",
    RESOURCE_CONTROL_POLICY: "a resource control policy",
}
_ELEMENTS: Final = ("Version", "Id", "Statement")
_STATEMENT_ELEMENTS: Final = (
    *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"),
)
_VERSIONS: Final = ("2012-10-17", "2008-10-17")
_PRINCIPALS: Final = ("AWS", "CanonicalUser", "Federated", "Service")
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
_OPERATORS: Final = (
    *("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
    *("StringLike", "StringNotLike", "Bool", "BinaryEquals", "IpAddress", "NotIpAddress"),
    *("ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike", "Null"),
    *(
        f"{kind}{comparison}"
        for kind in ("Numeric", "Date")
        for comparison in ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
    ),
)
# In any case of letters, since AWS's own samples have `Stringlike`. All may end with `IfExists`, AWS says, but Null.
_OPERATOR: Final = re.compile(
    rf"(forallvalues:|foranyvalue:)?(?!nullif)({'|'.join(_OPERATORS).lower()})(ifexists)?", re.ASCII
)
_INHERITANCE_OPERATORS: Final = ("@@assign", "@@append", "@@remove", "@@operators_allowed_for_child_policies")
_CHILD_CONTROLS: Final = ("@@all", "@@none", "@@assign", "@@append", "@@remove")
_SERVICE: Final = re.compile(r"\*|[a-zA-Z0-9.-]+", re.ASCII)
_ARN: Final = re.compile(r"arn:(\*|aws(-[a-z]+)*):[^:]+(:.*)?", re.ASCII | re.DOTALL)
_COLONS_OF_ARN: Final = 5  # IAM takes an ARN without the parts at its end only where no part before them is empty
# Seconds since 1970, or ISO 8601, of which IAM takes any beginning.
_DATE: Final = re.compile(r"-?\d+(-\d{1,2}){0,2}(T[\d:.]*(Z|[+-]\d{2}(:?\d{2})?)?)?", re.ASCII | re.IGNORECASE)


def read_policy(argument: str, text: str) -> _Json:
    """Return the JSON of a policy that is given as text.

    Raises:
        Refusal: It is no JSON, or a mapping in it has a key twice.
    """

    def unique(pairs: list[tuple[str, _Json]]) -> dict[str, _Json]:
        mapping = dict(pairs)
        if len(mapping) < len(pairs):
            raise Refusal(
                "policy-key-twice",
                f"{argument} must not repeat a key in a mapping, got one of {list(mapping)} twice",
                "remove one of the two",
            )
        return mapping

    try:
        return json.loads(text, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        raise Refusal("policy-not-json", f"{argument} must be JSON, got {text!r:.80}: {error}") from None


def check_policy_syntax(
    argument: str, document: _Json, kind: str, *, is_unknown: Callable[[_Json], bool] = lambda _: False
) -> None:
    """Refuse a document that AWS does not take as a policy of the kind.

    Args:
        argument: What the document is called; errors begin with it, and the place in it.
        document: The policy, as JSON values.
        kind: `INLINE_POLICY`, `RESOURCE_POLICY` or a type of Organizations' policies.
        is_unknown: Whether a value is known to the deploy alone; it is then passed.

    Raises:
        Refusal: One sentence: the place, the rule, what is there, the fix.
    """
    _Reading(kind, is_unknown).read(argument, document)


class _Reading:
    """How documents of a kind are read."""

    def __init__(self, kind: str, is_unknown: Callable[[_Json], bool]) -> None:
        self._kind = kind
        self._key = POLICY_TYPES[kind].key if kind in POLICY_TYPES else None
        self._name = _NAMES.get(kind, f"a {kind}")
        self._is_unknown = is_unknown

    def read(self, where: str, document: _Json) -> None:
        if self._is_unknown(document):
            return
        _check_mapping(where, document)
        languages = {"Statement": "IAM's language"} | {
            facts.key: f"the content of a {kind}" for kind, facts in POLICY_TYPES.items() if facts.key is not None
        }
        for key, language in languages.items():
            if key in document and key != (self._key or "Statement"):
                raise Refusal(
                    "policy-of-another-type",
                    f"{where} must be {self._name}, got {key!r}, {language}",
                    "change the content or the type",
                )
        if self._key is None:
            self._read_document(where, document)
        else:
            self._check_keys(where, document, (self._key,))
            self._read_inherited(where, document)

    def _read_document(self, where: str, document: Mapping[str, _Json]) -> None:
        self._check_keys(where, document, _ELEMENTS)
        self._check_version(f"{where}['Version']", document)
        if not (isinstance(document.get("Id", ""), str) or self._is_unknown(document["Id"])):
            raise Refusal(
                "policy-id-not-text", f"{where}['Id'] must be text, got {document['Id']!r:.80}", "put it in quotes"
            )
        if "Statement" not in document:
            raise Refusal("policy-without-statement", f"{where} must have a Statement, got none", "add it")
        here, statements = f"{where}['Statement']", document["Statement"]
        if statements == []:
            raise Refusal(
                "policy-without-statement",
                f"{here} must have a statement, got an empty list",
                f"add one, or leave {self._name} out",
            )
        sids: dict[str, str] = {}
        for place, statement in self._known(here, statements):
            self._read_statement(place, statement)
            sid = statement.get("Sid")
            if sid and not self._is_unknown(sid) and sids.setdefault(sid, place) != place:
                raise Refusal(
                    "policy-sid-twice",
                    f"{place}['Sid'] must be unique, got {sid!r}, as {sids[sid]} has",
                    "rename one of the two",
                )

    def _check_version(self, where: str, document: Mapping[str, _Json]) -> None:
        # The pages on both control policies say that every one must include this version.
        needed = self._kind in {SERVICE_CONTROL_POLICY, RESOURCE_CONTROL_POLICY}
        versions = _VERSIONS[:1] if needed else _VERSIONS
        version = document.get("Version")
        if self._is_unknown(version) or version in versions or not (needed or "Version" in document):
            return
        got = f"{version!r:.80}" if "Version" in document else "none"
        raise Refusal(
            "policy-version",
            f"{where} must be {' or '.join(map(repr, versions))}, got {got}",
            "it is the version of the policy language, not of the policy",
        )

    def _read_statement(self, where: str, statement: _Json) -> None:
        _check_mapping(where, statement)
        self._check_keys(where, statement, _STATEMENT_ELEMENTS)
        self._check_effect(f"{where}['Effect']", statement.get("Effect"))
        self._check_sid(f"{where}['Sid']", statement.get("Sid", ""))
        self._check_principal(where, statement)
        for name, check in ("Action", self._check_action), ("Resource", self._check_resource):
            given = _one_of(where, statement, name)
            for place, text in self._texts(f"{where}[{given!r}]", statement[given]):
                check(place, text)
        if self._kind == RESOURCE_CONTROL_POLICY and "NotAction" in statement:
            raise Refusal(
                "policy-not-action",
                f"{where} must have no NotAction in a resource control policy, got one",
                "list the actions in Action",
            )
        self._read_condition(f"{where}['Condition']", statement.get("Condition", {}))

    def _check_effect(self, where: str, effect: _Json) -> None:
        # Only AWS's own policy allows, its page on resource control policies says.
        effects = ("Deny",) if self._kind == RESOURCE_CONTROL_POLICY else ("Allow", "Deny")
        if effect not in effects and not self._is_unknown(effect):
            got = "none" if effect is None else f"{effect!r:.80}"
            meant = str(effect).capitalize()
            fix = f"write {meant!r}" if meant in effects else f"write {' or '.join(map(repr, effects))}"
            raise Refusal(
                "policy-effect", f"{where} must be {' or '.join(map(repr, effects))} in {self._name}, got {got}", fix
            )

    def _check_sid(self, where: str, sid: _Json) -> None:
        # The expression is in IAM's answer, https://github.com/Wolox/carthage_cache/issues/22, and the same holds for
        # control policies, https://github.com/awsdocs/iam-user-guide/issues/282. Resource policies differ in it.
        pattern = r"(?s).*" if self._kind == RESOURCE_POLICY else "[0-9A-Za-z]*"
        if not self._is_unknown(sid) and not (isinstance(sid, str) and re.fullmatch(pattern, sid)):
            raise Refusal(
                "policy-sid-form",
                f"{where} must be letters and digits, got {sid!r:.80}",
                "remove every other character",
            )

    def _check_principal(self, where: str, statement: Mapping[str, _Json]) -> None:
        given = [name for name in ("Principal", "NotPrincipal") if name in statement]
        if self._kind in {INLINE_POLICY, SERVICE_CONTROL_POLICY}:
            if given:
                fix = "remove it, and use a Condition on aws:PrincipalArn"
                raise Refusal(
                    "policy-principal-present", f"{where} must have no {given[0]} in {self._name}, got one", fix
                )
            return
        name = _one_of(where, statement, "Principal")
        here, principal = f"{where}[{name!r}]", statement[name]
        if self._kind == RESOURCE_CONTROL_POLICY:
            if name != "Principal" or not (principal == "*" or self._is_unknown(principal)):
                fix = "use a Condition on aws:PrincipalArn"
                raise Refusal(
                    "policy-principal-not-all",
                    f"{where}['Principal'] must be '*' in {self._name}, got {name} {principal!r:.80}",
                    fix,
                )
        elif principal != "*" and not self._is_unknown(principal):
            _check_mapping(here, principal)
            self._check_keys(here, principal, _PRINCIPALS)
            for kind, ids in principal.items():
                list(self._texts(f"{here}[{kind!r}]", ids))

    def _check_action(self, where: str, action: str) -> None:
        service, colon, name = action.partition(":")
        if action == "*" and self._kind != RESOURCE_CONTROL_POLICY:
            return
        if self._kind == RESOURCE_CONTROL_POLICY and service.lower() not in RESOURCE_CONTROL_SERVICES:
            near = nearest(service, RESOURCE_CONTROL_SERVICES)
            rule = f"belong to a service that supported resource control policies on {RESOURCE_CONTROL_SERVICES_DATE}"
            raise Refusal(
                "policy-service",
                f"{where} must {rule}, got {action!r}",
                f"did you mean {near!r}?" if near else "such as 's3:*' or 'sts:*'",
            )
        if not colon:
            raise Refusal(
                "policy-action-form",
                f"{where} must be '*', or a service and an action, got {action!r}",
                "write it as in 's3:GetObject'",
            )
        if ":" in name:
            raise Refusal(
                "policy-action-form",
                f"{where} must have one colon, after the service, got {action!r}",
                "remove the other colons",
            )
        if not _SERVICE.fullmatch(service):
            raise Refusal(
                "policy-action-form",
                f"{where} must begin with the prefix of a service, got {action!r}",
                "write it as in 's3:GetObject'",
            )

    def _check_resource(self, where: str, resource: str) -> None:
        part_missing = "::" in resource and resource.count(":") < _COLONS_OF_ARN
        if resource != "*" and (part_missing or not _ARN.fullmatch(resource)):
            fix = "write all six parts, as in 'arn:aws:s3:::bucket/*'"
            raise Refusal("policy-resource-form", f"{where} must be '*' or an ARN, got {resource!r:.80}", fix)

    def _read_condition(self, where: str, condition: _Json) -> None:
        if self._is_unknown(condition):
            return
        _check_mapping(where, condition)
        for operator, keys in condition.items():
            here = f"{where}[{operator!r}]"
            if self._is_unknown(operator) or self._is_unknown(keys):
                continue
            _check_mapping(here, keys)
            # IAM takes any word as an operator that compares nothing.
            if keys and not _OPERATOR.fullmatch(operator.lower()):
                raise Refusal(
                    "policy-operator-unknown",
                    f"{where} must have IAM's operators, got {operator!r}",
                    _meant(operator, _OPERATORS),
                )
            for key, values in keys.items():
                for place, value in self._known(f"{here}[{key!r}]", values):
                    _check_value(place, value, is_date="date" in operator.lower())

    def _read_inherited(self, where: str, content: Mapping[str, _Json]) -> None:
        """Read a content of a type with operators: what is no mapping is set by one."""
        for key, value in content.items():
            here = f"{where}[{key!r}]"
            if self._is_unknown(key) or self._is_unknown(value):
                continue
            if key.startswith("@@"):
                self._check_keys(where, {key: value}, _INHERITANCE_OPERATORS)
                for place, each in self._known(here, value):
                    if isinstance(each, Mapping):
                        raise Refusal(
                            "policy-operator-value",
                            f"{place} must be a value, or a list of them, got {each!r:.80}",
                            f"put {key} inside of it",
                        )
                    if key == _INHERITANCE_OPERATORS[-1] and each not in _CHILD_CONTROLS:
                        raise Refusal(
                            "policy-child-operators",
                            f"{place} must name operators, got {each!r:.80}",
                            f"available: {', '.join(_CHILD_CONTROLS)}",
                        )
            elif isinstance(value, Mapping):
                self._read_inherited(here, value)
            else:
                raise Refusal(
                    "policy-operator-missing",
                    f"{here} must be set with an operator, got {value!r:.80}",
                    "write {'@@assign': …}",
                )

    def _texts(self, where: str, value: _Json) -> Iterator[tuple[str, str]]:
        """Yield the texts of a list, which must have one, or a text alone, with their places."""
        if value == []:
            raise Refusal("policy-list-empty", f"{where} must have an item, got an empty list", "add one")
        for place, text in self._known(where, value):
            if not isinstance(text, str):
                raise Refusal(
                    "policy-value-not-text", f"{place} must be text, got {text!r:.80}", "write one, or a list of them"
                )
            yield place, text

    def _known(self, where: str, value: _Json) -> Iterator[tuple[str, _Json]]:
        """Yield what is known of the items of a list, or of a value alone, with their places."""
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from self._known_alone(f"{where}[{index}]", item)
        else:
            yield from self._known_alone(where, value)

    def _known_alone(self, where: str, value: _Json) -> Iterator[tuple[str, _Json]]:
        if not self._is_unknown(value):
            yield where, value

    def _check_keys(self, where: str, value: Mapping[str, _Json], keys: Collection[str]) -> None:
        for key in value:
            if key not in keys and not self._is_unknown(key):
                raise Refusal(
                    "policy-element-unknown",
                    f"{where} must have no element but {', '.join(keys)}, got {key!r:.80}",
                    _meant(key, keys),
                )


def _check_mapping(where: str, value: _Json) -> None:
    if not isinstance(value, Mapping):
        raise Refusal("policy-not-a-mapping", f"{where} must be a mapping, got {value!r:.80}", "write it in braces")


def _check_value(where: str, value: _Json, *, is_date: bool) -> None:
    if not isinstance(value, str | bool | int | float):
        raise Refusal(
            "policy-condition-value",
            f"{where} must be text, a number or a boolean, got {value!r:.80}",
            "write one, or a list of them",
        )
    if is_date and "${" not in str(value) and not _DATE.fullmatch(str(value)):
        raise Refusal(
            "policy-date", f"{where} must be a date, got {value!r:.80}", "write it as in '2026-11-26T00:00:00Z'"
        )


def _one_of(where: str, statement: Mapping[str, _Json], name: str) -> str:
    """Return which of an element and its opposite the statement has."""
    given = [each for each in (name, f"Not{name}") if each in statement]
    if len(given) != 1:
        got, fix = ("both", "remove one") if given else ("neither", "add one")
        raise Refusal("policy-element-not-one", f"{where} must have one of {name} and Not{name}, got {got}", fix)
    return given[0]


def _meant(word: str, words: Collection[str]) -> str:
    near = nearest(word.rpartition(":")[2], words)
    return f"did you mean {near!r}?" if near else "remove it"
