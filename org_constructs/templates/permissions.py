"""What the policies of a permission set allow together, as far as it can make administrators.

Statements that deny are held against those that allow, the permissions boundary against both; AWS's managed policies
are read like inline ones.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from itertools import islice
from typing import Any, Final, NamedTuple, TypeAlias

from org_constructs.aws import escalations
from org_constructs.aws.administrator_access import ADMINISTRATOR_ACCESS
from org_constructs.aws.managed_policies import name_of, policies_by_name, statements_by_name
from org_constructs.aws.regions import partition_of

from .condition import TIMES, Plain, holds, requests, takes_wildcards, times
from .iam import Content, Statement, Test, matches, read_content, read_statement, text
from .values import written

_ANYTHING: Final = read_statement({"Effect": "Allow", "Action": "*", "Resource": "*"})
"""What a policy that cannot be read may say."""

_SOMETHING: Final = "${deploy}"

_TOKENS: Final = tuple(
    (re.compile(pattern, re.ASCII), default)
    for pattern, default in (
        (r"^arn:[^:]*:[^:]*:[^:]*:(\d[\d*?]*|\$\{[^}]*\})(?=[:*]|\Z)", escalations.ACCOUNT),
        (r"^arn:[^:]*:[^:]*:([a-z][a-z0-9*?-]*):", escalations.REGION),
        (r"\b(ssoins-[0-9a-f]+)", escalations.INSTANCE),
        (r"identitystore/(d-[0-9a-z]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", escalations.STORE),
        (r"\b(o-[0-9a-z]{10,32})\b", escalations.ORGANIZATION),
    )
)
"""What a policy names when it names the account, the region, the instance, the store or the organization that it is
for: who may do something to any role in one account may do it in that one."""

_TOKENS_OF_CDK: Final = (
    (re.compile(r":role/cdk-([a-z0-9]+)-"), escalations.QUALIFIER),
    (re.compile(r":role/cdk-.*-role-[^-]*-([a-z]+-[a-z-]*\d)\Z"), escalations.REGION),
)
"""The same of the names of the roles that `cdk bootstrap` makes."""

_NAMED: Final = (
    r"arn:aws:iam::(?:\d{{12}}|ACCOUNT|\$\{{[^}}]*\}}):{}/(?!aws-service-role/|aws-reserved/)(?!.*\$\{{[^}}]*:)"
).replace("ACCOUNT", escalations.ACCOUNT)
"""The ARN of a role or a user, in whatever account, that people can change, and that is nobody's own."""

_PARTS: Final = 6
"""The parts of an ARN; one with wildcards may have fewer."""

_MOST_PARTS: Final = 8
"""As many parts of a pattern as are looked at for how a name may begin; AWS's names have 128 characters at most."""

_MANAGED: Final = "arn:aws:iam::aws:policy/{}"
_OWN: Final = Plain(f"arn:aws:iam::{escalations.ACCOUNT}:policy/{escalations.OTHER}")
_POWERFUL: Final = tuple(Plain(_MANAGED.format(name)) for name in (ADMINISTRATOR_ACCESS, "IAMFullAccess"))

_REQUEST: Final[Mapping[str, tuple[str | None, ...]]] = {
    "aws:calledvia": (None,),
    "aws:calledviafirst": (None,),
    "aws:calledvialast": (None,),
    "aws:principalisawsservice": ("false",),
    "aws:principaltype": (Plain("AssumedRole"),),
    "aws:securetransport": ("true",),
    "aws:username": (None,),
    "aws:viaawsservice": ("false",),
    "ec2:createaction": (None,),
    "iam:permissionsboundary": (None, _POWERFUL[0], _OWN),
    "iam:policyarn": (None, *_POWERFUL, _OWN),
    "organizations:serviceprincipal": tuple(map(Plain, escalations.DELEGATED)),
    "sts:taskpolicyarn": (Plain(escalations.ROOT_TASK),),
}
"""Values of condition keys in what somebody asks for who wants to be an administrator: whoever can choose takes one
that makes one. What is not here may be anything, so that a condition on it keeps nobody out.

`ec2:CreateAction` is there where a tag comes with a new instance: nobody gets into another one by that.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
"""

