"""`User`: a person in the identity store of IAM Identity Center."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_identitystore as identitystore
from aws_cdk import custom_resources
from constructs import Construct

from org_constructs.aws import limits
from org_constructs.aws.user_types import CUSTOM_USER

from ._path import path_in_stack
from ._portal import say_portal
from .identity_center import IdentityCenter
from .validate import check_principal_id, check_type, check_user, is_token


@dataclass(frozen=True, kw_only=True)
class ExistingUser:
    """A person who is in the identity store already; made by `User.from_user_id`."""

    user_id: str

    def __post_init__(self) -> None:
        """Refuse an id of the wrong form."""
        check_principal_id("user_id", self.user_id)

    @property
    def _key(self) -> str:
        return self.user_id


class UserImplementation(StrEnum):
    """What a `User` becomes in the template."""

    AWS_RESOURCE = "AWS_RESOURCE"
    """`AWS::IdentityStore::User`, which CloudFormation has in us-east-1 only."""
    CUSTOM_RESOURCE = "CUSTOM_RESOURCE"
    """CDK's `AwsCustomResource` on the Identity Store API: a Lambda function, whose code needs `cdk bootstrap`."""

    @staticmethod
    def of_region(region: str) -> UserImplementation:
        """Return the one that a region has; for a region not known at synth the AWS resource."""
        known = not is_token(region)
        return (
            UserImplementation.CUSTOM_RESOURCE
            if known and region not in limits.USER_RESOURCE_REGIONS
            else UserImplementation.AWS_RESOURCE
        )


