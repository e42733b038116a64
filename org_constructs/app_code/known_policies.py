"""The guardrails of this package that policies consist of, so that the code calls them by their names.

What a policy says is what counts, to the letter: the arguments are read off its statements, and only if the calls then
make these statements and no others, they stand for them.
"""

from __future__ import annotations

import re
from functools import cache
from graphlib import CycleError, TopologicalSorter
from inspect import signature
from typing import TYPE_CHECKING, Any, Final

from org_constructs import guardrails
from org_constructs.refusal import Refusal

from .source import Call, Name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    _Read = Callable[[Mapping[str, Any], Mapping[str, Mapping[str, Any]]], Iterator[tuple[str, Any]]]

_ROLE: Final = "arn:*:iam::*:role/"
_PERMISSION_SET_ROLE: Final = re.compile(r"aws-reserved/sso\.amazonaws\.com\*/AWSReservedSSO_(.+)_\?+")
_EXAMPLES: Final = {"allow_regions": (["us-east-1"],), "keep_data_in_organization": ("o-exampleorg1",)}
"""Arguments of those that need some."""


def calls_of(contents: Sequence[Any]) -> list[Call] | None:
    """Return the calls whose contents, combined, are these; None where there are no such calls."""
    if len(contents) == 1 and (call := _whole().get(repr(contents[0])) or _ec2_defaults(contents[0])):
        return [call]
    in_each = [_statements(content) for content in contents]
    by_sid = {str(each.get("Sid")): each for statements in in_each for each in statements}
    made = {function: _made(function, by_sid) for sid, function in _functions().items() if sid in by_sid}
    maker = {each["Sid"]: function for function, (_, content) in made.items() for each in content["Statement"]}
    # A statement goes to the first policy that has room, so that the order is kept in each policy alone.
    order: TopologicalSorter[str] = TopologicalSorter()
    first: dict[str, int] = {}
    for statements in in_each:
        here = list(dict.fromkeys(maker[each["Sid"]] for each in statements if each.get("Sid") in maker))
        for number, each in enumerate(here):
            order.add(each, *here[max(number - 1, 0) : number])
            first.setdefault(each, len(first))
    try:
        functions = list(_ordered(order, first))
        combined = guardrails.combine(*(made[each][1] for each in functions))
    except (CycleError, Refusal):
        return None
    return [made[each][0] for each in functions] if list(combined) == list(contents) else None


def _ordered(order: TopologicalSorter[str], first: Mapping[str, int]) -> Iterator[str]:
    """Yield what is ordered, and of what may come next what stands first."""
    order.prepare()
    ready: set[str] = set()
    while order.is_active():
        ready.update(order.get_ready())
        chosen = min(ready, key=lambda each: first[each])
        ready.remove(chosen)
        yield chosen
        order.done(chosen)


def _statements(content: Any) -> list[Mapping[str, Any]]:  # noqa: ANN401 (JSON)
    """Return the statements of a policy; where it says something else beside them, one that no guardrail has."""
    if isinstance(content, dict) and content.keys() == {"Version", "Statement"}:
        listed = content["Statement"]
        if isinstance(listed, list) and all(isinstance(each, dict) for each in listed):
            return listed
    return [{}]


def _made(function: str, by_sid: Mapping[str, Mapping[str, Any]]) -> tuple[Call, Any]:
    """Return the call of a guardrail with the arguments that its statements tell of, and what it makes."""
    read: _Read = _ARGUMENTS.get(function, _of_roles)
    arguments = dict(read(by_sid[_sid(function)], by_sid))
    make = _guardrail(function)
    try:
        content = make(**arguments)
    except Refusal:
        content = {"Statement": []}
    positional = [arguments.pop(name) for name in ("regions", "organization_id") if name in arguments]
    keywords = {name: _roles_as_written(value) if name in _ROLES else value for name, value in arguments.items()}
    return Call(f"guardrails.{function}", positional, keywords), content


_ROLES: Final = frozenset({"except_roles", "access_roles"})


def _roles_as_written(roles: Sequence[str]) -> list[Any]:
    def written(role: str) -> Any:  # noqa: ANN401 (what the source writes)
        if role == guardrails.ORGANIZATION_ACCESS_ROLE:
            return Name("guardrails.ORGANIZATION_ACCESS_ROLE")
        found = _PERMISSION_SET_ROLE.fullmatch(role)
        is_of_set = found and role == guardrails.permission_set_role(found[1])
        return Call("guardrails.permission_set_role", (found[1],)) if found and is_of_set else role

    return list(map(written, roles))


@cache
def _functions() -> Mapping[str, str]:
    """Return the names of the guardrails by the first `Sid` of what each makes."""
    return {_sid(name): name for name in guardrails.__all__ if _is_guardrail(name) and _sid(name)}


@cache
def _whole() -> Mapping[str, Call]:
    """Return the calls that make a content without statements, by the content."""
    names = [name for name in guardrails.__all__ if _is_guardrail(name) and not _sid(name)]
    return {repr(_guardrail(name)()): Call(f"guardrails.{name}") for name in names}