_OWN_ORGANIZATION: Final = "aws:principalorgid"
"""An id that a template makes is that of the organization that its people are in."""

_BOUNDARY: Final = "iam:permissionsboundary"

_OF_POLICY: Final = (_BOUNDARY, "iam:policyarn")
"""Keys whose value is a policy's ARN: one that somebody writes allows what they like."""

_BOUND: Final = {action.lower(): unbound for unbound, actions in escalations.UNBOUND.items() for action in actions}
"""What takes the boundary away after an action."""

_ROLE: Final = (
    f"arn:aws:iam::{escalations.ACCOUNT}:role/aws-reserved/sso.amazonaws.com{{}}/AWSReservedSSO_{{}}_0123456789abcdef"
)
"""The role that Identity Center makes of a permission set, with its region in the path or not.

https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
"""

_TAG: Final = re.compile(r"[a-z0-9-]+:(resource|principal)tag/.*", re.DOTALL)
_OF_TAG: Final = (None, Plain(escalations.OTHER))
_MOST_CHOSEN: Final = 5
"""As many values, and keys, as are looked at of those that somebody may choose; a statement seldom has more."""


_Tests: TypeAlias = "tuple[Test, ...]"


class Granted(NamedTuple):
    """A statement, and where in the permission set it stands."""

    location: str
    statement: Statement

    @property
    def sought(self) -> frozenset[str]:
        """The actions among `escalations.ACTIONS` that it is about."""
        return _sought(self.statement.actions, self.statement.not_actions)


class _Asked(NamedTuple):
    """What somebody asks for."""

    action: str
    """In lower case."""

    arn: str | None
    """The resource; None where any will do."""

    service: str = ""
    """The service that a role is passed to."""

    given: tuple[tuple[str, str], ...] = ()
    """Values of condition keys."""

    is_means: bool = False
    """Whether it only makes another condition hold."""


class _Limits(NamedTuple):
    """What an action is not allowed for, as conditions."""

    denied: tuple[_Tests, ...]
    bounding: tuple[_Tests, ...] | None
    """One of them is to hold; None where there is no boundary."""

    is_of_choice: bool
    """Whether they are about what somebody may be able to choose."""


