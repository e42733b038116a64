"""`deploy_policy` by what it allows: a simulator of IAM decides the calls of the handlers of the resource types."""

from __future__ import annotations

import json
import re
import subprocess
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

import iam_reference
from cloud_assembly import baseline, stack, write_assembly
from iam_simulator import Policies, Request, decide
from org_constructs.aws.limits import MANAGED_POLICY_MAX
from org_constructs.aws.regions import regions
from org_constructs.deploy_policy import (
    RESOURCE_TYPES,
    DeployPolicy,
    handler_permissions,
    make_deploy_policy,
)
from org_constructs.deploy_policy.actions import NO_RESOURCE, subjects
from org_constructs.templates.assembly import read_stacks
from organizations import ORGANIZATIONS, make_app, template_of
from project import ROOT
from real_clients import iam_simulator, node
from refusals import refuses

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MANAGEMENT: Final = "111122223333"
OTHER: Final = "999900001111"
ORGANIZATION: Final = "o-exampleorg1"
INSTANCE: Final = "ssoins-1111222233334444"
STORE: Final = "d-1111222233"
LAMBDA_POLICY: Final = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
SCHEMAS: Final = files("cfnlint.data.schemas")

NOT_IN_THE_REFERENCE: Final = {
    "lambda:AssociateRuntimeAlias",  # newer than the reference
    "s3:REST.PUT.OBJECT",  # what S3's logs call a request
    "sso:UpdateApplicationProfileForAWSAccountInstance",  # of a type that no organization of the tests has
}
WITHOUT_OWNER: Final = {
    "identitystore": {"User", "AllUsers", "Group", "AllGroups", "GroupMembership", "AllGroupMemberships"},
    "sso": {"Account"},
}
"""Resources whose ARN does not say of which identity store or organization they are: the others in the request do."""

OF_KEPT_ROLES: Final = (
    *("AttachRolePolicy", "DetachRolePolicy", "ListAttachedRolePolicies"),
    *("PutRolePolicy", "DeleteRolePolicy", "ListRolePolicies"),
    *("PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary"),
    *("CreateRole", "DeleteRole", "GetRole", "UpdateRole", "UpdateRoleDescription"),
)
"""What Identity Center calls on the roles that it keeps in the management account for permission sets.

https://docs.aws.amazon.com/singlesignon/latest/userguide/iam-auth-access-using-id-policies.html
and, for boundaries, https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSSSOServiceRolePolicy.html
"""

every_organization = pytest.mark.parametrize("name", ORGANIZATIONS, ids=list(ORGANIZATIONS))


@cache
def published(resource_type: str) -> Mapping[str, list[str]]:
    """The permissions of a type's handlers, as cfn-lint ships the schemas."""
    hashes = json.loads((SCHEMAS / "providers" / "us-east-1.json").read_bytes())
    schema = json.loads((SCHEMAS / "resources" / f"{hashes[resource_type]}.json").read_bytes())
    return {name: sorted(set(handler["permissions"])) for name, handler in schema["handlers"].items()}


@cache
def reference(resource_types: tuple[str, ...]) -> Mapping[str, Mapping[str, bool] | None]:
    """By action the kinds of resources it is on, and whether it is always on them; None for what is no action."""
    actions = {action for each in resource_types for actions in published(each).values() for action in actions}
    done = subprocess.run(  # noqa: S603 (our own program)
        [node(), str(ROOT / "tests" / "helpers" / "iam_reference.mjs"), str(iam_simulator())],
        input=json.dumps(sorted(actions)),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        timeout=60,
    )
    found: Mapping[str, Mapping[str, bool] | None] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, DeployPolicy]:
    made = {}
    for name, organization in ORGANIZATIONS.items():
        app = make_app(tmp_path_factory.mktemp(name) / "cdk.out")
        organization(app)
        app.synth()
        made[name] = make_deploy_policy(read_stacks(Path(app.outdir)))
    return made


def types_of(name: str) -> list[str]:
    types = {resource["Type"] for resource in template_of(name)["Resources"].values()}
    return sorted(each for each in types if not each.startswith("Custom::"))


