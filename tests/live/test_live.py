"""What exists, asked of AWS: each thing once, page by page, again where it was too fast."""

from __future__ import annotations

import json
from collections import Counter
from itertools import count
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import yaml  # type: ignore[import-untyped] # its stubs are a package of their own
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError

from local_aws_stacks import deploy, group
from made_by_hand import INSTANCE, MANAGEMENT, STORE, Hand
from org_constructs.live.organization import Account, Assignment, LiveOrganization, Policy, Root
from org_constructs.rehearsal.local_aws import Existing, LocalAws
from policy_documents import DENY_LEAVING, DENY_LEAVING_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
        running.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        yield running


@pytest.fixture
def hand(aws: LocalAws) -> Hand:
    return Hand(aws)


def counting(aws: LocalAws, calls: Counter[str]) -> Callable[[str], Any]:
    """Clients that count what they are asked."""

    def client(service: str) -> Any:
        made = aws.client(service)
        made.meta.events.register("before-call", lambda model, **_: calls.update([model.name]))
        return made

    return client


def answer(code: str) -> AWSResponse:
    class Raw:
        def stream(self, *_: object, **__: object) -> Iterator[bytes]:
            yield f'{{"__type": "{code}", "Message": "no"}}'.encode()

    headers = HTTPHeaders()
    headers["Content-Type"] = "application/x-amz-json-1.1"
    return AWSResponse("http://localhost", 400, headers, Raw())


