"""The CLI profiles of an organization: who can use which permission set where, and what that is called."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from org_constructs.aws import limits
from org_constructs.aws.administrator_access import ADMINISTRATOR_ACCESS
from org_constructs.refusal import Refusal

from .administrators import administers
from .description import MANAGEMENT, Account, Assignment, Description, PermissionSet
from .time_limit import now, time_limit

# AWS's tools do not agree on how other characters are quoted in a section's name; `default` is no profile's to take.
_NAME: Final = r"[A-Za-z0-9._-]+"
_DEFAULT: Final = "default"


@dataclass(frozen=True, kw_only=True)
class Session:
    """An `[sso-session NAME]`.

    Raises:
        Refusal: The name, the URL or the region is not of the form that AWS's tools take.
    """

    name: str
    start_url: str
    region: str

    def __post_init__(self) -> None:
        """Refuse what another tool would read otherwise."""
        _check("the session's name", self.name, _NAME, "of letters, digits, '.', '_' and '-', like 'acme'", "--session")
        rule = "a URL like 'https://acme.awsapps.com/start'"
        _check("the start URL", self.start_url, limits.START_URL + "/?(#/?)?", rule, "--start-url")
        rule = "the region of IAM Identity Center, like 'us-east-1'"
        _check("the session's region", self.region, limits.AWS_REGION, rule, "--sso-region")


@dataclass(frozen=True, kw_only=True)
class Access:
    """A permission set that somebody has in an account."""

    account: Account
    permission_set: PermissionSet
    main: bool
    """Whether it is what the account's name alone stands for."""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A `[profile NAME]`.

    Raises:
        Refusal: A value is not of the form that AWS's tools take.
    """

    name: str
    account_id: str
    permission_set: str
    region: str | None

    def __post_init__(self) -> None:
        """Refuse what another tool would read otherwise."""
        of = f"of profile {self.name!r}"
        rule = "of letters, digits, '.', '_' and '-', like 'acme-dev', and not 'default'"
        _check("a profile's name", self.name, rf"(?!{_DEFAULT}\Z){_NAME}", rule)
        _check(f"the account id {of}", self.account_id, limits.ACCOUNT_ID, "12 digits")
        rule = "the name of a permission set, like 'AdministratorAccess'"
        _check(f"the role name {of}", self.permission_set, limits.PERMISSION_SET_NAME, rule)
        if self.region is not None:
            _check(f"the region {of}", self.region, limits.AWS_REGION, "a region like 'us-east-1'", "--region")


@dataclass(frozen=True, kw_only=True)
class Named:
    """Accesses with the names of their profiles, and what a person should be told about them."""

    profiles: tuple[tuple[str, Access], ...]
    notes: tuple[str, ...]


def find_access(
    description: Description,
    *,
    permission_sets: Collection[str] = (),
    user: str | None = None,
    at: float | None = None,
) -> tuple[tuple[Access, ...], tuple[str, ...]]:
    """Return what access there is, in the order of the template, and notes on what is left out.

    Args:
        description: The organization.
        permission_sets: The names of the permission sets to keep; by default all.
        user: The name of the user whose access it shall be; by default everybody's.
        at: When access that has ended is left out, in seconds since 1970; by default now.

    Raises:
        Refusal: There is no such permission set or user, or nothing is left.
    """
    names = sorted({permission_set.name for permission_set in description.permission_sets.values()})
    for name in permission_sets:
        if name not in names:
            raise Refusal(
                "permission-set-unknown",
                f"--permission-set must be one of {', '.join(names) or 'none'}, got {name!r}",
            )
    notes: list[str] = []
    assignments: Sequence[Assignment] = description.assignments
    if user is not None:
        assignments, notes = _of_user(description, user)
    held = {(each.account, each.permission_set) for each in assignments}
    nameless = {
        key: permission_set.name
        for key, permission_set in description.permission_sets.items()
        if any(key == each for _, each in held) and not re.fullmatch(limits.PERMISSION_SET_NAME, permission_set.name)
    }
    notes += [
        f"left out: permission set {name}, because the template has nothing but its ARN" for name in nameless.values()
    ]
    times = {key: time_limit(each.properties) for key, each in description.permission_sets.items()}
    time = now() if at is None else at
    ended = {key: each for key, each in times.items() if each.has_ended(time) and any(key == of for _, of in held)}
    notes += [
        f"left out: permission set {description.permission_sets[key].name}, which {each.at(time)}"
        for key, each in ended.items()
    ]
    # Stable, so that the first of the template stays the first of the others; and what ends takes no other's name.
    by_rank = sorted(
        description.permission_sets.items(),
        key=lambda pair: (bool(times[pair[0]]), not administers(pair[1]), pair[1].name != ADMINISTRATOR_ACCESS),
    )
    found: list[Access] = []
    for account_key, account in description.accounts.items():
        sets = [
            permission_set
            for key, permission_set in by_rank
            if (account_key, key) in held
            and key not in nameless
            and key not in ended
            and (not permission_sets or permission_set.name in permission_sets)
        ]
        found += [Access(account=account, permission_set=each, main=index == 0) for index, each in enumerate(sets)]
    if not found:
        whose = f"{user} must have" if user is not None else "somebody must have"
        which = f" with {' or '.join(permission_sets)}" if permission_sets else ""
        raise Refusal(
            "access-missing",
            f"{whose} access to an account{which} to get a profile, and the assembly has none"
            + " that has not ended" * bool(ended),
        )
    return tuple(found), tuple(notes)


def name_profiles(accesses: Sequence[Access], ids: Mapping[str, str], company: str | None) -> Named:
    """Return the accesses with the names of their profiles, sorted by name.

    `acme-dev` is the account's main permission set, `acme-dev-ReadOnly` a further one. Where that is one name for
    several, all of them get the account's id as well, so that none depends on which comes first.

    Args:
        accesses: What shall get a name.
        ids: The ids of the accounts by their keys; one that is missing is the same as its key.
        company: The company; without one the management account's profile is `management`.
    """
    natural = [_natural_name(access, company) for access in accesses]
    longer = [
        f"{name}-{ids.get(access.account.key, access.account.key)}"
        for name, access in zip(natural, accesses, strict=True)
    ]
    longest = [f"{name}-{_digest(access)}" for name, access in zip(longer, accesses, strict=True)]
    names, levels = list(natural), [natural, longer, longest]
    for level in levels[1:]:
        counts = Counter(names)
        names = [level[index] if counts[name] > 1 or name == _DEFAULT else name for index, name in enumerate(names)]
    shared = sorted(name for name, count in Counter(natural).items() if count > 1 or name == _DEFAULT)
    notes = []
    for name in shared:
        got = ", ".join(sorted(new for old, new in zip(natural, names, strict=True) if old == name))
        why = "cannot be the name of an account's profile" if name == _DEFAULT else "would be several profiles"
        notes.append(f"{name!r} {why}, so there is {got}")
    return Named(
        profiles=tuple(sorted(zip(names, accesses, strict=True), key=lambda pair: pair[0])), notes=tuple(notes)
    )


def make_profiles(named: Named, ids: Mapping[str, str], default_region: str | None) -> tuple[Profile, ...]:
    """Return the profiles, in the order of `named`.

    Args:
        named: The accesses and their names.
        ids: The ids of the accounts by their keys.
        default_region: The region where an account has none of its own.
    """
    return tuple(
        Profile(
            name=name,
            account_id=ids[access.account.key],
            permission_set=access.permission_set.name,
            region=access.account.region or default_region,
        )
        for name, access in named.profiles
    )


def _of_user(description: Description, user: str) -> tuple[list[Assignment], list[str]]:
    keys = {key for key, each in description.users.items() if user in (each.name, key)}
    if not keys:
        known = ", ".join(sorted(each.name for each in description.users.values())) or "nobody"
        raise Refusal("user-unknown", f"--for must be a user of the assembly, got {user!r}", f"available: {known}")
    theirs = [each for each in description.assignments if keys.intersection(description.people(each.principal))]
    # Of a group that exists already the template knows its id, and at most the members that it adds itself.
    elsewhere = {
        key: None
        for each in description.assignments
        if (key := each.principal) in description.groups and "/" not in key and each not in theirs
    }
    return theirs, [
        f"left out: the access of the group {description.groups[key].name}, because its members are managed elsewhere"
        for key in elsewhere
    ]


def _natural_name(access: Access, company: str | None) -> str:
    account = access.account
    management = f"{company}-{MANAGEMENT}" if company else MANAGEMENT
    name = management if account.key == MANAGEMENT else account.name
    parts = [name] if access.main else [name, access.permission_set.name]
    safe = (re.sub(r"[^A-Za-z0-9._-]+", "-", part).strip("-") for part in parts)
    return "-".join(safe) or account.key


def _digest(access: Access) -> str:
    """Return what tells apart the permission sets of one account whose names differ in characters that cannot stay."""
    return hashlib.sha256(f"{access.account.name}\n{access.permission_set.name}".encode()).hexdigest()[:8]


def _check(what: str, value: str, pattern: str, rule: str, option: str | None = None) -> None:
    if not re.fullmatch(pattern, value, re.ASCII):
        fix = f"set it with {option}" if option else ""
        raise Refusal("wrong-form", f"{what} must be {rule}, got {value!r}", fix)