def arns(
    service: str,
    resource_type: str,
    *,
    region: str,
    account: str = MANAGEMENT,
    organization: str = ORGANIZATION,
    instance: str = INSTANCE,
    store: str = STORE,
    stack_name: str = "OrgBaseline",
    iam_role: str = "",
) -> dict[str, list[str]]:
    """By the reference's names of kinds the resources that a deploy of the stack touches."""
    organizations = f"arn:aws:organizations::{account}"
    here = f"{region}:{account}"
    by_service = {
        "organizations": {
            "account": [f"{organizations}:account/{organization}/444455556666"],
            "organizationalunit": [f"{organizations}:ou/{organization}/ou-ab12-11112222"],
            "policy": [f"{organizations}:policy/{organization}/service_control_policy/p-examplepolicyid111"],
            "root": [f"{organizations}:root/{organization}/r-ab12"],
        },
        "sso": {
            "Account": [f"arn:aws:sso:::account/{each}" for each in ("444455556666", MANAGEMENT)],
            "Instance": [f"arn:aws:sso:::instance/{instance}"],
            "PermissionSet": [f"arn:aws:sso:::permissionSet/{instance}/ps-0123456789abcdef"],
        },
        "identitystore": {
            "Identitystore": [f"arn:aws:identitystore::{account}:identitystore/{store}"],
            "User": ["arn:aws:identitystore:::user/94482488-3041-7077-d4c2-a9f0ad6a41a0"],
            "AllUsers": ["arn:aws:identitystore:::user/*"],
            "Group": ["arn:aws:identitystore:::group/1111222233-11112222-3333-4444-5555-666677779999"],
            "AllGroups": ["arn:aws:identitystore:::group/*"],
            "GroupMembership": ["arn:aws:identitystore:::membership/94482488-3041-7077-d4c2-a9f0ad6a41a1"],
            "AllGroupMemberships": ["arn:aws:identitystore:::membership/*"],
        },
        "iam": {
            "role": [f"arn:aws:iam::{account}:role/{iam_role}"],
            "saml-provider": [f"arn:aws:iam::{account}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE"],
            "user": [f"arn:aws:iam::{account}:user/{stack_name}-User-1A2B3C"],
            "group": [f"arn:aws:iam::{account}:group/{stack_name}-Group-1A2B3C"],
        },
        "lambda": {
            "function": [f"arn:aws:lambda:{here}:function:{stack_name}-AWS679f53fac002430cb0da5b-1A2B3C"],
            "code signing config": [f"arn:aws:lambda:{here}:code-signing-config:csc-0123456789abcdef0"],
            "capacityProvider": [f"arn:aws:lambda:{here}:capacity-provider:mine"],
            "layerVersion": [f"arn:aws:lambda:{here}:layer:mine:1"],
        },
        "logs": {"log-group": [f"arn:aws:logs:{here}:log-group:/aws/lambda/{stack_name}-AWS679f53fac002430c-1A2B3C"]},
        "s3": {"object": [f"arn:aws:s3:::cdk-hnb659fds-assets-{account}-{region}/0123.zip"]},
        "kms": {"key": [f"arn:aws:kms:{here}:key/11112222-3333-4444-5555-666677778888"]},
        "elasticfilesystem": {"file-system": [f"arn:aws:elasticfilesystem:{here}:file-system/fs-1"]},
        "s3files": {"file-system": [f"arn:aws:s3files:{here}:file-system/fs-1"]},
        "firehose": {"deliverystream": [f"arn:aws:firehose:{here}:deliverystream/mine"]},
        "ec2": {},
    }
    found = dict(by_service[service])
    if resource_type == "AWS::Organizations::Policy":
        found["policy"] = [*found["policy"], found["policy"][0].replace("service_control", "backup")]
    return found


def roles(resource_type: str, action: str, *, stack_name: str = "OrgBaseline") -> list[str]:
    if action == "iam:CreateServiceLinkedRole":
        return ["aws-service-role/organizations.amazonaws.com/AWSServiceRoleForOrganizations"]
    if resource_type.startswith("AWS::SSO::"):
        role = "AWSReservedSSO_AdministratorAccess_0123456789abcdef"
        return [f"aws-reserved/sso.amazonaws.com/{role}", f"aws-reserved/sso.amazonaws.com/eu-west-1/{role}"]
    return [f"{stack_name}-IdentityStoreUsersRole0C4EF80E-1A2B3C"]


def context(action: str, region: str) -> dict[str, str]:
    """What AWS says of a call beside its resource."""
    return {
        "iam:CreateServiceLinkedRole": {"iam:AWSServiceName": "organizations.amazonaws.com"},
        "iam:AttachRolePolicy": {"iam:PolicyARN": LAMBDA_POLICY},
        "iam:DetachRolePolicy": {"iam:PolicyARN": LAMBDA_POLICY},
        "iam:PassRole": {"iam:PassedToService": "lambda.amazonaws.com"},
    }.get(action) or ({"kms:ViaService": f"lambda.{region}.amazonaws.com"} if action.startswith("kms:") else {})