class TestAnswers:
    def test_says_that_there_is_no_organization(self, aws: LocalAws) -> None:
        assert LiveOrganization(aws.client).organization() is None

    @pytest.mark.parametrize("gone", ["State", "Status"])
    def test_reads_the_state_of_accounts_under_its_new_name_and_its_old_one(
        self, aws: LocalAws, hand: Hand, gone: str
    ) -> None:
        hand.organization()

        def client(service: str) -> Any:
            made = aws.client(service)

            def forget(parsed: dict[str, Any], **_: object) -> None:
                for each in parsed.get("Accounts", ()):
                    each.pop(gone, None)

            made.meta.events.register("after-call.organizations", forget)
            return made

        assert {account.state for account in LiveOrganization(client).accounts()} == {"ACTIVE"}

    def test_lists_accounts_with_their_parents_and_states(self, aws: LocalAws, hand: Hand) -> None:
        hand.organization()
        unit = hand.unit("Workloads", parent=hand.unit("All"))
        dev = hand.account("acme-dev", "aws+dev@acme.com", unit)
        old = hand.account("acme-old", "aws+old@acme.com")
        aws.client("organizations").close_account(AccountId=old)
        accounts = {account.id: account for account in LiveOrganization(aws.client).accounts()}
        assert accounts[dev] == Account(
            id=dev, name="acme-dev", email="aws+dev@acme.com", state="ACTIVE", parent_id=unit
        )
        assert (accounts[old].state, accounts[old].active, accounts[old].parent_id) == ("CLOSED", False, hand.root)

    @pytest.mark.parametrize(
        ("said", "state"),
        [
            ({"State": "CLOSED", "Status": "SUSPENDED"}, "CLOSED"),
            ({"State": "SUSPENDED", "Status": "SUSPENDED"}, "SUSPENDED"),
            ({"State": "CLOSED"}, "CLOSED"),
            ({"Status": "SUSPENDED"}, "CLOSED"),
            ({"Status": "PENDING_CLOSURE"}, "PENDING_CLOSURE"),
        ],
        ids=str,
    )
    def test_takes_the_state_before_the_older_status(
        self, aws: LocalAws, hand: Hand, said: dict[str, str], state: str
    ) -> None:
        hand.organization()

        def client(service: str) -> Any:
            made = aws.client(service)

            def answer(parsed: dict[str, Any], **_: object) -> None:
                for each in parsed["Accounts"]:
                    del each["State"], each["Status"]
                    each.update(said)

            made.meta.events.register("after-call.organizations.ListAccounts", answer)
            return made

        assert {each.state for each in LiveOrganization(client).accounts()} == {state}

    def test_finds_parents_where_aws_does_not_say_paths(self, aws: LocalAws, hand: Hand) -> None:
        hand.organization()
        unit = hand.unit("Workloads", parent=hand.unit("All"))
        dev = hand.account("acme-dev", "aws+dev@acme.com", unit)

        def client(service: str) -> Any:
            made = aws.client(service)
            made.meta.events.register("after-call.organizations.ListAccounts", without_paths)
            return made

        def without_paths(parsed: dict[str, Any], **_: object) -> None:
            for account in parsed["Accounts"]:
                del account["Paths"]

        assert {account.id: account.parent_id for account in LiveOrganization(client).accounts()} == {
            MANAGEMENT: hand.root,
            dev: unit,
        }

    def test_lists_the_enabled_policy_types_and_who_has_a_policy(self, aws: LocalAws, hand: Hand) -> None:
        hand.organization()
        hand.service_control_policies()
        deny = hand.policy("deny", DENY_LEAVING_TEXT, hand.root)
        live = LiveOrganization(aws.client)
        assert live.root() == Root(id=hand.root, policy_types=frozenset({"SERVICE_CONTROL_POLICY"}))
        assert Policy(id=deny, name="deny", type="SERVICE_CONTROL_POLICY") in live.policies("SERVICE_CONTROL_POLICY")
        assert (live.policy_targets(deny), live.policy_content(deny)) == ((hand.root,), DENY_LEAVING)

    def test_leaves_out_what_a_user_has_through_groups(self, aws: LocalAws, hand: Hand) -> None:
        made = hand.guide()
        hand.assign(made["set"], made["user"], made["dev"], kind="USER")

        def client(service: str) -> Any:
            client_ = aws.client(service)
            client_.meta.events.register("after-call.sso-admin.ListAccountAssignmentsForPrincipal", with_groups)
            return client_

        def with_groups(parsed: dict[str, Any], **_: object) -> None:
            [own] = parsed["AccountAssignments"]
            parsed["AccountAssignments"] += [
                own | {"PrincipalType": "GROUP", "PrincipalId": made["group"], "AccountId": made["production"]}
            ]

        assert LiveOrganization(client).assignments(INSTANCE, "USER", made["user"]) == (
            Assignment(
                account_id=made["dev"],
                permission_set_arn=made["set"],
                principal_type="USER",
                principal_id=made["user"],
            ),
        )

    def test_says_that_there_is_no_stack(self, aws: LocalAws) -> None:
        assert LiveOrganization(aws.client).stack("OrgBaseline") is None

    def test_says_what_a_stack_has_and_could_not_change_and_not_what_it_no_longer_has(self, aws: LocalAws) -> None:
        assert deploy(aws, Team=group(IdentityStoreId=STORE))[0] == "CREATE_COMPLETE"
        gone, failed = ("CREATE_FAILED", "DELETE_COMPLETE", "DELETE_SKIPPED"), ("UPDATE_FAILED", "DELETE_FAILED")

        def client(service: str) -> Any:
            made = aws.client(service)
            made.meta.events.register("after-call.cloudformation.ListStackResources", with_gone)
            return made

        def with_gone(parsed: dict[str, Any], **_: object) -> None:
            [team] = parsed["StackResourceSummaries"]
            parsed["StackResourceSummaries"] += [
                team | {"LogicalResourceId": s, "ResourceStatus": s} for s in (*gone, *failed)
            ]
            parsed["StackResourceSummaries"] += [{"LogicalResourceId": "New", "ResourceStatus": "CREATE_IN_PROGRESS"}]

        stack = LiveOrganization(client).stack("OrgBaseline")
        assert stack is not None
        assert (stack.status, list(stack.resources)) == ("CREATE_COMPLETE", ["Team", *failed])
        assert stack.failed == {*failed}

    @pytest.mark.parametrize("write", [json.dumps, yaml.safe_dump], ids=["JSON", "YAML"])
    def test_reads_the_template_of_a_stack(self, aws: LocalAws, write: Callable[[object], str]) -> None:
        template = {"Resources": {"Team": group(IdentityStoreId=STORE)}}
        tags = [{"Key": "team", "Value": "platform"}]
        aws.client("cloudformation").create_stack(StackName="OrgBaseline", TemplateBody=write(template), Tags=tags)
        live = LiveOrganization(aws.client)
        assert live.template("OrgBaseline") == live.deployed_template("OrgBaseline") == template
        stack = live.stack("OrgBaseline")
        assert stack is not None
        assert stack.tags == {"team": "platform"}

    def test_knows_no_template_of_a_stack_that_has_nothing(self, aws: LocalAws) -> None:
        assert LiveOrganization(aws.client).deployed_template("OrgBaseline") is None
        same = group(IdentityStoreId=STORE)
        assert deploy(aws, Team=same, Again={**same, "DependsOn": "Team"})[0] == "ROLLBACK_COMPLETE"
        live = LiveOrganization(aws.client)
        assert live.deployed_template("OrgBaseline") is None
        assert live.template("OrgBaseline")["Resources"].keys() == {"Team", "Again"}

    def test_follows_pages(self, aws: LocalAws) -> None:
        aws.seed(Existing(account_ids=tuple(f"3333{number:08}" for number in range(45))))
        calls: Counter[str] = Counter()
        assert len({account.id for account in LiveOrganization(counting(aws, calls)).accounts()}) == 46
        assert calls["ListAccounts"] == 3


