"""Access that is in no permission set, compared between two times at which AWS was asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from live_answers import NOTHING
from org_constructs.access_diff.change import Effect
from org_constructs.access_diff.comparison import State, compare
from org_constructs.access_diff.deploy import deploy
from org_constructs.access_diff.wording import plain
from org_constructs.templates.description import (
    Account,
    DelegatedAdministrator,
    Description,
    Entitlement,
    Origin,
    ResourcePolicy,
    User,
    Whence,
    describe,
)
from org_constructs.templates.metadata import AccountMetadata, BaselineMetadata
from org_constructs.templates.values import Values

DEV: Final = "222233334444"
ROLE: Final = f"arn:aws:iam::{DEV}:role/Admin"
BEFORE: Final = Description(
    accounts={DEV: Account(key=DEV, name="acme-dev", email="aws+dev@acme.com", state="ACTIVE")},
    organizational_units={},
    users={"u-1": User(key="u-1", name="kim@acme.com")},
    groups={},
    permission_sets={},
    policies={},
    assignments=(),
    values=Values({}),
    live=NOTHING,
)
HAND: Final = Origin(whence=Whence.HAND)
AFTER: Final = replace(
    BEFORE,
    live=replace(
        NOTHING,
        entitlements=(Entitlement(id="e-1", principal="u-1", account=DEV, role_arn=ROLE, origin=HAND),),
        delegated_administrators=(DelegatedAdministrator(account=DEV, services=("sso.amazonaws.com",)),),
    ),
)


def sentences(old: Description, new: Description) -> set[tuple[Effect, str]]:
    changes = compare(State.of(old), State.of(new)).changes
    return {(each.effect, plain(each.sentence)) for each in changes}


def test_who_may_assume_a_role_or_administers_a_service_is_told() -> None:
    assert sentences(BEFORE, AFTER) == {
        (Effect.WIDENS, f"kim@acme.com may assume {ROLE} in acme-dev, by account access manager"),
        (Effect.WIDENS, "account acme-dev administers sso.amazonaws.com for the organization"),
    }


def test_whom_nothing_describes_is_named_by_the_id() -> None:
    assert (Effect.WIDENS, f"u-1 may assume {ROLE} in acme-dev, by account access manager") in sentences(
        replace(BEFORE, users={}), replace(AFTER, users={})
    )


def test_who_may_no_longer_is_told() -> None:
    assert sentences(AFTER, BEFORE) == {
        (Effect.NARROWS, f"kim@acme.com may no longer assume {ROLE} in acme-dev, by account access manager"),
        (Effect.NARROWS, "account acme-dev no longer administers sso.amazonaws.com for the organization"),
    }


def test_templates_speak_of_neither() -> None:
    assert sentences(AFTER, replace(BEFORE, live=None)) == set()


def test_root_access_is_told() -> None:
    enabled = replace(BEFORE, live=replace(NOTHING, root_features=("RootSessions",)))
    disabled = replace(BEFORE, live=replace(NOTHING, root_features=()))
    acts = "act as the root user of member accounts, by sts:AssumeRoot"
    assert sentences(disabled, enabled) == {(Effect.WIDENS, f"the management account may {acts}")}
    assert sentences(enabled, disabled) == {(Effect.NARROWS, f"the management account may no longer {acts}")}
    assert sentences(BEFORE, enabled) == sentences(enabled, BEFORE) == set(), "nobody knows what was before"


def test_what_is_declared_of_root_access_is_told_of_templates() -> None:
    without = replace(BEFORE, live=None)
    declared = replace(without, metadata=BaselineMetadata(root_access=True))
    assert {effect for effect, _ in sentences(without, declared)} == {Effect.WIDENS}
    assert len(sentences(without, declared)) == 2
    assert all(sentence.endswith("once the doctor has enabled it") for _, sentence in sentences(without, declared))
    [(effect, _)] = sentences(declared, without)
    assert effect is Effect.OTHER, "the doctor disables nothing"


def test_what_is_declared_of_delegated_administrators_is_told_of_templates() -> None:
    dev = replace(BEFORE.accounts[DEV], output=("OrgBaseline", "AccountIdDev"))
    without = replace(BEFORE, live=None, accounts={DEV: dev})
    metadata = BaselineMetadata(
        accounts={"dev": AccountMetadata(output="AccountIdDev")},
        delegated_administrators={"sso.amazonaws.com": ("dev",)},
    )
    declared = replace(without, metadata=metadata)
    administers = (
        "account acme-dev administers sso.amazonaws.com for the organization, once the doctor has registered it"
    )
    assert sentences(without, declared) == {(Effect.WIDENS, administers)}
    [(effect, sentence)] = sentences(declared, without)
    assert effect is Effect.OTHER, "the doctor takes nobody out"
    assert sentence.startswith("account acme-dev is no longer declared to administer sso.amazonaws.com")


DELEGATION: Final[list[dict[str, Any]]] = [
    {"Effect": "Allow", "Principal": {"AWS": DEV}, "Action": "organizations:AttachPolicy", "Resource": "*"},
    {"Effect": "Deny", "Principal": "*", "Action": "organizations:DeletePolicy", "Resource": "*"},
]
POLICY: Final = "the organization's resource policy"
SAYS: Final = "acme-dev: Allow organizations:AttachPolicy"
KNOWN: Final = {DEV: replace(BEFORE.accounts[DEV], account_id=DEV)}


def with_policy(*statements: object, **more: Any) -> Description:
    policy = ResourcePolicy(content={"Statement": [*statements]} if statements else None)
    return replace(BEFORE, accounts=KNOWN, live=replace(NOTHING, resource_policy=policy, **more))


def test_what_the_resource_policy_says_is_told() -> None:
    none, some = with_policy(), with_policy(*DELEGATION)
    assert sentences(none, some) == {
        (Effect.WIDENS, f"{POLICY} now says {SAYS}"),
        (Effect.NARROWS, f"{POLICY} now says everybody: Deny organizations:DeletePolicy"),
    }
    assert sentences(some, none) == {
        (Effect.NARROWS, f"{POLICY} no longer says {SAYS}"),
        (Effect.WIDENS, f"{POLICY} no longer says everybody: Deny organizations:DeletePolicy"),
    }
    unknown = replace(BEFORE, accounts=KNOWN)
    assert sentences(unknown, some) == sentences(some, unknown) == set(), "nobody knows what was before"


def templates() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a template without a resource policy, and with one that is for the account of the template."""
    named = {"AccountName": "acme-dev", "Email": "aws+dev@acme.com"}
    dev = {"Type": "AWS::Organizations::Account", "Properties": named}
    content = {"Statement": [{**DELEGATION[0], "Principal": {"AWS": {"Fn::GetAtt": ["Dev", "AccountId"]}}}]}
    made = {"Type": "AWS::Organizations::ResourcePolicy", "Properties": {"Content": content}}
    return {"Resources": {"Dev": dev}}, {"Resources": {"Dev": dev, "Policy": made}}