KIND_OF: Final = {
    "AWS::Organizations::Account": "account",
    "AWS::Organizations::OrganizationalUnit": "organizationalunit",
    "AWS::Organizations::Policy": "policy",
    "AWS::Lambda::Function": "function",
    "AWS::Logs::LogGroup": "log-group",
}


def kinds(resource_type: str, action: str) -> set[str]:
    """The kinds that a handler calls the action on: where the reference leaves a choice, on the resource itself."""
    named = reference(tuple(RESOURCE_TYPES))[action]
    assert named is not None
    required = {kind for kind, is_required in named.items() if is_required}
    optional = named.keys() - required
    if re.search(r":(Tag|Untag|ListTagsFor)Resource$|:ListParents$", action):
        own = KIND_OF.get(resource_type)
        return required | (optional & ({own} if own else {"Instance", "PermissionSet"}))
    return required | (optional - {"accesspointobject", "access-point"})


def calls(name: str, **of: str) -> Iterator[tuple[str, str, Request]]:
    """Yield type, kind of resource and call, for everything that the handlers of the organization's types call."""
    for resource_type in types_of(name):
        handlers = published(resource_type).items()
        called = {action for handler, actions in handlers if handler in run(name, resource_type) for action in actions}
        for action in sorted(called):
            if action in NOT_IN_THE_REFERENCE:
                continue
            on = kinds(resource_type, action)
            if not on:
                yield resource_type, "*", request(name, action, "*")
            for kind in sorted(on):
                for arn in touched(name, resource_type, action, kind, of):
                    yield resource_type, kind, request(name, action, arn)


def run(name: str, resource_type: str) -> set[str]:
    """The handlers that a deploy may run for a type: nothing deletes what is retained."""
    of_type = [each for each in template_of(name)["Resources"].values() if each["Type"] == resource_type]
    retained = all(each.get("DeletionPolicy") == "Retain" == each.get("UpdateReplacePolicy") for each in of_type)
    return {"create", "list", "read", "update"} | (set() if retained else {"delete"})


def touched(name: str, resource_type: str, action: str, kind: str, of: Mapping[str, str]) -> Iterator[str]:
    stack_name = of.get("stack_name", "OrgBaseline")
    for role in roles(resource_type, action, stack_name=stack_name) if kind == "role" else [""]:
        of_kinds = arns(action.partition(":")[0], resource_type, region=region_of(name), iam_role=role, **of)
        # Only one of the organizations has policies of another type.
        yield from (arn for arn in of_kinds[kind] if name == "grown" or "/backup_policy/" not in arn)


def region_of(name: str) -> str:
    return "eu-west-1" if name == "elsewhere" else "us-east-1"


def request(name: str, action: str, arn: str) -> Request:
    return Request(
        principal=f"arn:aws:sts::{MANAGEMENT}:assumed-role/OrgBaselineDeploy/AWSCloudFormation",
        action=action,
        resource=arn,
        account=MANAGEMENT,
        context=context(action, region_of(name)),
    )


def calls_beside(name: str) -> Iterator[tuple[str, str, Request]]:
    """Yield what is called beside the handlers, as `calls` does."""
    yield from (("", "", request(name, action, arn)) for action, arn in _beside(name))


def _beside(name: str) -> Iterator[tuple[str, str]]:
    if name == "elsewhere":
        region = region_of(name)
        yield "ssm:GetParameters", f"arn:aws:ssm:{region}:{MANAGEMENT}:parameter/cdk-bootstrap/hnb659fds/version"
        yield (
            "lambda:InvokeFunction",
            f"arn:aws:lambda:{region}:{MANAGEMENT}:function:OrgBaseline-AWS679f53fac002430cb0da5b7982bd-1A2B3C",
        )
    for role in roles("AWS::SSO::Assignment", ""):
        for action in OF_KEPT_ROLES:
            yield f"iam:{action}", f"arn:aws:iam::{MANAGEMENT}:role/{role}"
    for action in ("iam:GetSAMLProvider", "iam:UpdateSAMLProvider"):
        yield action, f"arn:aws:iam::{MANAGEMENT}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE"


def identity(policy: DeployPolicy) -> Policies:
    return Policies(identity=policy.documents)