class Permissions:
    """What a permission set allows: for certain, or `at_most`, whatever the deploy makes of what it alone knows."""

    def __init__(
        self,
        properties: Mapping[str, Any],
        inline: Content,
        partition: str,
        accounts: Sequence[str] = (),
        *,
        may_be: bool = False,
    ) -> None:
        """Take the properties of a permission set, its inline policy, and what `within` and `at_most` are for."""
        self._properties = properties
        self._inline = inline
        self._partition = partition
        self._accounts = accounts
        self._may_be = may_be
        own = [each for each in self._own() if each.sought]
        self.granted: Sequence[Granted] = [each for each in own if each.statement.effect == "Allow"]
        self._denied = [each.statement for each in own if each.statement.effect == "Deny"]
        self._boundary = self._boundary_of(properties.get("PermissionsBoundary"))
        self._known: dict[_Asked, bool] = {}
        self._named: dict[str, bool] = {}
        self._limits: dict[_Asked, _Limits | None] = {}
        self._kept: dict[_Limits, _Limits] = {}
        self._decided: dict[tuple[object, ...], bool] = {}
        name = written(properties.get("Name", ""))
        self._roles = tuple(_ROLE.format(path, name) for path in ("", f"/{escalations.REGION}"))

    @cached_property
    def everything(self) -> Sequence[Granted]:
        """The statements by which every action on every resource is allowed; none where administration is not left.

        That is so where something denies what would make an administrator again, or the boundary does not have it.
        """
        about_all = [each for each in self.granted if not each.statement.condition and each.statement.has_any_resource]
        whole = [each for each in about_all if each.statement.is_about_everything]
        found = whole or (about_all if _cover_all([each.statement for each in about_all]) else [])
        return found if found and any(self._administers(action) for action in escalations.OF_IAM) else []

    def at_most(self) -> Permissions:
        """Return what it may allow, whatever the deploy makes of what it alone knows."""
        return Permissions(self._properties, self._inline, self._partition, self._accounts, may_be=True)

    @property
    def names_accounts(self) -> bool:
        """Whether `within` decides anything: wildcards stand for several accounts, variables for whichever it is."""
        named = self._inline.accounts
        return bool(named) and not any(re.search("[*?:]", each) for each in named)

    def within(self, accounts: Collection[str]) -> Permissions:
        """Return what it allows in accounts, as policies have their ids; itself if there are none.

        Nobody changes, or passes along, the roles, users and policies of another account.
        """
        if not accounts:
            return self
        named = self._inline.accounts
        # Of those that it does not name, one is as good as another.
        decisive = sorted(named.intersection(accounts)) + sorted(set(accounts) - named)[:1]
        return Permissions(self._properties, self._inline, self._partition, decisive)

    def is_as(self, other: Permissions) -> bool:
        """Tell whether it says the same as another, so that the deploy decides nothing."""
        ours, theirs = ((each.granted, each._denied, each._boundary) for each in (self, other))
        own = [*(each.statement for each in self.granted), *self._denied]
        return ours == theirs and not any(None in test.values for each in own for test in each.tests)

    def allows(self, granted: Granted, action: str, *resources: str, service: str = "") -> bool:
        """Tell whether, by a statement, an action is allowed on the first resource whatever it is called.

        Of the kinds of the other resources it is enough that no statement with the action names any.

        Args:
            granted: The statement.
            action: The action.
            resources: The resources, as `escalations` has them; none where any will do.
            service: The service that a role is passed to.
        """
        name, statement = action.lower(), granted.statement
        if name not in granted.sought:
            return False
        first, *others = resources or (None,)
        if not any(self._may(statement, _Asked(name, arn, service)) for arn in _asked_for(statement, action, first)):
            return False
        beside = [each.statement for each in self.granted if name in each.sought] if others else ()
        return all(
            any(is_about_any(each, other) for each in beside) or not any(_names_kind(each, other) for each in beside)
            for other in others
        )

    def allows_somewhere(self, action: str) -> bool:
        """Tell whether an action is allowed on any resource at all."""
        return self._allows(_Asked(action.lower(), None))

    def allows_on(self, action: str, arn: str, service: str = "") -> bool:
        """Tell whether an action is allowed on a resource, or a role to be passed to a service."""
        return self._allows(_Asked(action.lower(), arn, service))

    def allowed_on(self, granted: Granted, action: str, kind: str) -> Iterator[str]:
        """Yield roles or users, such as may be called so, on which an action is allowed by a statement that names them.

        Args:
            granted: The statement.
            action: The action.
            kind: `role` or `user`.
        """
        name = action.lower()
        if name in granted.sought:
            for pattern in dict.fromkeys(granted.statement.resources):
                arn = pattern and _example(pattern)
                if arn and re.match(_NAMED.format(kind), arn) and self._may(granted.statement, _Asked(name, arn)):
                    yield arn

    def names(self, action: str) -> bool:
        """Tell whether a statement that allows an action names its service."""
        if action not in self._named:
            self._named[action] = any(named(each, action) for each in self.granted)
        return self._named[action]

    def _administers(self, action: str) -> bool:
        return any(self.allows(each, action, *escalations.OF_IAM[action]) for each in self.granted)

    def _allows(self, asked: _Asked) -> bool:
        if asked not in self._known:
            self._known[asked] = any(
                self._may(each.statement, asked._replace(arn=arn))
                for each in self.granted
                if asked.action in each.sought
                for arn in ((None,) if asked.arn is None else _instances(each.statement, asked.arn))
            )
        return self._known[asked]

    def _may(self, statement: Statement, asked: _Asked) -> bool:
        """Whether there is a request as asked, on the resource or on some, that is allowed by the statement."""
        return any(self._is_allowed(statement, each) for each in self._here(statement, asked))

    def _here(self, statement: Statement, asked: _Asked) -> Sequence[_Asked]:
        """Return what is asked for in the accounts that the permission set is for, if that is a matter of one."""
        if not self._accounts or asked.arn is None or not asked.action.startswith("iam:"):
            return (asked,)
        parts = asked.arn.split(":")
        if len(parts) < _PARTS:
            return (asked,)
        arns = [":".join((*parts[:4], each, *parts[5:])) for each in self._accounts]
        here = [asked._replace(arn=arn) for arn in arns if statement.has_resource(arn)]
        # An account that the template makes may be one whose id is written down.
        is_unlike = any(each.startswith("${") != parts[4].startswith("${") for each in self._accounts)
        return here or ((asked,) if is_unlike and parts[4] != escalations.ACCOUNT else ())

    def _is_allowed(self, statement: Statement, asked: _Asked) -> bool:
        if asked not in self._limits:
            self._limits[asked] = self._limits_of(asked)
        limits = self._limits[asked]
        if limits is None:
            return False
        # Many actions have the same limits, in which much is compared.
        tests = self._tests(statement)
        choice = _choice_of(asked) if limits.is_of_choice or _are_of_choice(tests) else None
        case = (tests, id(limits), choice)
        if case not in self._decided:
            self._decided[case] = self._is_left(tests, limits, asked)
        return self._decided[case]

    def _limits_of(self, asked: _Asked) -> _Limits | None:
        """Return what the action is denied for, and what the boundary allows it for; None if it is denied for all."""
        action, arn = asked.action, asked.arn
        denied = [each for each in self._denied if _has_action(each, action) and _is_about(each, arn)]
        bounding = None
        if self._boundary is not None:
            about = [each for each in self._boundary if _has_action(each, action)]
            denied += [each for each in about if each.effect == "Deny" and _is_about(each, arn)]
            allowing = [each for each in about if each.effect == "Allow" and (arn is None or is_about_any(each, arn))]
            if not allowing:
                return None
            bounding = tuple(map(self._tests, allowing))
        denying = []
        for each in map(self._tests, denied):
            holding = [holds(each, request) for request in requests(each, self._values(each, asked))]
            if all(holding):
                return None
            if any(holding):
                denying.append(each)
        is_of_choice = any(map(_are_of_choice, (*denying, *(bounding or ()))))
        limits = _Limits(tuple(denying), bounding, is_of_choice)
        return self._kept.setdefault(limits, limits)

    def _is_left(self, tests: _Tests, limits: _Limits, asked: _Asked) -> bool:
        together = [test for each in (tests, *limits.denied, *(limits.bounding or ())) for test in each]
        return any(
            holds(tests, request) is not False
            and not any(holds(each, request) for each in limits.denied)
            and (limits.bounding is None or any(holds(each, request) is not False for each in limits.bounding))
            for request in requests(together, self._values(together, asked))
        )

    def _tests(self, statement: Statement) -> _Tests:
        """Return what a condition asks for; what the deploy alone knows is something that nobody is, for certain."""
        if self._may_be:
            return statement.tests
        return tuple(
            test._replace(values=tuple(_SOMETHING if each is None else each for each in test.values))
            if None in test.values
            else test
            for test in statement.tests
        )

    def _values(self, tests: Sequence[Test], asked: _Asked) -> Callable[[str], Sequence[str | None]]:
        """Return what the values of keys may be, in what somebody asks for whom conditions stop."""
        of_request: dict[str, tuple[str | None, ...]] = {"aws:principalarn": self._roles}
        of_request |= {key: (value,) for key, value in asked.given}
        if asked.service:
            # China has other names of some services.
            of_request["iam:passedtoservice"] = (None, Plain(asked.service), Plain(f"{asked.service}.cn"))
        wanted = {} if asked.is_means else _wanted(tests)

        def values(key: str) -> Sequence[str | None]:
            if key in of_request:
                return of_request[key]
            if key in TIMES:
                # Whoever waits chooses when.
                return tuple(times(each for test in tests if test.key == key for each in test.values))
            if key == _OWN_ORGANIZATION:
                made = (each for test in tests if test.key == key for each in test.values if _is_made(each))
                return tuple(map(Plain, islice(made, 1)))
            usual = _OF_TAG if _TAG.fullmatch(key) else _REQUEST.get(key, ())
            chosen = [each for name, each in wanted.get(key, ()) if self._can_choose(name, each, asked)]
            # First, as not all combinations of many are tried.
            return (*chosen, *usual)

        return values

    def _can_choose(self, key: str, value: str, asked: _Asked) -> bool:
        """Whether its people can have a key's value, and all that they want: by a tag that they give, say."""
        kind, _, name = key.partition("/")
        if name:
            tag = ((f"aws:requesttag/{name.lower()}", value), ("aws:tagkeys", Plain(name)))
            return any(self._can(action, arn, *tag) for action, arn in _tagging(kind, asked))
        if not value.startswith("arn:aws:iam::aws:"):
            ways = escalations.WRITTEN if escalations.OTHER in value else escalations.REWRITTEN
            if any(all(self._can(action, value) for action in actions) for actions in ways):
                return True
        return (
            key.lower() == _BOUNDARY
            and asked.action in _BOUND
            and any(
                self._can(action, asked.arn, *given)
                for action, *given in ((_BOUND[asked.action][0], (_BOUNDARY, value)), (_BOUND[asked.action][1],))
            )
        )

    def _can(self, action: str, arn: str | None, *given: tuple[str, str]) -> bool:
        return self._allows(_Asked(action.lower(), arn, given=given, is_means=True))

    def _own(self) -> Iterator[Granted]:
        managed = self._properties.get("ManagedPolicies")
        listed = managed if isinstance(managed, list) else [] if managed is None else [managed]
        seen: set[str] = set()
        for index, policy in enumerate(listed):
            if written(policy) in seen:
                continue
            seen.add(written(policy))
            location = (
                f"Properties.ManagedPolicies.{index}" if isinstance(managed, list) else "Properties.ManagedPolicies"
            )
            for statement in self._of_managed(policy):
                yield Granted(location, statement)
        for each in self._inline.statements:
            yield Granted(each.location, self._as_allowed(each))
        if self._may_be and not self._inline.is_whole:
            yield Granted("Properties.InlinePolicy", _ANYTHING)

    def _as_allowed(self, statement: Statement) -> Statement:
        """Return the statement as what is sought asks for it: of two readings, the one that allows more or less."""
        at_most = statement.at_most
        asked = at_most if (at_most.effect == "Allow") == self._may_be else statement
        return asked.in_partition(self._partition)

    def _of_managed(self, policy: Any) -> Sequence[Statement]:  # noqa: ANN401 (JSON)
        known = text(policy)
        name = name_of(known or written(policy))
        if name in policies_by_name():
            return _managed(name)
        return [_ANYTHING] if self._may_be and (name is not None or known is None) else []

    def _boundary_of(self, boundary: Any) -> Sequence[Statement] | None:  # noqa: ANN401 (JSON)
        """Return the statements of the boundary; None where there is none, or it may be one that allows everything."""
        if not boundary:
            return None
        if is_of_accounts(boundary):
            return None if self._may_be else ()
        found = self._of_managed(boundary["ManagedPolicyArn"] if isinstance(boundary, dict) else boundary)
        return None if _ANYTHING in found else found