def _ec2_defaults(content: Any) -> Call | None:  # noqa: ANN401 (JSON)
    """Return the call that makes the defaults of EC2; None where they are others."""

    def said(path: str) -> Any:  # noqa: ANN401 (JSON)
        found = content
        for name in ("ec2_attributes", *path.split("."), "@@assign"):
            found = found.get(name) if isinstance(found, dict) else None
        return found

    hops = str(said("instance_metadata_defaults.http_put_response_hop_limit"))
    providers = said("allowed_images_settings.image_criteria.criteria_1.allowed_image_providers")
    block = "vpc_block_public_access.internet_gateway_block"
    read = {
        "message": said("exception_message"),
        "hop_limit": int(hops) if hops.isdecimal() else 0,
        "require_imdsv2": said("instance_metadata_defaults.http_tokens_enforced") == "enabled",
        "serial_console": said("serial_console_access.status") == "enabled",
        "vpc_block": said(f"{block}.mode"),
        "vpc_exclusions": said(f"{block}.exclusions_allowed") == "enabled",
        "image_providers": tuple(map(str, providers)) if isinstance(providers, list) else (),
        "only_report_images": said("allowed_images_settings.state") == "audit_mode",
    }
    defaults = signature(guardrails.ec2_defaults).parameters
    arguments: dict[str, Any] = {name: value for name, value in read.items() if value != defaults[name].default}
    try:
        made = guardrails.ec2_defaults(**arguments)
    except Refusal:
        return None
    return Call("guardrails.ec2_defaults", keywords=arguments) if made == content else None


def _guardrail(name: str) -> Callable[..., Any]:
    function: Callable[..., Any] = getattr(guardrails, name)
    return function


def _is_guardrail(name: str) -> bool:
    return name.islower() and name not in {"combine", "policies", "permission_set_role"}


@cache
def _sid(function: str) -> str:
    content = _guardrail(function)(*_EXAMPLES.get(function, ()))
    return str(content["Statement"][0]["Sid"]) if "Statement" in content else ""


def _listed(value: Any) -> list[str]:  # noqa: ANN401 (JSON)
    return [value] if isinstance(value, str) else list(value or ())


def _excepted(statement: Mapping[str, Any]) -> list[str]:
    """Return the roles that a statement leaves out."""
    arns = _listed(statement.get("Condition", {}).get("ArnNotLike", {}).get("aws:PrincipalArn"))
    return [each.removeprefix(_ROLE) for each in arns]


def _of_roles(statement: Mapping[str, Any], _: object) -> Iterator[tuple[str, Any]]:
    if roles := _excepted(statement):
        yield "except_roles", roles


def _of_regions(statement: Mapping[str, Any], _: object) -> Iterator[tuple[str, Any]]:
    yield "regions", _listed(statement.get("Condition", {}).get("StringNotEquals", {}).get("aws:RequestedRegion"))
    if more := [each for each in _listed(statement.get("NotAction")) if each not in guardrails.GLOBAL_ACTIONS]:
        yield "except_actions", more
    yield from _of_roles(statement, _)


def _of_baseline_roles(_: Mapping[str, Any], by_sid: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    access = _listed(by_sid.get("ProtectOrganizationAccess", {}).get("Resource"))
    access_roles = [each.removeprefix(_ROLE) for each in access]
    if access_roles != [guardrails.ORGANIZATION_ACCESS_ROLE]:
        yield "access_roles", access_roles
    bootstrap = by_sid.get("ProtectCdkBootstrap", {})
    qualifier = re.fullmatch(r".*/cdk-(.+)-\*", "".join(_listed(bootstrap.get("Resource"))))
    if qualifier and qualifier[1] != "hnb659fds":
        yield "bootstrap_qualifier", qualifier[1]
    if others := [each for each in _excepted(bootstrap) if each not in access_roles]:
        yield "except_roles", others


def _of_audit(statement: Mapping[str, Any], by_sid: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    if keys := _listed(by_sid.get("ProtectTrailKeys", {}).get("Resource")):
        yield "trail_keys", keys
    yield from _of_roles(statement, by_sid)


def _of_identity_providers(
    statement: Mapping[str, Any], by_sid: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, Any]]:
    if arns := _listed(by_sid.get("DenyOidcProviders", {}).get("NotResource")):
        yield "except_oidc_providers", [each.removeprefix("arn:*:iam::*:oidc-provider/") for each in arns]
    yield from _of_roles(statement, by_sid)


def _of_data(statement: Mapping[str, Any], _: object) -> Iterator[tuple[str, Any]]:
    condition = statement.get("Condition", {}).get("StringNotEqualsIfExists", {})
    yield "organization_id", condition.get("aws:PrincipalOrgID")
    services = [each.partition(":")[0] for each in _listed(statement.get("Action"))]
    if services != list(guardrails.RESOURCE_CONTROL_SERVICES):
        yield "services", services
    if accounts := _listed(condition.get("aws:PrincipalAccount")):
        yield "except_accounts", accounts


_ARGUMENTS: Final[Mapping[str, _Read]] = {
    "allow_regions": _of_regions,
    "protect_baseline_roles": _of_baseline_roles,
    "deny_disabling_audit": _of_audit,
    "deny_other_identity_providers": _of_identity_providers,
    "keep_data_in_organization": _of_data,
}
"""What reads the arguments off the statements; of the others, which roles they leave out."""