@every_organization
def test_allows_every_call_of_every_handler(name: str, policies: Mapping[str, DeployPolicy]) -> None:
    asked = [*calls(name), *calls_beside(name)]
    decided = decide([(request, identity(policies[name])) for _, _, request in asked])
    denied = [
        f"{resource_type}: {request.action} on {request.resource}"
        for (resource_type, _, request), decision in zip(asked, decided, strict=True)
        if decision.identity != ["Allowed"]
    ]
    assert denied == []
    assert len(asked) > 80


@every_organization
@pytest.mark.parametrize(
    "of",
    [
        pytest.param({"account": OTHER, "organization": "o-otherorg123"}, id="organization"),
        pytest.param({"instance": "ssoins-9999888877776666", "store": "d-9999888877"}, id="instance"),
        pytest.param({"stack_name": "Website"}, id="stack"),
    ],
)
def test_allows_nothing_on_what_is_of_another(
    name: str, of: dict[str, str], policies: Mapping[str, DeployPolicy]
) -> None:
    ours = {(request.action, request.resource) for _, _, request in calls(name)}
    asked = [
        request
        for _, kind, request in calls(name, **of)
        if (request.action, request.resource) not in ours
        and kind not in WITHOUT_OWNER.get(request.action.partition(":")[0], ())
    ]
    if set(of) == {"stack_name"} and name != "elsewhere":
        assert asked == []
        return
    decided = decide([(request, identity(policies[name])) for request in asked])
    allowed = [
        f"{request.action} on {request.resource}"
        for request, decision in zip(asked, decided, strict=True)
        if decision.identity != ["ImplicitlyDenied"]
    ]
    assert allowed == []
    assert len(asked) > 10


@every_organization
def test_needs_each_of_its_statements(name: str, policies: Mapping[str, DeployPolicy]) -> None:
    policy = policies[name]
    requests = [request for _, _, request in calls(name)]
    decided = decide([(request, identity(policy)) for request in requests])
    asked = []
    for statement in policy.statements:
        rest = [other for other in policy.statements if other is not statement]
        only = [
            request
            for request, decision in zip(requests, decided, strict=True)
            if decision.allowed_by == [statement["Sid"]]
        ]
        assert only, f"every call of {statement['Sid']} is allowed by others"
        asked.append((only[0], Policies(identity=[{"Version": "2012-10-17", "Statement": rest}])))
    assert {decision.identity[0] for decision in decide(asked)} == {"ImplicitlyDenied"}


@every_organization
def test_needs_each_resource_and_each_action_of_its_statements(name: str, policies: Mapping[str, DeployPolicy]) -> None:
    requests = [request for _, _, request in (*calls(name), *calls_beside(name))]
    # What AWS's documentation and not a schema asks for, and what is newer than the reference.
    beside_schemas = re.compile(r"iam:\w+|lambda:AssociateRuntimeAlias")
    service_linked_role_of_identity_center = "role/aws-service-role/sso.amazonaws.com/*"
    for statement in policies[name].statements:
        for arn in _list(statement["Resource"]):
            pattern = re.compile(re.escape(arn).replace(r"\*", ".*"))
            assert arn.endswith(service_linked_role_of_identity_center) or any(
                request.action in _list(statement["Action"]) and pattern.fullmatch(request.resource)
                for request in requests
            ), (statement["Sid"], arn)
        for action in _list(statement["Action"]):
            asked = any(request.action == action for request in requests)
            assert asked or beside_schemas.fullmatch(action), (statement["Sid"], action)