class User(Construct):
    """Define a person in the identity store, who can then be in groups and be assigned to accounts.

    Creates one `AWS::IdentityStore::User` in us-east-1, the only region that has the type, and one
    `Custom::IdentityStoreUser` elsewhere: CDK's `AwsCustomResource`, which calls CreateUser, UpdateUser and
    DeleteUser. AWS sends no invitation to a user made this way and sets no password: either the Identity Center
    setting "Send email OTP for users created from API" is on, or an administrator generates a one-time password in
    the console.

    Names and display name are updated in place. The user name cannot change: another one is another user, made before
    the old one is deleted. The e-mail is updated in place by the custom resource; the AWS resource would make another
    user with the same user name, which AWS refuses. Removing the user from the code deletes the user and the access
    with it.

    ```python
    dax = User(
        stack,
        "Dax",
        identity_center=identity_center,
        user_name="dax@acme.com",
        given_name="Dax",
        family_name="Acme",
    )
    ```

    Sources:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-identitystore-user.html,
    https://docs.aws.amazon.com/singlesignon/latest/userguide/userswithoutpwd.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        identity_center: IdentityCenter,
        user_name: str,
        given_name: str,
        family_name: str,
        email: str | None = None,
        display_name: str | None = None,
        implementation: UserImplementation | None = None,
    ) -> None:
        """Define the user.

        Args:
            scope: The stack or construct that holds it.
            construct_id: Its id in the scope.
            identity_center: The Identity Center whose identity store gets the user.
            user_name: What the person signs in with, 1 to 128 characters without spaces, usually the work e-mail.
                Cannot be changed later.
            given_name: The given name.
            family_name: The family name.
            email: The e-mail address, used by no other user; by default the user name.
            display_name: What colleagues see; by default the given name and the family name.
            implementation: What the user becomes in the template; by default what the stack's region has. Keep
                CUSTOM_RESOURCE for users made so when the AWS resource comes to your region: switching makes a
                second user of the same name, which AWS refuses.

        Raises:
            Refusal: An argument breaks a rule of AWS's.
        """
        check_type("identity_center", identity_center, IdentityCenter, "an IdentityCenter")
        check_user(
            "",
            user_name=user_name,
            given_name=given_name,
            family_name=family_name,
            email=email,
            display_name=display_name,
        )
        check_type("implementation", implementation, (UserImplementation, type(None)), "a UserImplementation")
        super().__init__(scope, construct_id)
        say_portal(scope, identity_center)
        email = user_name if email is None else email
        display_name = f"{given_name} {family_name}" if display_name is None else display_name
        self._key = path_in_stack(self) if is_token(user_name) else user_name
        if (
            implementation or UserImplementation.of_region(cdk.Stack.of(self).region)
        ) is UserImplementation.AWS_RESOURCE:
            resource = identitystore.CfnUser(
                self,
                "Resource",
                identity_store_id=identity_center.identity_store_id,
                user_name=user_name,
                name=identitystore.CfnUser.NameProperty(given_name=given_name, family_name=family_name),
                display_name=display_name,
                emails=[identitystore.CfnUser.EmailsItemsProperty(value=email, type="work", primary=True)],
            )
            self._user_id: str = resource.attr_user_id
        else:
            self._user_id = _user_by_api(
                self,
                identity_store_id=identity_center.identity_store_id,
                user_name=user_name,
                given_name=given_name,
                family_name=family_name,
                email=email,
                display_name=display_name,
            )

    @staticmethod
    def from_user_id(user_id: str) -> ExistingUser:
        """Name a person who is in the identity store already, for instance one that an identity provider put there.

        Nothing is created.

        Args:
            user_id: The id in the identity store: `aws identitystore get-user-id`.

        Raises:
            Refusal: The id is not of AWS's form.
        """
        return ExistingUser(user_id=user_id)

    @property
    def user_id(self) -> str:
        """The id of the user in the identity store; a token."""
        return self._user_id


def _user_by_api(
    scope: Construct,
    *,
    identity_store_id: str,
    user_name: str,
    given_name: str,
    family_name: str,
    email: str,
    display_name: str,
) -> str:
    """Define a user made by calls of the Identity Store API, and return its id.

    https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_UpdateUser.html
    """
    emails = [{"Value": email, "Type": "work", "Primary": True}]
    this_user = {"IdentityStoreId": identity_store_id, "UserId": custom_resources.PhysicalResourceIdReference()}
    attributes = {
        "displayName": display_name,
        "name.givenName": given_name,
        "name.familyName": family_name,
        "emails": emails,
    }
    resource = custom_resources.AwsCustomResource(
        scope,
        # Another user name is another user, so it is the id: CloudFormation makes the new one before it deletes the
        # old.
        "Resource" if is_token(user_name) else user_name,
        resource_type=CUSTOM_USER,
        on_create=_call(
            "createUser",
            {
                "IdentityStoreId": identity_store_id,
                "UserName": user_name,
                "Name": {"GivenName": given_name, "FamilyName": family_name},
                "DisplayName": display_name,
                "Emails": emails,
            },
            physical_resource_id=custom_resources.PhysicalResourceId.from_response("UserId"),
        ),
        on_update=_call(
            "updateUser",
            {
                **this_user,
                "Operations": [{"AttributePath": path, "AttributeValue": value} for path, value in attributes.items()],
            },
        ),
        # After a creation that failed CloudFormation asks for a deletion under an id that is none of a user's, and a
        # refusal of that would leave the stack stuck in its rollback.
        on_delete=_call(
            "deleteUser", this_user, ignore_error_codes_matching="ResourceNotFoundException|ValidationException"
        ),
        role=_role(cdk.Stack.of(scope)),
        # The SDK of the Lambda runtime has these calls, and installing a newer one at run time would need the internet.
        install_latest_aws_sdk=False,
    )
    # One statement for all users of a stack, since IAM limits what the policies of a role may hold together. The
    # principal is another role than ours where the stack had an AwsCustomResource before: all of them share one
    # function.
    granted = resource.grant_principal.add_to_principal_policy(_permissions(cdk.Stack.of(scope), identity_store_id))
    if granted.policy_dependable is not None:
        resource.node.add_dependency(granted.policy_dependable)
    # Not the response's UserId: UpdateUser answers without one, and CloudFormation would lose the id on an update.
    return resource.node.find_child("Resource").ref  # type: ignore[attr-defined,no-any-return] # a CustomResource


def _call(
    action: str,
    parameters: Mapping[str, object],
    *,
    physical_resource_id: custom_resources.PhysicalResourceId | None = None,
    ignore_error_codes_matching: str | None = None,
) -> custom_resources.AwsSdkCall:
    return custom_resources.AwsSdkCall(
        service="identitystore",
        action=action,
        parameters=parameters,
        physical_resource_id=physical_resource_id,
        ignore_error_codes_matching=ignore_error_codes_matching,
        output_paths=["UserId"],
    )


def _role(stack: cdk.Stack) -> iam.IRole:
    """Return the role of the function that creates the stack's users, defining it for the first of them."""
    role_id = "IdentityStoreUsersRole"
    found = stack.node.try_find_child(role_id)
    if isinstance(found, iam.Role):
        return found
    role = iam.Role(
        stack,
        role_id,
        description="Creates, updates and deletes users of IAM Identity Center for CloudFormation",
        assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AWSLambdaBasicExecutionRole")],
    )
    acknowledge = cdk.Validations.of(role).acknowledge
    # CDK writes the partition out where it knows the region, and cdk-nag names the resource as it is written.
    partition = "<AWS::Partition>" if is_token(stack.partition) else stack.partition
    acknowledge(
        cdk.Acknowledgment(
            id="AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]",
            reason="It allows the function to write its log and nothing else; AWS keeps it.",
        )
    )
    acknowledge(
        cdk.Acknowledgment(
            id=f"AwsSolutions-IAM5[Resource::arn:{partition}:identitystore:::user/*]",
            reason="A user has no id before it is created; the statement also names the one identity store.",
        )
    )
    return role


def _permissions(stack: cdk.Stack, identity_store_id: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        actions=["identitystore:CreateUser", "identitystore:DeleteUser", "identitystore:UpdateUser"],
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentitystore.html
        resources=[
            f"arn:{stack.partition}:identitystore::{stack.account}:identitystore/{identity_store_id}",
            f"arn:{stack.partition}:identitystore:::user/*",
        ],
    )
