"""What the local AWS is to a process: an endpoint, credentials, what exists, and what goes wrong on request."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import boto3
import pytest
from botocore.exceptions import ClientError
from syrupy.assertion import SnapshotAssertion

from local_aws_stacks import (
    DEV,
    EXISTING,
    GROUP,
    INSTANCE,
    MANAGEMENT,
    PERMISSION_SET,
    ROOT,
    STORE,
    UNIT,
    USER,
    account,
    assignment,
    deploy,
    happened,
    permission_set,
    policy,
    resource,
    unit,
)
from org_constructs.rehearsal.local_aws import FAILURE_KINDS, Existing, LocalAws
from org_constructs.rehearsal.local_aws.services import free_tier, sso_admin
from policy_documents import ALLOW_LISTING
from refusals import refuses, without_ids

READ_ONLY: Final = "arn:aws:iam::aws:policy/ReadOnlyAccess"


@pytest.fixture
def empty_aws() -> Iterator[LocalAws]:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
        yield running


@pytest.fixture
def aws(empty_aws: LocalAws) -> LocalAws:
    empty_aws.seed(EXISTING)
    return empty_aws


class TestProcess:
    def test_is_the_management_account(self, empty_aws: LocalAws) -> None:
        assert empty_aws.client("sts").get_caller_identity()["Account"] == MANAGEMENT

    def test_replaces_the_profile_and_credentials_of_the_caller(self, empty_aws: LocalAws) -> None:
        callers = {
            "AWS_PROFILE": "acme",
            "AWS_SESSION_TOKEN": "callers",
            "AWS_CONFIG_FILE": "/nowhere",
            "AWS_ENDPOINT_URL": "http://localhost:1",
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
        }
        code = "import boto3; print(boto3.client('sts').get_caller_identity()['Account'])"
        environment = {**os.environ, **callers, **empty_aws.environment}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)  # noqa: S603 (this Python)
        assert done.stdout.strip() == MANAGEMENT

    @pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
    def test_is_past_the_callers_proxy(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        for each in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(each, raising=False)
        monkeypatch.setenv(name, "acme.com,127.0.0.1,acme.com")
        with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
            past = [running.environment[each] for each in ("NO_PROXY", "no_proxy")]
        assert past == ["acme.com,127.0.0.1,localhost"] * 2

    def test_reads_no_profile_of_the_caller(self, empty_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_PROFILE", "acme")
        assert empty_aws.client("sts").get_caller_identity()["Account"] == MANAGEMENT

    def test_has_an_access_key_of_its_own_each_time(self) -> None:
        keys = set()
        for _ in range(2):
            with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
                keys.add(running.environment["AWS_ACCESS_KEY_ID"])
        assert len(keys) == 2

    def test_leaves_the_environment_as_it_was(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MOTO_ACCOUNT_ID", "999999999999")
        before = dict(os.environ)
        with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
            assert running.client("sts").get_caller_identity()["Account"] == MANAGEMENT
        assert dict(os.environ) == before

    def test_forgets_everything_at_its_end(self) -> None:
        for _ in range(2):
            with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
                running.client("organizations").create_organization(FeatureSet="ALL")

    def test_refuses_a_second_one_in_the_same_process(self, empty_aws: LocalAws) -> None:
        with (
            pytest.raises(RuntimeError, match="already"),
            LocalAws(management_account_id=MANAGEMENT, region="us-east-1"),
        ):
            pass
        assert empty_aws.client("sts").get_caller_identity()["Account"] == MANAGEMENT

    def test_is_not_there_before_it_is_entered(self) -> None:
        with pytest.raises(RuntimeError, match="not running"):
            _ = LocalAws(management_account_id=MANAGEMENT, region="us-east-1").endpoint_url

    def test_says_so_when_it_does_not_provide_a_call(self, empty_aws: LocalAws, snapshot: SnapshotAssertion) -> None:
        with pytest.raises(ClientError) as refused:
            empty_aws.client("organizations").list_handshakes_for_account()
        assert without_ids(str(refused.value)) == snapshot


class TestSeed:
    def test_makes_an_organization_with_exactly_these_ids(self, aws: LocalAws) -> None:
        organizations = aws.client("organizations")
        assert organizations.describe_organization()["Organization"]["Id"] == EXISTING.organization_id
        root = organizations.list_roots()["Roots"][0]
        assert (root["Id"], root["PolicyTypes"]) == (ROOT, [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}])
        assert [each["Id"] for each in organizations.list_accounts()["Accounts"]] == [MANAGEMENT, DEV]
        units = organizations.list_organizational_units_for_parent(ParentId=ROOT)["OrganizationalUnits"]
        assert [each["Id"] for each in units] == [UNIT]
        for target in (ROOT, UNIT, DEV):
            attached = organizations.list_policies_for_target(TargetId=target, Filter="SERVICE_CONTROL_POLICY")
            assert [each["Name"] for each in attached["Policies"]] == ["FullAWSAccess"]

    def test_makes_an_identity_center_with_exactly_these_ids(self, aws: LocalAws) -> None:
        sso, store = aws.client("sso-admin"), aws.client("identitystore")
        instance = sso.list_instances()["Instances"][0]
        assert (instance["InstanceArn"], instance["IdentityStoreId"]) == (INSTANCE, STORE)
        assert sso.describe_instance(InstanceArn=INSTANCE)["OwnerAccountId"] == MANAGEMENT
        assert sso.list_permission_sets(InstanceArn=INSTANCE)["PermissionSets"] == [PERMISSION_SET]
        assert store.describe_user(IdentityStoreId=STORE, UserId=USER)["UserName"] == "existing-1@example.com"
        assert store.describe_group(IdentityStoreId=STORE, GroupId=GROUP)["DisplayName"] == "existing-1"

    def test_gives_them_their_names(self, empty_aws: LocalAws) -> None:
        names = {UNIT: "workloads", DEV: "acme-dev", USER: "dax@acme.com", GROUP: "Admins", PERMISSION_SET: "Support"}
        empty_aws.seed(replace(EXISTING, names=names))
        organizations, sso, store = map(empty_aws.client, ("organizations", "sso-admin", "identitystore"))
        set_ = sso.describe_permission_set(InstanceArn=INSTANCE, PermissionSetArn=PERMISSION_SET)["PermissionSet"]
        assert [
            organizations.describe_organizational_unit(OrganizationalUnitId=UNIT)["OrganizationalUnit"]["Name"],
            organizations.describe_account(AccountId=DEV)["Account"]["Name"],
            store.describe_user(IdentityStoreId=STORE, UserId=USER)["UserName"],
            store.describe_group(IdentityStoreId=STORE, GroupId=GROUP)["DisplayName"],
            set_["Name"],
        ] == list(names.values())

    def test_makes_nothing_that_is_not_named(self, empty_aws: LocalAws) -> None:
        assert empty_aws.client("sso-admin").list_instances()["Instances"] == []
        with pytest.raises(ClientError, match="AWSOrganizationsNotInUseException"):
            empty_aws.client("organizations").describe_organization()

    def test_makes_no_organization_for_the_management_account_alone(self, empty_aws: LocalAws) -> None:
        empty_aws.seed(Existing(account_ids=(MANAGEMENT,)))
        with pytest.raises(ClientError, match="AWSOrganizationsNotInUseException"):
            empty_aws.client("organizations").describe_organization()

    def test_takes_ids_of_every_documented_length(self, empty_aws: LocalAws) -> None:
        root, unit_id, policy_id = "r-" + "a" * 32, f"ou-{'a' * 32}-{'b' * 32}", "p-" + "c" * 20
        empty_aws.seed(Existing(root_id=root, organizational_unit_ids=(unit_id,), policy_ids=(policy_id,)))
        organizations = empty_aws.client("organizations")
        organizations.attach_policy(PolicyId=policy_id, TargetId=unit_id)
        organizations.tag_resource(ResourceId=unit_id, Tags=[{"Key": "Stage", "Value": "dev"}])
        assert organizations.list_tags_for_resource(ResourceId=unit_id)["Tags"] == [{"Key": "Stage", "Value": "dev"}]
        assert deploy(empty_aws, Dev=account(ParentIds=[unit_id])) == ("CREATE_COMPLETE", "")

    def test_refuses_users_without_the_identity_center_that_they_are_in(self, empty_aws: LocalAws) -> None:
        with pytest.raises(ValueError, match="need instance_arn and identity_store_id, got neither"):
            empty_aws.seed(Existing(user_ids=(USER,)))


class TestNewOrganization:
    def test_has_no_policy_type_enabled(self, empty_aws: LocalAws) -> None:
        organizations = empty_aws.client("organizations")
        organizations.create_organization(FeatureSet="ALL")
        assert organizations.list_roots()["Roots"][0]["PolicyTypes"] == []

    def test_cannot_come_with_its_policies_in_one_deploy(self, empty_aws: LocalAws) -> None:
        root = {"Fn::GetAtt": ["Org", "RootId"]}
        org = resource("AWS::Organizations::Organization")
        status, reason = deploy(empty_aws, Org=org, Deny=policy("Org", TargetIds=[root]))
        assert status == "ROLLBACK_COMPLETE"
        assert "enabled" in reason

    @pytest.mark.parametrize("policy_types", [(), ("TAG_POLICY", "SERVICE_CONTROL_POLICY")])
    def test_has_the_policy_types_that_it_is_seeded_with(
        self, empty_aws: LocalAws, policy_types: tuple[str, ...]
    ) -> None:
        empty_aws.seed(Existing(organization_id="o-acme123456", policy_types=policy_types))
        [root] = empty_aws.client("organizations").list_roots()["Roots"]
        assert [each["Type"] for each in root["PolicyTypes"]] == list(policy_types)

    def test_has_the_management_accounts_email(self) -> None:
        with LocalAws(
            management_account_id=MANAGEMENT, region="us-east-1", management_account_email="aws@acme.com"
        ) as aws:
            organizations = aws.client("organizations")
            made = organizations.create_organization(FeatureSet="ALL")["Organization"]
            [management] = organizations.list_accounts()["Accounts"]
            assert made["MasterAccountEmail"] == management["Email"] == "aws@acme.com"
            status = organizations.create_account(AccountName="acme-dev", Email="AWS@acme.com")["CreateAccountStatus"]
            assert status["FailureReason"] == "EMAIL_ALREADY_EXISTS"


class TestIdentityCenter:
    def test_is_not_there_before_it_is_enabled(self, empty_aws: LocalAws, snapshot: SnapshotAssertion) -> None:
        empty_aws.client("organizations").create_organization(FeatureSet="ALL")
        assert empty_aws.client("sso-admin").list_instances()["Instances"] == []
        assert without_ids(deploy(empty_aws, Admin=permission_set())[1]) == snapshot
        with pytest.raises(ClientError, match="IdentityStore d-9067abcd12 not found"):
            empty_aws.client("identitystore").list_users(IdentityStoreId=STORE)

    def test_is_there_once_it_is_enabled_and_is_trusted(self, empty_aws: LocalAws) -> None:
        organizations = empty_aws.client("organizations")
        organizations.create_organization(FeatureSet="ALL")
        empty_aws.enable_identity_center()
        [instance] = empty_aws.client("sso-admin").list_instances()["Instances"]
        assert empty_aws.client("identitystore").list_users(IdentityStoreId=instance["IdentityStoreId"])["Users"] == []
        [service] = organizations.list_aws_service_access_for_organization()["EnabledServicePrincipals"]
        assert service["ServicePrincipal"] == "sso.amazonaws.com"
        assert deploy(empty_aws, Admin=permission_set(InstanceArn=instance["InstanceArn"]))[0] == "CREATE_COMPLETE"

    def test_is_enabled_under_the_ids_that_are_asked_for(self, empty_aws: LocalAws) -> None:
        empty_aws.client("organizations").create_organization(FeatureSet="ALL")
        empty_aws.enable_identity_center("arn:aws:sso:::instance/ssoins-1111222233334444", "d-1111222233")
        [instance] = empty_aws.client("sso-admin").list_instances()["Instances"]
        assert instance["InstanceArn"] == "arn:aws:sso:::instance/ssoins-1111222233334444"
        assert instance["IdentityStoreId"] == "d-1111222233"

    def test_needs_an_organization_and_is_enabled_once(self, empty_aws: LocalAws, snapshot: SnapshotAssertion) -> None:
        with pytest.raises(ValueError, match="organization") as refused:
            empty_aws.enable_identity_center()
        assert without_ids(str(refused.value)) == snapshot
        empty_aws.client("organizations").create_organization(FeatureSet="ALL")
        empty_aws.enable_identity_center()
        with pytest.raises(ValueError, match="enabled already"):
            empty_aws.enable_identity_center()

    def test_says_who_reaches_it_with_which_key_and_whether_it_has_permission_sets(self, aws: LocalAws) -> None:
        sso = aws.client("sso-admin")
        instance = sso_admin.backend_of(MANAGEMENT, "us-east-1").instance(INSTANCE)
        instance.permission_sets_enabled = False
        described = sso.describe_instance(InstanceArn=INSTANCE)
        assert (described["PermissionSetsEnabled"], "NetworkConfigurationDetails" in described) == (False, False)
        assert described["EncryptionConfigurationDetails"]["KeyType"] == "AWS_OWNED_KMS_KEY"
        sso.update_instance(InstanceArn=INSTANCE, PermissionSetsEnabled=True)
        key = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
        sso.update_instance(
            InstanceArn=INSTANCE, EncryptionConfiguration={"KeyType": "CUSTOMER_MANAGED_KEY", "KmsKeyArn": key}
        )
        sso.update_instance(InstanceArn=INSTANCE, NetworkConfiguration={"VpceAccessRequired": True})
        described = sso.describe_instance(InstanceArn=INSTANCE)
        assert described["PermissionSetsEnabled"] is True
        assert described["EncryptionConfigurationDetails"]["KmsKeyArn"] == key
        assert described["NetworkConfigurationDetails"] == {"VpceAccessRequired": True}

    @pytest.mark.parametrize(
        "change",
        [
            {"PermissionSetsEnabled": False},
            {"PermissionSetsEnabled": True, "NetworkConfiguration": {"VpceAccessRequired": True}},
        ],
    )
    def test_takes_one_change_at_a_time_and_no_permission_sets_away(
        self, aws: LocalAws, change: dict[str, object]
    ) -> None:
        with pytest.raises(ClientError, match="ValidationException"):
            aws.client("sso-admin").update_instance(InstanceArn=INSTANCE, **change)


class TestAccountPlan:
    def test_is_paid_unless_a_test_says_otherwise(self, empty_aws: LocalAws) -> None:
        free_tier_client = empty_aws.client("freetier")
        plan = free_tier_client.get_account_plan_state()
        assert (plan["accountId"], plan["accountPlanType"], plan["accountPlanStatus"]) == (MANAGEMENT, "PAID", "ACTIVE")
        free_tier.plans[MANAGEMENT] = {"accountPlanType": "FREE", "accountPlanStatus": "ACTIVE"}
        assert free_tier_client.get_account_plan_state()["accountPlanType"] == "FREE"
        free_tier.plans[MANAGEMENT] = None
        with pytest.raises(free_tier_client.exceptions.ResourceNotFoundException):
            free_tier_client.get_account_plan_state()

    def test_counts_what_iam_has(self, empty_aws: LocalAws) -> None:
        iam = empty_aws.client("iam")
        iam.create_user(UserName="dax")
        assert iam.get_account_summary()["SummaryMap"]["Users"] == 1


class TestMemberAccounts:
    def client(self, aws: LocalAws, service: str) -> object:
        role = f"arn:aws:iam::{DEV}:role/OrganizationAccountAccessRole"
        credentials = aws.client("sts").assume_role(RoleArn=role, RoleSessionName="dax")["Credentials"]
        return boto3.client(  # type: ignore[call-overload]  # any service
            service,
            endpoint_url=aws.endpoint_url,
            region_name="us-east-1",
            aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretAccessKey"],
            aws_session_token=credentials["SessionToken"],
        )

    def test_answer_for_themselves(self, aws: LocalAws) -> None:
        assert self.client(aws, "sts").get_caller_identity()["Account"] == DEV  # type: ignore[attr-defined]

    def test_see_their_organization_and_change_nothing_in_it(self, aws: LocalAws) -> None:
        organizations = self.client(aws, "organizations")
        described = organizations.describe_organization()["Organization"]  # type: ignore[attr-defined]
        assert described["MasterAccountId"] == MANAGEMENT
        for call in ("list_accounts", "list_roots"):
            with pytest.raises(ClientError, match="AccessDeniedException"):
                getattr(organizations, call)()

    def test_deploy_no_organization(self, aws: LocalAws) -> None:
        cloudformation = self.client(aws, "cloudformation")
        body = json.dumps({"Resources": {"Unit": unit()}})
        cloudformation.create_stack(StackName="S", TemplateBody=body)  # type: ignore[attr-defined]
        events = cloudformation.describe_stack_events(StackName="S")["StackEvents"]  # type: ignore[attr-defined]
        assert any("HandlerErrorCode: AccessDenied" in event.get("ResourceStatusReason", "") for event in events)


class TestServices:
    def test_refuse_two_accounts_of_one_email(self, aws: LocalAws) -> None:
        status = aws.client("organizations").create_account(AccountName="x", Email="Existing-1@example.com")
        assert status["CreateAccountStatus"]["FailureReason"] == "EMAIL_ALREADY_EXISTS"

    def test_attach_a_policy_type_once_it_is_enabled(self, aws: LocalAws) -> None:
        tag_policy = policy(Type="TAG_POLICY", Content={"tags": {}}, TargetIds=[ROOT])
        assert deploy(aws, Tags=tag_policy)[0] == "ROLLBACK_COMPLETE"
        aws.client("organizations").enable_policy_type(RootId=ROOT, PolicyType="TAG_POLICY")
        assert deploy(aws, "Again", Tags=tag_policy)[0] == "CREATE_COMPLETE"

    def test_keep_the_last_service_control_policy(self, aws: LocalAws) -> None:
        with pytest.raises(ClientError, match="MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED"):
            aws.client("organizations").detach_policy(PolicyId="p-FullAWSAccess", TargetId=DEV)

    def test_update_a_user_by_attribute_paths(self, aws: LocalAws) -> None:
        store = aws.client("identitystore")
        operations = [
            {"AttributePath": "displayName", "AttributeValue": "Dax A"},
            {"AttributePath": "name.givenName", "AttributeValue": "Dax"},
            {"AttributePath": "name.familyName", "AttributeValue": "A"},
            {"AttributePath": "emails", "AttributeValue": [{"value": "dax@acme.com", "primary": True}]},
        ]
        store.update_user(IdentityStoreId=STORE, UserId=USER, Operations=operations)
        described = store.describe_user(IdentityStoreId=STORE, UserId=USER)
        assert (described["DisplayName"], described["Name"]) == ("Dax A", {"GivenName": "Dax", "FamilyName": "A"})
        assert described["Emails"][0]["Value"] == "dax@acme.com"
        by_email = {"UniqueAttribute": {"AttributePath": "emails.value", "AttributeValue": "dax@acme.com"}}
        assert store.get_user_id(IdentityStoreId=STORE, AlternateIdentifier=by_email)["UserId"] == USER

    def test_refuse_what_another_user_has(self, aws: LocalAws) -> None:
        store = aws.client("identitystore")

        def user(name: str, email: str) -> str:
            emails = [{"Value": email, "Primary": True}]
            made = store.create_user(
                IdentityStoreId=STORE,
                UserName=name,
                DisplayName="Kim",
                Name={"GivenName": "Kim", "FamilyName": "Acme"},
                Emails=emails,
            )
            return str(made["UserId"])

        kim, emails = user("kim@acme.com", "kim@acme.com"), {"AttributePath": "emails"}
        with pytest.raises(ClientError, match="Duplicate UserName"):
            user("Kim@acme.com", "k@acme.com")
        with pytest.raises(ClientError, match="Duplicate Email"):
            user("k@acme.com", "Kim@acme.com")
        taken = [{**emails, "AttributeValue": [{"value": "kim@acme.com", "primary": True}]}]
        with pytest.raises(ClientError, match="Duplicate Email"):
            store.update_user(IdentityStoreId=STORE, UserId=USER, Operations=taken)
        store.update_user(IdentityStoreId=STORE, UserId=kim, Operations=taken)

    def test_take_every_attribute_of_a_user_away_but_the_user_name(self, aws: LocalAws) -> None:
        store = aws.client("identitystore")
        title = {"AttributePath": "title", "AttributeValue": "Founder"}
        store.update_user(IdentityStoreId=STORE, UserId=USER, Operations=[title])
        assert store.describe_user(IdentityStoreId=STORE, UserId=USER)["Title"] == "Founder"
        store.update_user(IdentityStoreId=STORE, UserId=USER, Operations=[{**title, "AttributeValue": ""}])
        assert not store.describe_user(IdentityStoreId=STORE, UserId=USER).get("Title")
        none = [{"AttributePath": "userName", "AttributeValue": ""}]
        with pytest.raises(ClientError, match="userName is a required attribute"):
            store.update_user(IdentityStoreId=STORE, UserId=USER, Operations=none)

    def test_have_the_quotas_of_organizations_in_one_region_alone(self, aws: LocalAws) -> None:
        def quotas(region: str, service: str) -> list[dict[str, Any]]:
            listed = aws._running.client("service-quotas", region).list_service_quotas(ServiceCode=service)
            return list(listed["Quotas"])

        assert quotas("us-east-1", "organizations") == [
            {
                "ServiceCode": "organizations",
                "ServiceName": "AWS Organizations",
                "QuotaArn": f"arn:aws:servicequotas::{MANAGEMENT}:organizations/L-E619E033",
                "QuotaCode": "L-E619E033",
                "QuotaName": "Default maximum number of accounts",
                "Value": 10,
                "Unit": "None",
                "Adjustable": True,
                "GlobalQuota": True,
            }
        ]
        for region, service in (("eu-west-1", "organizations"), ("us-east-1", "nothing")):
            with pytest.raises(ClientError, match="NoSuchResourceException"):
                quotas(region, service)

    @pytest.mark.parametrize("path", ["name.nick", "colour", "displayName.x"])
    def test_refuse_an_attribute_that_users_do_not_have(
        self, aws: LocalAws, path: str, snapshot: SnapshotAssertion
    ) -> None:
        operations = [{"AttributePath": path, "AttributeValue": "x"}]
        with pytest.raises(ClientError) as refused:
            aws.client("identitystore").update_user(IdentityStoreId=STORE, UserId=USER, Operations=operations)
        assert without_ids(str(refused.value)) == snapshot

    def test_tell_in_which_accounts_a_permission_set_is_a_role(self, aws: LocalAws) -> None:
        deploy(aws, Access=assignment())
        sso = aws.client("sso-admin")
        accounts = sso.list_accounts_for_provisioned_permission_set(
            InstanceArn=INSTANCE, PermissionSetArn=PERMISSION_SET
        )
        assert accounts["AccountIds"] == [DEV]
        provisioned = sso.list_permission_sets_provisioned_to_account(InstanceArn=INSTANCE, AccountId=DEV)
        assert provisioned["PermissionSets"] == [PERMISSION_SET]
        elsewhere = sso.list_permission_sets_provisioned_to_account(InstanceArn=INSTANCE, AccountId=MANAGEMENT)
        assert elsewhere["PermissionSets"] == []

    @pytest.mark.parametrize(
        ("operation", "arguments"),
        [
            ("describe_permission_set", {}),
            ("update_permission_set", {"Description": "x"}),
            ("delete_permission_set", {}),
            ("list_accounts_for_provisioned_permission_set", {}),
            ("provision_permission_set", {"TargetType": "ALL_PROVISIONED_ACCOUNTS"}),
            ("put_permissions_boundary_to_permission_set", {"PermissionsBoundary": {"ManagedPolicyArn": READ_ONLY}}),
            ("get_permissions_boundary_for_permission_set", {}),
            ("delete_permissions_boundary_from_permission_set", {}),
            ("put_inline_policy_to_permission_set", {"InlinePolicy": json.dumps(ALLOW_LISTING)}),
            ("get_inline_policy_for_permission_set", {}),
            ("attach_managed_policy_to_permission_set", {"ManagedPolicyArn": READ_ONLY}),
            (
                "create_account_assignment",
                {"TargetId": DEV, "TargetType": "AWS_ACCOUNT", "PrincipalType": "USER", "PrincipalId": USER},
            ),
        ],
    )
    def test_refuse_a_permission_set_that_does_not_exist(
        self, aws: LocalAws, operation: str, arguments: dict[str, Any]
    ) -> None:
        missing = f"{PERMISSION_SET[:-4]}0000"
        with pytest.raises(ClientError, match=r"ResourceNotFoundException.*PermissionSet"):
            getattr(aws.client("sso-admin"), operation)(InstanceArn=INSTANCE, PermissionSetArn=missing, **arguments)

    def test_make_permission_sets_of_one_hour_by_default(self, aws: LocalAws) -> None:
        made = aws.client("sso-admin").create_permission_set(InstanceArn=INSTANCE, Name="Short")
        assert made["PermissionSet"]["SessionDuration"] == "PT1H"


class TestFailures:
    def deploy_with(self, failure: str, *, times: int = 1) -> list[str]:
        """Deploy two accounts and an assignment, again and again; return why each deploy failed."""
        reasons = []
        with LocalAws(management_account_id=MANAGEMENT, region="us-east-1", failures=[failure]) as running:
            running.seed(EXISTING)
            for number in range(times):
                production = account("Dev", AccountName="acme-production", Email=f"aws+{number}p@acme.com")
                dev = account(Email=f"aws+{number}@acme.com") | {"DeletionPolicy": "Retain"}
                access = assignment(TargetId={"Ref": "Production"})
                status, reason = deploy(running, f"S{number}", Dev=dev, Production=production, Access=access)
                assert (status == "CREATE_COMPLETE") == (reason == "")
                reasons.append(reason)
        return reasons

    @pytest.mark.parametrize(
        ("failure", "code", "once"),
        [
            ("ACCOUNT_TIMEOUT:production", "NotStabilized", True),
            ("ACCOUNT_TIMEOUT:acme-production", "NotStabilized", True),
            ("ACCOUNT_EMAIL_EXISTS:production", "AlreadyExists", False),
            ("FINALIZING_ORGANIZATION", "InvalidRequest", True),
            ("ACCOUNT_LIMIT_EXCEEDED:production", "ServiceLimitExceeded", False),
            ("ASSIGNMENT_FAILED:production", "GeneralServiceException", True),
        ],
    )
    def test_happen_on_request(self, failure: str, code: str, once: bool) -> None:  # noqa: FBT001 (a parameter of the test)
        """What each says, `FAILURES` in test_handlers.py has."""
        first, second = self.deploy_with(failure, times=2)
        assert first.endswith(f"HandlerErrorCode: {code})")
        assert (second == "") == once

    def test_strike_the_named_account_only(self) -> None:
        assert self.deploy_with("ACCOUNT_TIMEOUT:duction") == [""]

    def test_leave_the_account_that_timed_out(self) -> None:
        with LocalAws(
            management_account_id=MANAGEMENT, region="us-east-1", failures=["ACCOUNT_TIMEOUT:dev"]
        ) as running:
            running.seed(EXISTING)
            assert deploy(running, Dev=account(), Unit=unit("Dev"))[0] == "ROLLBACK_COMPLETE"
            assert "Unit CREATE_IN_PROGRESS" not in happened(running)
            accounts = running.client("organizations").list_accounts()["Accounts"]
            assert ("acme-dev", "aws+dev@acme.com", "ACTIVE") in [
                (a["Name"], a["Email"], a["Status"]) for a in accounts
            ]
            assert "Account with email [aws+dev@acme.com] already exists." in deploy(running, "Again", Dev=account())[1]

    @pytest.mark.parametrize(
        "failure",
        [
            *("ACCOUNT_LOST:dev", "ACCOUNT_TIMEOUT", "ACCOUNT_TIMEOUT:"),
            *("FINALIZING_ORGANIZATION:dev", "FINALIZING_ORGANIZATION:", ""),
        ],
    )
    def test_are_refused_if_they_are_unknown_or_malformed(self, failure: str, snapshot: SnapshotAssertion) -> None:
        with refuses("failure-unknown", repr(failure)) as refused:
            LocalAws(management_account_id=MANAGEMENT, region="us-east-1", failures=[failure])
        assert str(refused.value) == snapshot

    def test_each_say_where_they_are_described(self) -> None:
        assert all(kind.source.startswith("https://") for kind in FAILURE_KINDS.values())