def _list(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def test_attaches_to_the_roles_of_the_stack_no_policy_but_theirs(policies: Mapping[str, DeployPolicy]) -> None:
    (request,) = (
        request
        for resource_type, _, request in calls("elsewhere")
        if (resource_type, request.action) == ("AWS::IAM::Role", "iam:AttachRolePolicy")
    )
    administrator = {"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"}
    asked = [request, Request(**{**vars(request), "context": administrator})]
    decided = decide([(each, identity(policies["elsewhere"])) for each in asked])
    assert [decision.identity for decision in decided] == [["Allowed"], ["ImplicitlyDenied"]]


def test_attaches_what_the_deploy_alone_knows(tmp_path: Path) -> None:
    known, unknown = "arn:aws:iam::aws:policy/ReadOnlyAccess", {"Fn::ImportValue": "Policy"}
    role = {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": [known, unknown]}}
    policy = made(tmp_path, {**baseline(), "Role": role})
    assert statement(policy, "AttachedRoles")["Condition"] == {"ArnLike": {"iam:PolicyARN": ["*", known]}}


def test_passes_the_role_to_lambda_alone(policies: Mapping[str, DeployPolicy]) -> None:
    (request,) = (request for _, _, request in calls("elsewhere") if request.action == "iam:PassRole")
    to_ec2 = Request(**{**vars(request), "context": {"iam:PassedToService": "ec2.amazonaws.com"}})
    decided = decide([(each, identity(policies["elsewhere"])) for each in (request, to_ec2)])
    assert [decision.identity for decision in decided] == [["Allowed"], ["ImplicitlyDenied"]]


def test_only_what_the_reference_does_not_have_is_left_out_of_the_simulation() -> None:
    known = reference(tuple(RESOURCE_TYPES))
    assert {action for action, named in known.items() if named is None} == NOT_IN_THE_REFERENCE


def test_has_the_permissions_of_the_installed_schemas() -> None:
    version = json.loads((SCHEMAS / "version.json").read_bytes())
    assert handler_permissions() == {
        "schema_date": version["schema_date"],
        "types": {each: dict(published(each)) for each in RESOURCE_TYPES},
    }, "run scripts/handler-permissions"


@every_organization
def test_fits_managed_policies(name: str, policies: Mapping[str, DeployPolicy]) -> None:
    documents = policies[name].documents
    assert [statement for document in documents for statement in document["Statement"]] == sorted(
        policies[name].statements, key=lambda statement: _place(documents, statement)
    )
    assert all(len(re.sub(r"\s", "", json.dumps(document))) <= MANAGED_POLICY_MAX for document in documents)
    assert len(documents) == (2 if name == "elsewhere" else 1)
    sids = [statement["Sid"] for statement in policies[name].statements]
    assert len(sids) == len(set(sids))


def _place(documents: Sequence[Mapping[str, Any]], statement: Mapping[str, Any]) -> int:
    return next(number for number, document in enumerate(documents) if statement in document["Statement"])


def test_says_how_the_stacks_are_deployed(policies: Mapping[str, DeployPolicy]) -> None:
    assert {name: (policy.direct, policy.bootstrapped) for name, policy in policies.items()} == {
        "guide": (("OrgBaseline",), ()),
        "grown": (("OrgBaseline",), ()),
        "existing": (("OrgBaseline",), ()),
        "elsewhere": ((), ("OrgBaseline",)),
    }


def made(folder: Path, resources: Mapping[str, Any], **arguments: Any) -> DeployPolicy:
    environment = arguments.pop("environment", f"aws://{MANAGEMENT}/us-east-1")
    assembly = write_assembly(folder / "cdk.out", {"OrgBaseline": stack(resources, environment=environment)})
    return make_deploy_policy(read_stacks(assembly), **arguments)


def statement(policy: DeployPolicy, sid: str) -> Mapping[str, Any]:
    return next(each for each in policy.statements if each["Sid"] == sid)


def test_narrows_to_the_organization_that_is_named(tmp_path: Path) -> None:
    policy = made(tmp_path, baseline(), organization_id=ORGANIZATION)
    assert statement(policy, "Accounts")["Resource"] == f"arn:aws:organizations::{MANAGEMENT}:account/{ORGANIZATION}/*"
    assert not any("organization's id" in note for note in policy.notes)
    assert any("organization's id" in note for note in made(tmp_path, baseline()).notes)


def test_finds_the_organization_in_a_stack_that_is_not_deployed(tmp_path: Path) -> None:
    says = stack({"Assignment": assignment("444455556666")})
    says["template"] |= {
        "Metadata": {"OrgBaseline": {"Company": "acme"}},
        "Outputs": {"OrganizationId": {"Value": ORGANIZATION}},
    }
    assembly = write_assembly(tmp_path / "cdk.out", {"OrgBaseline": says, "More": stack(baseline())})
    policy = make_deploy_policy(read_stacks(assembly), selected=["More"])
    assert statement(policy, "Accounts")["Resource"] == f"arn:aws:organizations::{MANAGEMENT}:account/{ORGANIZATION}/*"


def test_does_not_take_the_organization_of_another_account(tmp_path: Path) -> None:
    says = stack({"Assignment": assignment("444455556666")}, environment=f"aws://{OTHER}/us-east-1")
    says["template"] |= {
        "Metadata": {"OrgBaseline": {"Company": "acme"}},
        "Outputs": {"OrganizationId": {"Value": ORGANIZATION}},
    }
    assembly = write_assembly(tmp_path / "cdk.out", {"Theirs": says, "OrgBaseline": stack(baseline())})
    policy = make_deploy_policy(read_stacks(assembly), selected=["OrgBaseline"])
    assert statement(policy, "Accounts")["Resource"] == f"arn:aws:organizations::{MANAGEMENT}:account/o-*/*"


def test_says_nothing_of_an_organization_that_is_not_touched(tmp_path: Path) -> None:
    (note,) = made(tmp_path, {"Assignment": assignment("444455556666")}).notes
    assert note.startswith("it can give anybody access to any account")


def test_refuses_the_id_of_no_organization(tmp_path: Path) -> None:
    with refuses("organization-id-form", "'r-ab12'"):
        made(tmp_path, baseline(), organization_id="r-ab12")


def actions_of(policy: DeployPolicy) -> set[str]:
    return {action for each in policy.statements for action in _list(each["Action"])}


RETAINED: Final = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
CLOSE: Final = "organizations:CloseAccount"
DELETE_ORGANIZATION: Final = "organizations:DeleteOrganization"


@pytest.mark.parametrize("retained", [{}, RETAINED, {**RETAINED, "UpdateReplacePolicy": "Delete"}])
def test_deletes_what_the_templates_do_not_retain(tmp_path: Path, retained: Mapping[str, str]) -> None:
    organization = {"Type": "AWS::Organizations::Organization", **retained}
    policy = made(tmp_path, {**baseline(), "Organization": organization})
    assert (DELETE_ORGANIZATION in actions_of(policy)) == (retained != RETAINED)


@pytest.mark.parametrize("deletion", ["Retain", "Delete", "RetainExceptOnCreate"])
def test_closes_accounts_where_it_is_asked_to_alone(tmp_path: Path, deletion: str) -> None:
    resources = baseline()
    resources["Dev"]["DeletionPolicy"] = deletion
    policy, closing = (made(tmp_path, resources, allow_closing=allowed) for allowed in (False, True))
    assert actions_of(closing) - actions_of(policy) == {CLOSE}
    assert actions_of(policy) <= actions_of(closing)
    assert [note.split(" where ")[0] for note in policy.notes if "--allow-closing" in note] == (
        [] if deletion == "Retain" else ["the templates close acme-dev"]
    )
    assert any(note.startswith("it can close any account") for note in closing.notes)


def test_closes_no_account_of_stacks_without_any(tmp_path: Path) -> None:
    resources = {"Assignment": assignment("444455556666")}
    policy, closing = (made(tmp_path, resources, allow_closing=allowed) for allowed in (False, True))
    assert (closing.statements, closing.notes) == (policy.statements, policy.notes)


def test_takes_an_account_for_retained_where_the_template_leaves_it_to_cloudformation(tmp_path: Path) -> None:
    resources = baseline()
    del resources["Dev"]["DeletionPolicy"]
    assert not any("--allow-closing" in note for note in made(tmp_path, resources).notes)


def assignment(target: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::SSO::Assignment",
        "Properties": {
            "InstanceArn": f"arn:aws:sso:::instance/{INSTANCE}",
            "PermissionSetArn": f"arn:aws:sso:::permissionSet/{INSTANCE}/ps-0123456789abcdef",
            "PrincipalId": "94482488-3041-7077-d4c2-a9f0ad6a41a0",
            "PrincipalType": "USER",
            "TargetId": target,
            "TargetType": "AWS_ACCOUNT",
        },
    }


@pytest.mark.parametrize(
    ("targets", "accounts"),
    [
        (["444455556666", {"Ref": "AWS::AccountId"}], [MANAGEMENT, "444455556666"]),
        (["444455556666", {"Fn::ImportValue": "Dev"}], ["*"]),
    ],
)
def test_narrows_to_the_accounts_that_are_known(tmp_path: Path, targets: list[Any], accounts: list[str]) -> None:
    policy = made(tmp_path, {f"Assignment{number}": assignment(target) for number, target in enumerate(targets)})
    resources = statement(policy, "AssignedAccountsInstancePermissionSets")["Resource"]
    assert [each for each in resources if ":account/" in each] == [f"arn:aws:sso:::account/{each}" for each in accounts]


def test_refuses_an_instance_that_the_deploy_alone_knows(tmp_path: Path) -> None:
    unknown = assignment("444455556666")
    unknown["Properties"]["InstanceArn"] = {"Fn::ImportValue": "Instance"}
    with refuses("property-unknown", "InstanceArn", '{"Fn::ImportValue": "Instance"}', "OrgBaseline"):
        made(tmp_path, {"Assignment": unknown})


@pytest.mark.parametrize(
    ("region", "partition"), {each.name: (key, each.name) for key, each in regions().items()}.values()
)
def test_is_of_the_partition_of_the_region(tmp_path: Path, region: str, partition: str) -> None:
    policy = made(tmp_path, baseline(), environment=f"aws://{MANAGEMENT}/{region}")
    resources = (each["Resource"] for each in policy.statements)
    arns = [arn for each in resources for arn in ([each] if isinstance(each, str) else each) if arn != "*"]
    # The instance is as the template spells it.
    own = [arn for arn in arns if not arn.startswith("arn:aws:sso:::instance/") and ":permissionSet/" not in arn]
    assert {arn.split(":")[1] for arn in own} == {policy.partition} == {partition}


def test_refuses_a_type_that_is_not_of_an_organization(tmp_path: Path) -> None:
    resources = {**baseline(), "Bucket": {"Type": "AWS::S3::Bucket"}}
    with refuses("resource-type-unknown", "AWS::S3::Bucket", "OrgBaseline"):
        made(tmp_path, resources)


@pytest.mark.parametrize("resource_type", ["AWS::IAM::RolePolicy", "AWS::IAM::User"])
def test_refuses_a_type_whose_name_begins_like_a_known_one(tmp_path: Path, resource_type: str) -> None:
    with refuses("resource-type-unknown", f"{resource_type} in OrgBaseline"):
        made(tmp_path, {**baseline(), "Other": {"Type": resource_type}})


@pytest.mark.parametrize("exists", [True, False])
def test_reads_no_nested_stack(tmp_path: Path, *, exists: bool) -> None:
    of_child = {"Resources": {"Group": {"Type": "AWS::IdentityStore::Group", "Properties": {"IdentityStoreId": STORE}}}}
    (tmp_path / "cdk.out").mkdir()
    (tmp_path / "cdk.out" / "child.json").write_text(json.dumps(of_child), encoding="utf-8")
    child = {"Type": "AWS::CloudFormation::Stack", "Metadata": {"aws:asset:path": "child.json"}, "Condition": "Exists"}
    parent = stack({"Assignment": assignment("444455556666"), "Child": child})
    parent["template"]["Conditions"] = {"Exists": {"Fn::Equals": ["yes", "yes" if exists else "no"]}}
    stacks = read_stacks(write_assembly(tmp_path / "cdk.out", {"OrgBaseline": parent}))
    if exists:
        with refuses("resource-type-unknown", "AWS::CloudFormation::Stack in OrgBaseline"):
            make_deploy_policy(stacks)
    else:
        assert STORE not in str(make_deploy_policy(stacks).statements)


def test_leaves_stacks_without_an_organization_aside(tmp_path: Path) -> None:
    website = stack({"Bucket": {"Type": "AWS::S3::Bucket"}}, environment="aws://444455556666/eu-west-1")
    assembly = write_assembly(tmp_path / "cdk.out", {"Website": website, "OrgBaseline": stack(baseline())})
    policy = make_deploy_policy(read_stacks(assembly))
    assert (policy.stacks, policy.account, policy.region) == (("OrgBaseline",), MANAGEMENT, "us-east-1")


@pytest.mark.parametrize(
    ("environment", "what"),
    [("aws://unknown-account/us-east-1", "account"), (f"aws://{MANAGEMENT}/unknown-region", "region")],
)
def test_refuses_a_stack_that_is_for_anywhere(tmp_path: Path, environment: str, what: str) -> None:
    with refuses("environment-not-one", f"the same {what}", "OrgBaseline any"):
        made(tmp_path, baseline(), environment=environment)


def test_refuses_stacks_of_two_accounts(tmp_path: Path) -> None:
    other = stack({"Assignment": assignment(OTHER)}, environment=f"aws://{OTHER}/us-east-1")
    assembly = write_assembly(tmp_path / "cdk.out", {"OrgBaseline": stack(baseline()), "Other": other})
    with refuses("environment-not-one", f"OrgBaseline {MANAGEMENT}, Other {OTHER}"):
        make_deploy_policy(read_stacks(assembly))
    assert make_deploy_policy(read_stacks(assembly), selected=["Other"]).account == OTHER


def test_refuses_a_stack_that_is_not_there(tmp_path: Path) -> None:
    with refuses("stack-unknown", "'Org'", "OrgBaseline"):
        made(tmp_path, baseline(), selected=["Org"])


def test_refuses_an_assembly_without_an_organization(tmp_path: Path) -> None:
    with refuses("organization-missing", "OrgBaseline"):
        made(tmp_path, {"Bucket": {"Type": "AWS::S3::Bucket"}})


def function(**properties: Any) -> dict[str, Any]:
    code = {"S3Bucket": {"Fn::Sub": "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"}, "S3Key": "0123.zip"}
    return {"Type": "AWS::Lambda::Function", "Properties": {"Code": code, **properties}}


def test_finds_what_the_template_composes(tmp_path: Path) -> None:
    policy = made(tmp_path, {**baseline(), "Function": function(FunctionName="users")})
    assert statement(policy, "Functions")["Resource"] == f"arn:aws:lambda:us-east-1:{MANAGEMENT}:function:users"
    assert statement(policy, "Bootstrap")["Resource"] == f"arn:aws:s3:::cdk-hnb659fds-assets-{MANAGEMENT}-us-east-1/*"


def test_reads_the_parameters_of_systems_manager_alone(tmp_path: Path) -> None:
    with_parameters = stack(baseline())
    with_parameters["template"]["Parameters"] = {
        "Version": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk-bootstrap/acme/version"},
        "Name": {"Type": "String", "Default": "acme"},
        "Given": {"Type": "AWS::SSM::Parameter::Value<String>"},
    }
    policy = make_deploy_policy(read_stacks(write_assembly(tmp_path / "cdk.out", {"OrgBaseline": with_parameters})))
    [reading] = [each for each in policy.statements if "ssm:GetParameters" in each["Action"]]
    assert reading["Resource"] == f"arn:aws:ssm:us-east-1:{MANAGEMENT}:parameter/cdk-bootstrap/acme/version"


def test_what_is_called_on_no_resource_can_be_narrowed_to_none() -> None:
    called = [
        (resource_type, permission)
        for resource_type, permissions in handler_permissions()["types"].items()
        for permission in sorted({each for handler in permissions.values() for each in handler})
        if permission.partition(":")[2] in iam_reference.services().get(permission.partition(":")[0], {})
    ]
    assert len(called) > 150
    for resource_type, permission in called:
        is_on_none = subjects(resource_type, permission) == (NO_RESOURCE,)
        assert is_on_none == (not iam_reference.action(permission).arns), (resource_type, permission)


def test_knows_the_types_that_the_baseline_does_not_make(tmp_path: Path) -> None:
    resources = {
        "Delegation": {"Type": "AWS::Organizations::ResourcePolicy", "Properties": {"Content": {}}},
        "Attributes": {
            "Type": "AWS::SSO::InstanceAccessControlAttributeConfiguration",
            "Properties": {"InstanceArn": f"arn:aws:sso:::instance/{INSTANCE}"},
        },
    }
    policy = made(tmp_path, resources, organization_id=ORGANIZATION)
    assert {each["Sid"]: each["Resource"] for each in policy.statements} == {
        "Instance": f"arn:aws:sso:::instance/{INSTANCE}",
        "NoResource": "*",
        "ResourcePolicies": f"arn:aws:organizations::{MANAGEMENT}:resourcepolicy/{ORGANIZATION}/rp-*",
    }


def test_deploys_by_cloudformation_alone_what_the_bootstrap_does_not(tmp_path: Path) -> None:
    role = f"arn:aws:iam::{MANAGEMENT}:role/cdk-deploy"
    stacks = {"Direct": stack(baseline()), "ByBootstrap": stack(baseline(), properties={"assumeRoleArn": role})}
    policy = make_deploy_policy(read_stacks(write_assembly(tmp_path / "cdk.out", stacks)))
    allowed = {
        each["Sid"]: each["Resource"] for document in policy.deployer_documents for each in document["Statement"]
    }
    assert allowed["BootstrapRoles"] == role
    assert allowed["Stacks"] == f"arn:aws:cloudformation:us-east-1:{MANAGEMENT}:stack/Direct/*"


def test_keeps_the_beginning_of_a_long_stack_name(tmp_path: Path) -> None:
    name = "the-organization-of-acme-incorporated"
    long = stack({**baseline(), "Function": function()}, properties={"stackName": name})
    policy = make_deploy_policy(read_stacks(write_assembly(tmp_path / "cdk.out", {"OrgBaseline": long})))
    assert statement(policy, "Functions")["Resource"].endswith(f":function:{name[:24]}*")


def test_leaves_out_what_there_is_nothing_of(tmp_path: Path) -> None:
    inline = function(Code={"ZipFile": "exports.handler = async () => {}"})
    policy = made(tmp_path, {**baseline(), "Function": inline})
    assert "Bootstrap" not in [each["Sid"] for each in policy.statements]