def is_of_accounts(boundary: Any) -> bool:  # noqa: ANN401 (JSON)
    """Tell whether a permissions boundary is a policy of each account's own, which no template says."""
    return isinstance(boundary, dict) and boundary != {} and boundary.get("ManagedPolicyArn") is None


def permissions_of(
    properties: Mapping[str, Any], region: str | None = None, inline: Content | None = None
) -> Sequence[Permissions]:
    """Return what a permission set with the properties allows in each partition where it may be.

    Args:
        properties: Its properties.
        region: The region of its template, which decides, where that is known; otherwise it may be in `aws`, or in
            what its inline policy names.
        inline: Its inline policy, where that has been read.
    """
    read = inline or read_content(properties.get("InlinePolicy"), "Properties.InlinePolicy")
    named_by = frozenset[str]().union(*(each.partitions for each in read.statements))
    partitions = [partition_of(region).name] if region else ["aws", *sorted(named_by - {"aws"})]
    return [Permissions(properties, read, each) for each in partitions]


def named(granted: Granted, action: str) -> Sequence[str]:
    """Return the patterns by which a statement allows an action of a service that it names."""
    service = action.lower().partition(":")[0]
    return [
        each
        for each in granted.statement.actions
        if each is not None and each.startswith(f"{service}:") and matches(each, action.lower())
    ]


