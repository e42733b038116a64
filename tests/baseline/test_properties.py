"""What holds of every organization: it is as AWS publishes, deploys in order, and one change is one change."""

from __future__ import annotations

import json
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from itertools import combinations
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from deploy_order import before, directly_before
from org_constructs import (
    AccountProps,
    AssignmentProps,
    CustomerManagedPolicy,
    GroupProps,
    OrganizationalUnitProps,
    OrgBaseline,
    PermissionSetProps,
    PolicyProps,
    PolicyType,
    UserProps,
)
from organizations import CDK_JSON, ENV, IDENTITY_CENTER, elsewhere_arguments, grown_arguments
from policy_documents import content_of
from published_schemas import broken_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

Arguments = dict[str, Any]

CONTEXT: Final = {
    **json.loads(CDK_JSON.read_text(encoding="utf-8"))["context"],
    # To tell by its path what a resource is.
    "aws:cdk:enable-path-metadata": True,
}
LISTS: Final = ("organizational_units", "accounts", "users", "groups", "permission_sets", "assignments", "policies")


def synthesize(*all_arguments: Arguments) -> list[dict[str, Any]]:
    """Return the templates of the baselines with these arguments, each a stack of one app."""
    templates = synthesize_accepted(all_arguments)
    assert len(templates) == len(all_arguments)
    return templates


def synthesize_accepted(all_arguments: Iterable[Arguments]) -> list[dict[str, Any]]:
    """Return the templates of those baselines that are not refused."""
    with TemporaryDirectory() as folder:
        # The schemas are looked at here, and all at once it is faster without CDK's own look.
        app = cdk.App(context=CONTEXT, outdir=folder, builtin_cloud_formation_validation=False)
        stacks = []
        for number, arguments in enumerate(all_arguments):
            with suppress(ValueError):
                stacks.append(
                    OrgBaseline(app, f"Stack{number}", **{"enabled_policy_types": list(PolicyType), **arguments})
                )
        app.synth()
        files = [Path(folder) / stack.template_file for stack in stacks]
        return [json.loads(file.read_text(encoding="utf-8")) for file in files]