class TestQuestions:
    def test_asks_each_thing_once(self, aws: LocalAws, hand: Hand) -> None:
        hand.organization()
        calls: Counter[str] = Counter()
        live = LiveOrganization(counting(aws, calls))
        for _ in range(2):
            live.organization()
            live.organizational_units(hand.root)
            live.users(STORE)
        assert calls == {"DescribeOrganization": 1, "ListOrganizationalUnitsForParent": 1, "ListUsers": 1}

    def test_asks_again_after_an_error(self, aws: LocalAws, hand: Hand) -> None:
        hand.organization()
        refused = [answer("AccessDeniedException")]

        def client(service: str) -> Any:
            made = aws.client(service)
            made.meta.events.register("before-send", lambda **_: refused.pop() if refused else None)
            return made

        live = LiveOrganization(client)
        with pytest.raises(ClientError, match="AccessDenied"):
            live.accounts()
        assert [account.id for account in live.accounts()] == [MANAGEMENT]


class TestConnect:
    @pytest.fixture
    def session(self, aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> boto3.Session:
        for name, value in aws.environment.items():
            monkeypatch.setenv(name, value)
        return boto3.Session()

    def test_tries_again_what_was_too_fast(
        self, session: boto3.Session, hand: Hand, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hand.organization()
        monkeypatch.setattr("time.sleep", lambda _: None)
        # botocore slows down for what was too fast, by a clock of its own: here a second later each time it looks.
        seconds = count()
        monkeypatch.setattr("botocore.retries.bucket.Clock.current_time", lambda _: next(seconds))
        live = LiveOrganization.connect(session)
        throttled = [answer("TooManyRequestsException") for _ in range(6)]
        events = live.client("organizations").meta.events
        events.register("before-send", lambda **_: throttled.pop() if throttled else None)
        assert [account.id for account in live.accounts()] == [MANAGEMENT]
        assert not throttled

    def test_tries_as_often_as_the_environment_says(
        self, session: boto3.Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert LiveOrganization.connect(session).client("sts").meta.config.retries["total_max_attempts"] == 10
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "3")
        assert LiveOrganization.connect(session).client("sts").meta.config.retries["total_max_attempts"] == 3

    def test_asks_in_the_region_of_the_stack(self, session: boto3.Session) -> None:
        live = LiveOrganization.connect(session, "eu-west-1")
        assert live.client("sso-admin").meta.region_name == "eu-west-1"
        assert live.instances() == ()