@lru_cache(maxsize=10_000)
def _sought(actions: tuple[str | None, ...], not_actions: tuple[str | None, ...]) -> frozenset[str]:
    if None in not_actions:
        return frozenset()
    if not_actions:
        return frozenset(
            action for action in escalations.ACTIONS if not any(matches(each, action) for each in not_actions)
        )
    return frozenset(action for each in actions if each is not None for action in _matching(each))


@lru_cache(maxsize=10_000)
def _matching(pattern: str) -> Sequence[str]:
    service = pattern.partition(":")[0]
    among = escalations.ACTIONS if "*" in service or "?" in service else _by_service().get(service, ())
    return [action for action in among if matches(pattern, action)]


@cache
def _by_service() -> Mapping[str, Sequence[str]]:
    by_service: dict[str, list[str]] = {}
    for action in escalations.ACTIONS:
        by_service.setdefault(action.partition(":")[0], []).append(action)
    return by_service


def _has_action(statement: Statement, action: str) -> bool:
    return action in _sought(statement.actions, statement.not_actions)


@cache
def _managed(name: str) -> Sequence[Statement]:
    return tuple(map(read_statement, statements_by_name().get(name, ())))


def _cover_all(about_all: Sequence[Statement]) -> bool:
    """Whether statements allow every action together: what one excepts, the others have."""
    allowed = [action for each in about_all for action in each.actions]
    excepting = [each.not_actions for each in about_all if each.not_actions and None not in each.not_actions]
    return any(
        all(
            any(matches(pattern, exception or "") for pattern in allowed)
            or any(not any(_meet(exception, each) for each in others) for others in excepting)
            for exception in exceptions
        )
        for exceptions in excepting
    )