def resources_by_path(template: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the resources by construct path without the stack, each with its logical id and without `DependsOn`."""
    return {
        body["Metadata"]["aws:cdk:path"].split("/", 1)[1]: {
            "LogicalId": logical_id,
            **{key: value for key, value in body.items() if key not in ("DependsOn", "Metadata")},
        }
        for logical_id, body in template["Resources"].items()
    }


tags: Final = st.none() | st.dictionaries(st.sampled_from("abc"), st.sampled_from("abc"), max_size=2)


def some(names: Sequence[str], *, at_least: int = 0) -> SearchStrategy[list[str]]:
    """Return lists of different names among these."""
    return st.lists(st.sampled_from(names), unique=True, min_size=at_least, max_size=3) if names else st.just([])


@st.composite
def unit_trees(draw: DrawFn, depth: int = 3) -> list[OrganizationalUnitProps]:
    keys = draw(some("abc" if depth == 3 else "ab"))
    return [
        OrganizationalUnitProps(
            name=key.upper(),
            key=key,
            organizational_units=draw(unit_trees(depth - 1)) if depth > 1 else [],
            tags=draw(tags),
        )
        for key in keys
    ]


def paths_of(units: Sequence[OrganizationalUnitProps], above: str = "") -> Iterator[str]:
    for unit in units:
        yield f"{above}{unit.key or unit.name}"
        yield from paths_of(unit.organizational_units, f"{above}{unit.key or unit.name}/")


@st.composite
def organizations(draw: DrawFn) -> Arguments:
    """Organizations that are accepted: more accounts than lanes at times, some of everything, some of it existing."""
    units = draw(unit_trees())
    paths = list(paths_of(units))
    accounts = [
        AccountProps(key=f"account{number}", account_id=f"{number:012}")
        if draw(st.integers(0, 4)) == 0
        else AccountProps(
            key=f"account{number}",
            organizational_unit=draw(st.sampled_from([*paths, None])),
            tags=draw(tags),
        )
        for number in range(draw(st.sampled_from([2, 12, 14, 1, 0])))
    ]
    groups = [GroupProps(name=f"group-{word}") for word in draw(some("abc", at_least=1))]
    users = [
        UserProps(
            user_name=f"{word}@acme.com",
            given_name=word,
            family_name="Acme",
            groups=draw(some([group.name for group in groups])),
        )
        for word in draw(some("abc", at_least=1))
    ]
    permission_sets = [
        PermissionSetProps(
            name=word, managed_policies=draw(some(["ReadOnlyAccess", "job-function/Billing"])), tags=draw(tags)
        )
        for word in draw(some("ab", at_least=1))
    ]
    keys = [account.key for account in accounts]
    grants = [
        (principal, permission_set.name)
        for principal in [*(user.user_name for user in users), *(group.name for group in groups)]
        for permission_set in permission_sets
        if draw(st.sampled_from([True, True, False]))
    ]
    return {
        "env": ENV,
        "company": "acme",
        "email": "aws@acme.com",
        "identity_center": IDENTITY_CENTER,
        "organizational_units": units,
        "accounts": accounts,
        "users": users,
        "groups": groups,
        "permission_sets": permission_sets,
        "assignments": draw(
            st.permutations(
                [
                    AssignmentProps(
                        principal=principal,
                        permission_set=permission_set,
                        targets=draw(some(["*", "management", *keys, *paths], at_least=1)),
                    )
                    for principal, permission_set in grants
                ]
            )
        ),
        "policies": [
            PolicyProps(
                name=word,
                type=PolicyType.TAG_POLICY,
                content={"tags": {word: {"tag_key": {"@@assign": word}}}},
                targets=draw(some(["*", "root", "management", *keys, *paths])),
            )
            for word in draw(some("ab", at_least=1))
        ],
    }


text_of_any_kind: Final = st.text(max_size=8) | st.text("aZ09 _.:/=+-@,#é\n\"'", max_size=12)
one_of_everything: Final[Arguments] = {
    "organizational_units": [OrganizationalUnitProps(name="unit", key="unit", tags={"a": "b"})],
    "accounts": [
        AccountProps(key="dev", name="acme-dev", email="dev@acme.com", role_name="Access", tags={"a": "b"}),
    ],
    "users": [
        UserProps(
            user_name="dax@acme.com",
            given_name="Dax",
            family_name="Acme",
            email="dax@acme.com",
            display_name="Dax",
            groups=[],
        )
    ],
    "groups": [GroupProps(name="group", description="A group")],
    "permission_sets": [
        PermissionSetProps(
            name="set",
            description="A set",
            managed_policies=["ReadOnlyAccess"],
            customer_managed_policies=[CustomerManagedPolicy(name="policy", path="/a/")],
            permissions_boundary="PowerUserAccess",
            session_duration="PT2H",
            relay_state="https://acme.com",
            tags={"a": "b"},
        )
    ],
    "assignments": [],
    "policies": [
        PolicyProps(
            name="policy",
            type=PolicyType.TAG_POLICY,
            content=content_of("TAG_POLICY"),
            description="A",
            tags={"a": "b"},
        )
    ],
}


def with_text(value: Any, text: str) -> Any:
    """Return a field's value with the text in the place of its own."""
    if isinstance(value, dict):
        return {text: "b"} if len(text) % 2 else {"a": text}
    return [text] if isinstance(value, list) else text


FIELDS: Final = [
    (name, field.name)
    for name in LISTS
    for props in one_of_everything[name]
    for field in fields(props)
    if field.name == "managed_policies" or isinstance(getattr(props, field.name), str | dict)
    if field.name not in ("type", "content")
]


def one_of_everything_with(name: str, field: str, text: str) -> Arguments:
    """Return arguments of one thing with the text in one of its fields, refused or not, and of nothing else."""
    (props,) = one_of_everything[name]
    changed = replace(props, **{field: with_text(getattr(props, field), text)})
    return {
        "env": ENV,
        "company": "acme",
        "email": "aws@acme.com",
        "identity_center": IDENTITY_CENTER,
        **dict.fromkeys(LISTS, ()),
        name: [changed],
    }


def test_whatever_is_accepted_passes_the_published_schemas() -> None:
    accepted = Counter[bool]()

    @settings(max_examples=150)
    @given(st.sampled_from(FIELDS), text_of_any_kind)
    def passes(of: tuple[str, str], text: str) -> None:
        templates = synthesize_accepted([one_of_everything_with(*of, text)])
        accepted[bool(templates)] += 1
        assert [broken_rules(template) for template in templates] == [[]] * len(templates)

    passes()
    assert accepted[True] > 40
    assert accepted[False] > 40


@pytest.mark.parametrize(("name", "field"), FIELDS, ids=[".".join(field) for field in FIELDS])
def test_accepts_no_length_that_the_published_schemas_do_not(name: str, field: str) -> None:
    limits = (1, 32, 50, 64, 100, 128, 240, 256, 512, 700, 1024, 2048)
    templates = synthesize_accepted(
        one_of_everything_with(name, field, text)
        for size in (0, *limits, *(limit + 1 for limit in limits))
        for text in ("a" * size, f"{'a' * (size - 9)}@acme.com", f"arn:aws:iam::aws:policy/{'a' * (size - 24)}")
    )
    # A session's text is no text of any length, it is `PT2H`.
    assert templates or field == "session_duration"
    assert [broken for template in templates for broken in broken_rules(template)] == []


def with_more_accounts_than_lanes() -> Arguments:
    """The grown organization with accounts enough that lanes are used again, one of them existing, written last."""
    more = [AccountProps(key=f"sandbox{number}") for number in range(16)]
    old = AccountProps(key="old", account_id="444455556666")
    return {**grown_arguments(), "accounts": (*grown_arguments()["accounts"], *more, old)}


@settings(max_examples=50)
@given(organizations())
@example(grown_arguments())
@example(with_more_accounts_than_lanes())
def test_every_organization_passes_the_published_schemas_and_deploys_in_order(arguments: Arguments) -> None:
    (template,) = synthesize(arguments)
    assert broken_rules(template) == []
    made_before = before(template)
    types = {logical_id: body["Type"] for logical_id, body in template["Resources"].items()}

    changes = [logical_id for logical_id, kind in types.items() if kind.startswith("AWS::Organizations::")]
    assert sorted(len(made_before[change] & set(changes)) for change in changes) == list(range(len(changes)))

    assignments = [logical_id for logical_id, kind in types.items() if kind == "AWS::SSO::Assignment"]
    account_of = {
        assignment: json.dumps(template["Resources"][assignment]["Properties"]["TargetId"])
        for assignment in assignments
    }
    for one, other in combinations(assignments, 2):
        if account_of[one] == account_of[other]:
            assert one in made_before[other] or other in made_before[one]
    # Each assignment waits for one other at most, and is waited for by one at most: as many are under way at a time as
    # there are that wait for none.
    in_lane_before = {
        assignment: directly_before(template)[assignment] & set(assignments) for assignment in assignments
    }
    waited_for = [earlier for all_earlier in in_lane_before.values() for earlier in all_earlier]
    assert all(len(all_earlier) <= 1 for all_earlier in in_lane_before.values())
    assert len(waited_for) == len(set(waited_for))
    assert sum(not all_earlier for all_earlier in in_lane_before.values()) <= 10

    def exists_after(assignment: str) -> int:
        """Return how many changes of the organization come before the account of the assignment exists."""
        for logical_id in changes:
            if f'"{logical_id}", "AccountId"' in account_of[assignment]:
                return len(made_before[logical_id] & set(changes))
        return 0

    for assignment, all_earlier in in_lane_before.items():
        for earlier in all_earlier:
            assert exists_after(earlier) <= exists_after(assignment)


@dataclass(frozen=True, kw_only=True)
class Removal:
    """An organization without one thing, and exactly what that takes away and changes."""

    arguments: Arguments
    gone: str
    """Matches the start of the paths of the resources that go."""
    changed: frozenset[str] = frozenset()
    """The paths of the resources whose properties change."""


def without_assignment(arguments: Arguments, removed: AssignmentProps) -> Removal:
    """An assignment takes away its own resources."""
    return Removal(
        arguments={**arguments, "assignments": [other for other in arguments["assignments"] if other is not removed]},
        gone=rf"Assignments/{re.escape(f'{removed.permission_set} {removed.principal}')}/",
    )


def without_user(arguments: Arguments, removed: UserProps) -> Removal:
    """A user takes away the memberships, and what is assigned to the user directly."""
    name = re.escape(removed.user_name)
    return Removal(
        arguments={
            **arguments,
            "users": [other for other in arguments["users"] if other is not removed],
            "assignments": [other for other in arguments["assignments"] if other.principal != removed.user_name],
        },
        gone=rf"Users/{name}/|Groups/.*/Member-{name}$|Assignments/\S+ {name}/",
    )


def without_accounts_and_units(arguments: Arguments, keys: Sequence[str], paths: Sequence[str]) -> Removal:
    """Accounts and units take away what is assigned there; policies that are attached there, or to `*`, change."""
    gone = {*keys, *paths}

    def kept(units: Sequence[OrganizationalUnitProps], above: str = "") -> list[OrganizationalUnitProps]:
        return [
            replace(unit, organizational_units=kept(unit.organizational_units, f"{above}{unit.key or unit.name}/"))
            for unit in units
            if f"{above}{unit.key or unit.name}" not in gone
        ]

    accounts = [account for account in arguments["accounts"] if account.key not in gone]
    assignments = [
        replace(assignment, targets=[target for target in assignment.targets if target not in gone])
        for assignment in arguments["assignments"]
        if set(assignment.targets) - gone
    ]
    policies = [
        replace(policy, targets=[target for target in policy.targets if target not in gone])
        for policy in arguments["policies"]
    ]
    ids = "|".join(re.escape(path.replace("/", "--")) for path in paths)
    names = "|".join(map(re.escape, keys))
    return Removal(
        arguments={
            **arguments,
            "organizational_units": kept(arguments["organizational_units"]),
            "accounts": accounts,
            "assignments": assignments,
            "policies": policies,
        },
        gone=rf"Accounts/({names})/|Assignments/[^/]+/({names})$|OrganizationalUnits/({ids})/",
        changed=frozenset(
            f"Policies/{policy.name}/Resource"
            for policy in arguments["policies"]
            if gone & set(policy.targets) or (keys and "*" in policy.targets)
        ),
    )


def removals(arguments: Arguments) -> Iterator[Removal]:
    """Yield the organization without each one of its accounts, units, users and assignments."""
    for account in arguments["accounts"]:
        yield without_accounts_and_units(arguments, [account.key], [])
    paths = list(paths_of(arguments["organizational_units"]))
    for path in paths:
        inside = [other for other in paths if f"{other}/".startswith(f"{path}/")]
        keys = [account.key for account in arguments["accounts"] if account.organizational_unit in inside]
        yield without_accounts_and_units(arguments, keys, inside)
    for user in arguments["users"]:
        yield without_user(arguments, user)
    for assignment in arguments["assignments"]:
        yield without_assignment(arguments, assignment)


@pytest.mark.long
@settings(max_examples=12)
@given(organizations())
@example(grown_arguments())
@example(elsewhere_arguments())
def test_one_thing_more_or_less_changes_nothing_else(arguments: Arguments) -> None:
    changes = list(removals(arguments))
    more, *all_less = map(resources_by_path, synthesize(arguments, *(change.arguments for change in changes)))
    for change, less in zip(changes, all_less, strict=True):
        assert set(less) == {path for path in more if not re.match(change.gone, path)}
        assert {path for path in less if less[path] != more[path]} == change.changed


def shuffled(value: Any, random: Random) -> Any:
    """Return the value with the lists in it, and its mappings, in another order."""
    if isinstance(value, OrganizationalUnitProps | UserProps | AssignmentProps | PolicyProps | AccountProps):
        return replace(value, **{field.name: shuffled(getattr(value, field.name), random) for field in fields(value)})
    if isinstance(value, list | tuple):
        return random.sample([shuffled(item, random) for item in value], len(value))
    return dict(random.sample(list(value.items()), len(value))) if isinstance(value, dict) else value


@settings(max_examples=25)
@given(organizations(), st.randoms(use_true_random=False))
@example(grown_arguments(), Random(1))  # noqa: S311 (no secret)
def test_the_order_in_which_lists_are_written_changes_nothing(arguments: Arguments, random: Random) -> None:
    other = {name: shuffled(value, random) if name in LISTS else value for name, value in arguments.items()}
    one_template, other_template = synthesize(arguments, other)
    assert resources_by_path(one_template) == resources_by_path(other_template)
    for section in ("Metadata", "Outputs"):
        assert one_template[section] == other_template[section]