def test_what_a_resource_policy_of_a_template_says_is_told_with_the_names_of_its_accounts() -> None:
    without, declared = (describe({"S": each}) for each in templates())
    assert sentences(without, declared) == {(Effect.WIDENS, f"{POLICY} now says {SAYS}")}
    assert sentences(declared, without) == {(Effect.NARROWS, f"{POLICY} no longer says {SAYS}")}


def test_what_a_deploy_does_to_the_resource_policy_is_told() -> None:
    without, declared = templates()
    origin = Origin(whence=Whence.APP, stack="S", logical_id="Dev")
    accounts = {DEV: replace(KNOWN[DEV], origin=origin)}

    def changes(then: dict[str, Any], there: list[dict[str, Any]], new: dict[str, Any]) -> list[tuple[Effect, str]]:
        live = replace(with_policy(*there, stacks={"S": then}), accounts=accounts)
        found = compare(*deploy(live, describe({"S": new}))).changes
        return [(each.effect, plain(each.sentence)) for each in found]

    assert changes(without, [], declared) == [(Effect.WIDENS, f"{POLICY} now says {SAYS}")]
    assert changes(declared, DELEGATION[:1], without) == [(Effect.NARROWS, f"{POLICY} no longer says {SAYS}")]
    assert changes(without, DELEGATION, without) == [], "no deploy changes what no stack has"


@pytest.mark.parametrize(("state", "said"), [("CLOSED", "closed"), ("SUSPENDED", "restricted by AWS")])
def test_an_account_that_nobody_can_use_is_told(state: str, said: str) -> None:
    after = replace(BEFORE, accounts={DEV: replace(BEFORE.accounts[DEV], state=state)})
    assert sentences(BEFORE, after) == {(Effect.OTHER, f"account acme-dev is {said}")}
    assert sentences(after, after) == set()
    assert sentences(after, BEFORE) == {(Effect.OTHER, "account acme-dev is active again")}