def _meet(one: str | None, other: str | None) -> bool:
    """Whether two patterns of actions may have one in common; yes where that is not certain."""
    services = [(each or "*").partition(":")[0] for each in (one, other)]
    return any("*" in each or "?" in each for each in services) or services[0] == services[1]


def _is_made(value: str | None) -> bool:
    return re.fullmatch(r"\$\{[^:}]*\}", value or "") is not None


@lru_cache(maxsize=10_000)
def _is_of_choice(key: str) -> bool:
    return key in _OF_POLICY or _TAG.fullmatch(key) is not None


@lru_cache(maxsize=10_000)
def _are_of_choice(tests: _Tests) -> bool:
    """Whether a condition asks for what depends on the resource, the service or the tags that somebody has in mind."""
    return any(
        _is_of_choice(test.key) or test.key.startswith(("aws:requesttag/", "aws:tagkeys", "iam:passedtoservice"))
        for test in tests
    )


def _choice_of(asked: _Asked) -> tuple[object, ...]:
    """Return all of what somebody asks for that decides what they can choose."""
    unbound = asked.arn if asked.action in _BOUND else None
    return asked.service, asked.given, asked.is_means, unbound, *_tagging("", asked)


def _wanted(tests: Sequence[Test]) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Return the values that conditions ask for, by those of their keys that somebody may be able to choose.

    Each is with its key as it is written, since `aws:TagKeys` has capitals.
    """
    wanted: dict[str, dict[tuple[str, str], None]] = {}
    for test in tests:
        if test.compares and _is_of_choice(test.key) and (test.key in wanted or len(wanted) < _MOST_CHOSEN):
            asked = ((test.written[1], each) for each in _meant(test))
            wanted.setdefault(test.key, {}).update(dict.fromkeys(islice(asked, _MOST_CHOSEN)))
    return {key: list(values)[:_MOST_CHOSEN] for key, values in wanted.items()}


def _meant(test: Test) -> Iterator[str]:
    """Yield values that a test is about, each an example where it stands for several."""
    for each in test.values:
        if each is None or each == _SOMETHING:
            continue
        if takes_wildcards(test) and ("*" in each or "?" in each):
            yield Plain(_example(each))
        elif test.key in _OF_POLICY or "${" not in each:
            yield Plain(each)
        else:
            yield each


@lru_cache(maxsize=10_000)
def _example(pattern: str) -> str:
    """Return something that a pattern is about, in one account where that may be any."""
    arn = re.sub(r"^(arn:[^:]*:[^:]*:[^:]*:)[*?]+:", rf"\g<1>{escalations.ACCOUNT}:", pattern)
    return arn.replace("*", escalations.OTHER).replace("?", "x")


def _tagging(kind: str, asked: _Asked) -> Iterator[tuple[str, str | None]]:
    """Yield what gives a tag, to principals or to the resource in question, and to which one."""
    if kind.lower() == "aws:principaltag":
        yield from escalations.TAGGING_PRINCIPALS.items()
        return
    parts = (asked.arn or asked.action).split(":")
    service = parts[0] if asked.arn is None else parts[2] if len(parts) > 2 else ""  # noqa: PLR2004 (arn:aws:iam)
    for each in (service, f"{service}:{parts[-1].partition('/')[0]}"):
        if each in escalations.TAGGING:
            yield escalations.TAGGING[each], asked.arn


def _instances(statement: Statement, resource: str) -> Iterator[str]:
    """Yield the resource, in each account, region, instance or store, where the statement is about it."""
    if statement.not_resources or not statement.resources:
        if statement.has_resource(resource):
            yield resource
        return
    for pattern in statement.resources:
        if pattern is not None:
            arn = _instance(pattern, resource)
            if matches(pattern, arn):
                yield arn


def _asked_for(statement: Statement, action: str, resource: str | None) -> Iterator[str | None]:
    """Yield what the action is asked for on, by a statement: the resource, or one of its kind with a name like it."""
    if resource is None:
        yield None
        return
    yield from _instances(statement, resource)
    if action in escalations.BY_ANY_NAME:
        kind = resource.rpartition(":")[2].removesuffix(escalations.OTHER)
        yield from (_example(pattern) for pattern in statement.resources if pattern and f":{kind}" in pattern)
    elif action in escalations.OF_IAM:
        for pattern in statement.resources:
            arn = pattern and _unbounded(pattern, resource)
            if arn:
                yield arn


@lru_cache(maxsize=10_000)
def _unbounded(pattern: str, resource: str) -> str | None:
    """Return a resource of a kind that a pattern is about, but not by how its name begins, which somebody may own.

    `role/*Admin*` is about roles of anybody, `role/Admin*` about administrators', and `role/app-*` about those of an
    application.
    """
    arn = _instance(pattern, resource)
    kind = arn.removesuffix(escalations.OTHER)
    if kind == arn or matches(pattern, arn):
        return None
    parts = pattern.split("*")
    for index in range(1, min(len(parts), _MOST_PARTS)):
        name = escalations.OTHER.join(("", *parts[index:]))
        if ":" not in name and matches(pattern, kind + name):
            return kind + name
    named = re.search(r":[a-z-]+/(admin[^:]*)\Z", pattern, re.IGNORECASE)
    if named and "*" in named[1] and matches(pattern, kind + (name := _example(named[1]))):
        return kind + name
    return None


def _instance(pattern: str, resource: str) -> str:
    for token, default in (*_TOKENS, *_TOKENS_OF_CDK) if ":role/cdk-" in resource else _TOKENS:
        found = token.search(pattern)
        if found:
            resource = resource.replace(default, found[1].replace("*", "").replace("?", "0"))
    return resource


def _names_kind(statement: Statement, resource: str) -> bool:
    """Whether a statement names resources of the kind, such as `permissionSet/` or `${Reader.PermissionSetArn}`."""
    if resource.startswith("${"):
        kind, made = "permissionSet", resource.partition(".")[2]
    else:
        kind = resource.rpartition(":")[2].partition("/")[0]
        made = f"{kind[:1].upper()}{kind[1:]}Arn}}"
    return any(
        pattern is not None and (f":{kind}/" in pattern or pattern.endswith(f".{made}"))
        for pattern in statement.resources
    )


def is_about_any(statement: Statement, arn: str) -> bool:
    """Tell whether a statement is about the resource whatever it is called, in some account or organization."""
    return any(True for _ in _instances(statement, arn))


def _is_about(statement: Statement, arn: str | None) -> bool:
    """Whether a statement that denies is about the resource; about every one, where it may be some."""
    return statement.has_any_resource if arn is None else statement.has_resource(arn)
