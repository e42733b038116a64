"""The ways from some permissions to all: which actions make an administrator of whoever may take them.

Read on 2026-11-26, and renewed by reading these again:
https://pathfinding.cloud/paths/ (its list is in https://github.com/DataDog/pathfinding.cloud/tree/main/data/paths)
https://github.com/DataDog/pathfinding-labs (paths that were tried, newer ones among them)
https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/
https://github.com/nccgroup/PMapper/tree/master/principalmapper/graphing
https://github.com/salesforce/cloudsplaining/blob/master/cloudsplaining/shared/constants.py
https://github.com/BishopFox/iam-vulnerable
https://cloud.hacktricks.wiki/en/pentesting-cloud/aws-security/aws-privilege-escalation/index.html
The resources of each action: https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# Of each service, any resource that nobody names: what is about it is about all of them. None of these can be the name
# or the id of anything, so that no policy means it alone, not by how it begins or ends either; each id is as long as
# real ones.
OTHER: Final = " any other name "
ACCOUNT: Final = "ANY-ACCOUNT-"
REGION: Final = "ANY-REGION-1"
INSTANCE: Final = "ssoins-ANY-INSTANCE-ID-"
STORE: Final = "d-ANY-STORE-"
ORGANIZATION: Final = "o-ANY-ORGAN-"

_IAM: Final = f"arn:aws:iam::{ACCOUNT}:{{}}/{OTHER}"
_INSTANCE: Final = f"arn:aws:sso:::instance/{INSTANCE}"
_PERMISSION_SET: Final = f"arn:aws:sso:::permissionSet/{INSTANCE}/ps-{OTHER}"
_STORE: Final = f"arn:aws:identitystore::{ACCOUNT}:identitystore/{STORE}"
GROUP: Final = "arn:aws:identitystore:::group/{}"
_USER: Final = f"arn:aws:identitystore:::user/{OTHER}"
_ANY: Final = f"arn:aws:{{}}:{REGION}:{ACCOUNT}:{{}}{OTHER}"

ANY_ROLE: Final = _IAM.format("role")

ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/{{}}"

ROLES_OF_ACCOUNTS: Final = (
    "AWSCloudFormationStackSetExecutionRole",
    "AWSControlTowerExecution",
    "OrganizationAccountAccessRole",
)
"""Roles that administer accounts, and that the management account may assume: those of Organizations, of Control Tower
and of StackSets.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html
https://docs.aws.amazon.com/controltower/latest/userguide/roles-how.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-prereqs-self-managed.html
"""

ROLES_OF_ADMINISTRATORS: Final = tuple(
    ROLE.format(name) for name in ("Admin", "Administrator", "AdministratorAccess", "admin", "administrator")
)
"""Roles whose name says that they administer their account."""

GROUPS_OF_ADMINISTRATORS: Final = tuple(
    f"arn:aws:iam::{ACCOUNT}:group/{name}" for name in ("Admins", "Administrators", "admins", "administrators")
)
"""Groups of IAM users whose name says so."""

QUALIFIER: Final = "hnb659fds"
CDK_DEPLOYMENT: Final = ROLE.format(f"cdk-{QUALIFIER}-deploy-role-{ACCOUNT}-{REGION}")
CDK_EXECUTION: Final = ROLE.format(f"cdk-{QUALIFIER}-cfn-exec-role-{ACCOUNT}-{REGION}")
"""What `cdk bootstrap` makes: a role with AdministratorAccess, unless it is told otherwise, which trusts CloudFormation
alone; and one that passes that role to CloudFormation, and trusts its account.

https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html#bootstrapping-env-roles
https://github.com/aws/aws-cdk-cli/blob/main/packages/aws-cdk/lib/api/bootstrap/bootstrap-template.yaml
"""

CLOUD_FORMATION: Final = "cloudformation.amazonaws.com"

ADD_USER: Final = "iam:AddUserToGroup"
ADD_MEMBER: Final = "identitystore:CreateGroupMembership"
ASSIGN: Final = "sso:CreateAccountAssignment"
ASSUME_ROLE: Final = "sts:AssumeRole"
PASS_ROLE: Final = "iam:PassRole"  # noqa: S105 (an action)
TRUST: Final = "iam:UpdateAssumeRolePolicy"
"""Who may assume a role."""

DELEGATED: Final = (
    "account.amazonaws.com",
    "iam.amazonaws.com",
    "member.org.stacksets.cloudformation.amazonaws.com",
    "sso.amazonaws.com",
)
"""Services whose delegated administrator can become the administrator of every account: by its e-mail address, as its
root user, by a stack in it, or by an assignment.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html
"""

ROOT_TASK: Final = "arn:aws:iam::aws:policy/root-task/IAMCreateRootUserPassword"
"""The one of the tasks of `sts:AssumeRoot` that leads to everything: whoever reads the account's mail then signs in as
its root user.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html
"""

OF_IAM: Final[Mapping[str, tuple[str, ...]]] = {
    "iam:AddClientIDToOpenIDConnectProvider": (_IAM.format("oidc-provider"),),
    ADD_USER: (_IAM.format("group"),),
    "iam:AttachGroupPolicy": (_IAM.format("group"),),
    "iam:AttachRolePolicy": (_IAM.format("role"),),
    "iam:AttachUserPolicy": (_IAM.format("user"),),
    "iam:CreateAccessKey": (_IAM.format("user"),),
    "iam:CreateLoginProfile": (_IAM.format("user"),),
    "iam:CreatePolicyVersion": (_IAM.format("policy"),),
    "iam:DeleteRolePermissionsBoundary": (_IAM.format("role"),),
    "iam:DeleteUserPermissionsBoundary": (_IAM.format("user"),),
    "iam:PutGroupPolicy": (_IAM.format("group"),),
    "iam:PutRolePermissionsBoundary": (_IAM.format("role"),),
    "iam:PutRolePolicy": (_IAM.format("role"),),
    "iam:PutUserPermissionsBoundary": (_IAM.format("user"),),
    "iam:PutUserPolicy": (_IAM.format("user"),),
    "iam:SetDefaultPolicyVersion": (_IAM.format("policy"),),
    "iam:UpdateAssumeRolePolicy": (_IAM.format("role"),),
    "iam:UpdateLoginProfile": (_IAM.format("user"),),
    "iam:UpdateOpenIDConnectProviderThumbprint": (_IAM.format("oidc-provider"),),
    "iam:UpdateSAMLProvider": (_IAM.format("saml-provider"),),
}
"""Actions of IAM, each alone, and the resource that one is to be allowed on: whoever may take one in an account
administers it."""

OF_ORGANIZATION: Final[Mapping[str, tuple[str, ...]]] = {
    "account-access:CreateEntitlement": (_ANY.format("account-access", "application/"),),
    ADD_MEMBER: (_STORE, GROUP.format(OTHER)),
    "identitystore:UpdateUser": (_STORE, _USER),
    "organizations:PutResourcePolicy": (f"arn:aws:organizations::{ACCOUNT}:resourcepolicy/{ORGANIZATION}/{OTHER}",),
    "organizations:RegisterDelegatedAdministrator": (
        f"arn:aws:organizations::{ACCOUNT}:account/{ORGANIZATION}/{OTHER}",
    ),
    "sso-directory:AddMemberToGroup": ("*",),
    "sso-directory:CreateBearerToken": ("*",),
    "sso-directory:CreateExternalIdPConfigurationForDirectory": ("*",),
    "sso-directory:EnableExternalIdPConfigurationForDirectory": ("*",),
    "sso-directory:ImportExternalIdPCertificate": ("*",),
    "sso-directory:UpdateExternalIdPConfigurationForDirectory": ("*",),
    "sso-directory:UpdatePassword": ("*",),
    "sso-directory:UpdateUser": ("*",),
    "sso:AssociateDirectory": ("*",),
    "sso:AttachCustomerManagedPolicyReferenceToPermissionSet": (_PERMISSION_SET,),
    "sso:AttachManagedPolicyToPermissionSet": (_PERMISSION_SET,),
    ASSIGN: (_INSTANCE, _PERMISSION_SET),
    "sso:DeletePermissionsBoundaryFromPermissionSet": (_PERMISSION_SET,),
    "sso:PutInlinePolicyToPermissionSet": (_PERMISSION_SET,),
    "sso:PutPermissionsPolicy": ("*",),
    "sts:AssumeRole": (ANY_ROLE,),
    "sts:AssumeRoot": (f"arn:aws:iam::{ACCOUNT}:root",),
}
"""Actions, each alone, that are nothing in an ordinary account, and everything in the management account or in one
that it delegated to: there they give access to every account, and every account trusts its roles.

After the first resource come those that decide only where a policy names some of their kind: who may assign, to an
instance, one permission set alone gives nobody another one.

Whoever says where people sign in, with which password, from which directory or by whose certificate, or fills the
directory with a bearer token, signs in as an administrator. Whoever changes a person's e-mail address gets the mail by
which a password is set anew.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiamidentitycenterdirectory.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiamidentitycenter.html
https://docs.aws.amazon.com/singlesignon/latest/userguide/resetpassword-accessportal.html
https://docs.aws.amazon.com/singlesignon/latest/userguide/manage-your-identity-source-idp.html
"""

OF_MANAGEMENT: Final[tuple[Mapping[str, tuple[str, ...]], ...]] = (
    {"account:StartPrimaryEmailUpdate": (), "account:AcceptPrimaryEmailUpdate": ()},
    {"cloudformation:CreateStackSet": (), "cloudformation:CreateStackInstances": ()},
    {"cloudformation:UpdateStackSet": (_ANY.format("cloudformation", "stackset/"),)},
    {"iam:EnableOrganizationsRootCredentialsManagement": ()},
    {"iam:EnableOrganizationsRootSessions": ()},
    {"sso:AssociateProfile": ()},
    {"sso:CreateProfile": ()},
    {"sso:UpdateProfile": ()},
)
"""Actions that, together, are everything in the management account, and ordinary where else a policy names them; the
resources of the first as above, any at all if there are none.

A new e-mail address of an account is that of its root user. A stack set with the permissions that Organizations manages
makes its stacks, in every account, as a role that may do everything there. Root sessions let whoever may take
`sts:AssumeRoot` act in every account. Profiles are what the console associates with people where the API assigns.
https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-root-user-email.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-activate-trusted-access.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-enable-root-access.html
https://docs.aws.amazon.com/singlesignon/latest/userguide/sso-info-in-cloudtrail.html
"""

BY_ANY_NAME: Final = frozenset(
    {
        "cloudformation:UpdateStackSet",
        "iam:AddClientIDToOpenIDConnectProvider",
        "iam:UpdateOpenIDConnectProviderThumbprint",
        "iam:UpdateSAMLProvider",
    }
)
"""Actions for which a resource of any name will do: whoever says for whom a provider vouches signs in
to the roles that trust it, and a stack set reaches the accounts that it is given, whatever they are called.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStackSet.html
"""

MADE: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "role": (
        ("iam:AttachRolePolicy", "iam:PutRolePolicy"),
        ("iam:CreateRole", "iam:UpdateAssumeRolePolicy", "sts:AssumeRole"),
    ),
    "user": (
        ("iam:AttachUserPolicy", "iam:PutUserPolicy"),
        ("iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile"),
    ),
}
"""Actions by which somebody makes a role or a user an administrator, and by which they become it: one of each, on the
same one, is enough, whatever it is called.

https://pathfinding.cloud/paths/iam-014
https://pathfinding.cloud/paths/iam-018
https://pathfinding.cloud/paths/iam-019
"""

PASSED: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "airflow-serverless.amazonaws.com": (("airflow-serverless:CreateWorkflow", "airflow-serverless:StartWorkflowRun"),),
    "airflow.amazonaws.com": (("airflow:CreateEnvironment",),),
    "amplify.amazonaws.com": (("amplify:CreateApp", "amplify:StartJob"),),
    "apigateway.amazonaws.com": (("apigateway:PUT", "apigateway:POST"),),
    "apprunner.amazonaws.com": (
        ("apprunner:CreateService",),
        ("apprunner:UpdateService",),
    ),
    "appstream.amazonaws.com": (
        ("appstream:CreateFleet", "appstream:CreateStreamingURL"),
        ("appstream:CreateImageBuilder", "appstream:CreateImageBuilderStreamingURL"),
    ),
    "appsync.amazonaws.com": (("appsync:CreateDataSource", "appsync:CreateResolver"),),
    "athena.amazonaws.com": (("athena:CreateWorkGroup", "athena:StartSession", "athena:StartCalculationExecution"),),
    "bedrock-agentcore.amazonaws.com": (
        ("bedrock-agentcore:CreateAgentRuntime", "bedrock-agentcore:InvokeAgentRuntime"),
        (
            "bedrock-agentcore:CreateCodeInterpreter",
            "bedrock-agentcore:StartCodeInterpreterSession",
            "bedrock-agentcore:InvokeCodeInterpreter",
        ),
    ),
    "braket.amazonaws.com": (("braket:CreateJob",),),
    CLOUD_FORMATION: (
        ("cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"),
        ("cloudformation:CreateStack",),
        ("cloudformation:CreateStackSet", "cloudformation:CreateStackInstances"),
        ("cloudformation:UpdateStack",),
        ("cloudformation:UpdateStackSet",),
    ),
    "codebuild.amazonaws.com": (
        ("codebuild:CreateProject", "codebuild:StartBuild"),
        ("codebuild:CreateProject", "codebuild:StartBuildBatch"),
        ("codebuild:UpdateProject", "codebuild:StartBuild"),
        ("codebuild:UpdateProject", "codebuild:StartBuildBatch"),
    ),
    "codepipeline.amazonaws.com": (
        ("codepipeline:CreatePipeline",),
        ("codepipeline:UpdatePipeline", "codepipeline:StartPipelineExecution"),
    ),
    "cognito-identity.amazonaws.com": (("cognito-identity:SetIdentityPoolRoles",),),
    "credentials.iot.amazonaws.com": (("iot:CreateRoleAlias", "iot:CreateKeysAndCertificate", "iot:AttachPolicy"),),
    "datapipeline.amazonaws.com": (("datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition"),),
    "ec2.amazonaws.com": (
        ("autoscaling:CreateLaunchConfiguration", "autoscaling:CreateAutoScalingGroup"),
        ("autoscaling:CreateLaunchConfiguration", "autoscaling:UpdateAutoScalingGroup"),
        ("cloud9:CreateEnvironmentEC2",),
        ("datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition"),
        ("ec2:AssociateIamInstanceProfile",),
        ("ec2:CreateLaunchTemplate", "autoscaling:CreateAutoScalingGroup"),
        ("ec2:CreateLaunchTemplate", "ec2:CreateFleet"),
        ("ec2:ReplaceIamInstanceProfileAssociation",),
        ("ec2:RequestSpotFleet",),
        ("ec2:RequestSpotInstances",),
        ("ec2:RunInstances",),
        ("elasticbeanstalk:CreateEnvironment",),
        ("elasticbeanstalk:UpdateEnvironment",),
        ("elasticmapreduce:RunJobFlow",),
        ("iam:AddRoleToInstanceProfile",),
        ("imagebuilder:CreateInfrastructureConfiguration", "imagebuilder:CreateImage"),
    ),
    "ecs-tasks.amazonaws.com": (
        ("batch:RegisterJobDefinition", "batch:SubmitJob"),
        ("ecs:RegisterTaskDefinition", "ecs:CreateService"),
        ("ecs:RegisterTaskDefinition", "ecs:UpdateService"),
        ("ecs:RunTask",),
        ("ecs:StartTask",),
    ),
    "elasticmapreduce.amazonaws.com": (("elasticmapreduce:RunJobFlow",),),
    "emr-containers.amazonaws.com": (("emr-containers:StartJobRun",),),
    "emr-serverless.amazonaws.com": (("emr-serverless:StartJobRun",),),
    "events.amazonaws.com": (("events:PutRule", "events:PutTargets"),),
    "fis.amazonaws.com": (("fis:CreateExperimentTemplate", "fis:StartExperiment"),),
    "gamelift.amazonaws.com": (("gamelift:CreateBuild", "gamelift:CreateFleet"),),
    "glue.amazonaws.com": (
        ("glue:CreateDevEndpoint",),
        ("glue:CreateJob", "glue:CreateTrigger"),
        ("glue:CreateJob", "glue:StartJobRun"),
        ("glue:CreateSession", "glue:RunStatement"),
        ("glue:UpdateJob", "glue:CreateTrigger"),
        ("glue:UpdateJob", "glue:StartJobRun"),
    ),
    "kinesisanalytics.amazonaws.com": (("kinesisanalytics:CreateApplication", "kinesisanalytics:StartApplication"),),
    "lambda.amazonaws.com": (
        ("lambda:CreateFunction", "lambda:AddPermission"),
        ("lambda:CreateFunction", "lambda:CreateEventSourceMapping"),
        ("lambda:CreateFunction", "lambda:CreateFunctionUrlConfig"),
        ("lambda:CreateFunction", "lambda:InvokeFunction"),
        ("lambda:UpdateFunctionConfiguration", "lambda:InvokeFunction"),
        ("synthetics:CreateCanary", "synthetics:StartCanary"),
    ),
    "omics.amazonaws.com": (("omics:CreateWorkflow", "omics:StartRun"),),
    "pipes.amazonaws.com": (("pipes:CreatePipe",),),
    "pods.eks.amazonaws.com": (("eks:CreatePodIdentityAssociation",),),
    "rolesanywhere.amazonaws.com": (("rolesanywhere:CreateTrustAnchor", "rolesanywhere:CreateProfile"),),
    "sagemaker.amazonaws.com": (
        ("sagemaker:CreateCluster",),
        ("sagemaker:CreateDomain", "sagemaker:CreatePresignedDomainUrl"),
        ("sagemaker:CreateHyperParameterTuningJob",),
        ("sagemaker:CreateModel", "sagemaker:CreateEndpoint"),
        ("sagemaker:CreateNotebookInstance",),
        ("sagemaker:CreatePipeline", "sagemaker:StartPipelineExecution"),
        ("sagemaker:CreateProcessingJob",),
        ("sagemaker:CreateTrainingJob",),
        ("sagemaker:CreateUserProfile", "sagemaker:CreatePresignedDomainUrl"),
    ),
    "scheduler.amazonaws.com": (
        ("scheduler:CreateSchedule",),
        ("scheduler:UpdateSchedule",),
    ),
    "servicecatalog.amazonaws.com": (("servicecatalog:CreateConstraint", "servicecatalog:ProvisionProduct"),),
    "ssm.amazonaws.com": (
        ("config:PutRemediationConfigurations", "config:StartRemediationExecution"),
        ("ssm:CreateActivation",),
        ("ssm:CreateMaintenanceWindow", "ssm:RegisterTaskWithMaintenanceWindow"),
        ("ssm:StartAutomationExecution",),
    ),
    "states.amazonaws.com": (
        ("states:CreateStateMachine", "states:StartExecution"),
        ("states:TestState",),
        ("states:UpdateStateMachine", "states:StartExecution"),
    ),
    "synthetics.amazonaws.com": (("synthetics:CreateCanary", "synthetics:StartCanary"),),
    "tasks.apprunner.amazonaws.com": (
        ("apprunner:CreateService",),
        ("apprunner:UpdateService",),
    ),
}
"""Actions that, together, run somebody's code or calls with a role that is passed along, by the service that it is
passed to, as `iam:PassedToService` has it: that key keeps a role from other services, and no role from this one.

Whoever puts a role into an instance profile passes it too, and an instance that has the profile gets the role. API
Gateway and AppSync call any service of AWS's as the role, and an experiment runs commands on instances as far as the
role may. Others hand out the role's credentials: to a machine, to whoever has a certificate, to a pod, or to a visitor.

Not here: what only copies data as the role does, as DataSync and Database Migration Service do; CodeDeploy, whose
scripts have the role of the instance, which is in `BORROWED`; AWS Proton and AWS IoT Greengrass V1, which ended on
2026-10-07; AWS IoT Greengrass V2, whose devices have a role alias of `credentials.iot.amazonaws.com`.
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-integration-types.html
https://docs.aws.amazon.com/appsync/latest/devguide/tutorial-http-resolvers.html
https://docs.aws.amazon.com/systems-manager/latest/userguide/hybrid-multicloud-service-role.html
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_RegisterTaskWithMaintenanceWindow.html
https://docs.aws.amazon.com/rolesanywhere/latest/userguide/security-iam.html
https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html
https://docs.aws.amazon.com/iot/latest/developerguide/authorizing-direct-aws.html
https://docs.aws.amazon.com/appstream2/latest/developerguide/using-iam-roles-to-grant-permissions-to-applications-scripts-streaming-instances.html
https://docs.aws.amazon.com/fis/latest/userguide/actions-ssm-agent.html
https://docs.aws.amazon.com/proton/latest/userguide/proton-end-of-support.html
https://docs.aws.amazon.com/greengrass/v1/developerguide/maintenance-policy.html
https://docs.aws.amazon.com/greengrass/v2/developerguide/interact-with-aws-services.html
"""

BORROWED: Final[tuple[Mapping[str, tuple[str, ...]], ...]] = (
    {"apprunner:UpdateService": (_ANY.format("apprunner", "service/"),)},
    {"batch:SubmitJob": (_ANY.format("batch", "job-definition/"),)},
    {"bedrock-agentcore:InvokeCodeInterpreter": (_ANY.format("bedrock-agentcore", "code-interpreter-custom/"),)},
    {"cloud9:CreateEnvironmentMembership": (_ANY.format("cloud9", "environment:"),)},
    {
        "cloudformation:CreateChangeSet": (_ANY.format("cloudformation", "stack/"),),
        "cloudformation:ExecuteChangeSet": (),
    },
    {"cloudformation:UpdateStack": (_ANY.format("cloudformation", "stack/"),)},
    {"codebuild:StartBuild": (_ANY.format("codebuild", "project/"),)},
    {"codebuild:StartBuildBatch": (_ANY.format("codebuild", "project/"),)},
    {
        "codedeploy:CreateDeployment": (_ANY.format("codedeploy", "deploymentgroup:"),),
        "codedeploy:RegisterApplicationRevision": (),
    },
    {"ec2:CreateLaunchTemplateVersion": (_ANY.format("ec2", "launch-template/"),), "ec2:ModifyLaunchTemplate": ()},
    {"ec2-instance-connect:SendSSHPublicKey": (_ANY.format("ec2", "instance/"),)},
    {
        "ec2:ModifyInstanceAttribute": (_ANY.format("ec2", "instance/"),),
        "ec2:StartInstances": (),
        "ec2:StopInstances": (),
    },
    {"ecs:ExecuteCommand": (_ANY.format("ecs", "task/"),)},
    {"elasticmapreduce:AddJobFlowSteps": (_ANY.format("elasticmapreduce", "cluster/"),)},
    {"glue:UpdateDevEndpoint": (_ANY.format("glue", "devEndpoint/"),)},
    {"lambda:UpdateFunctionCode": (_ANY.format("lambda", "function:"),)},
    {"lambda:UpdateFunctionConfiguration": (_ANY.format("lambda", "function:"),)},
    {"sagemaker:CreatePresignedDomainUrl": (_ANY.format("sagemaker", "user-profile/"),)},
    {"sagemaker:CreatePresignedNotebookInstanceUrl": (_ANY.format("sagemaker", "notebook-instance/"),)},
    {
        "sagemaker:UpdateNotebookInstance": (_ANY.format("sagemaker", "notebook-instance/"),),
        "sagemaker:CreateNotebookInstanceLifecycleConfig": (),
    },
    {"ssm:CreateAssociation": (_ANY.format("ec2", "instance/"),)},
    {"ssm:SendCommand": (_ANY.format("ec2", "instance/"), f"arn:aws:ssm:{REGION}::document/AWS-RunShellScript")},
    {"ssm:StartSession": (_ANY.format("ec2", "instance/"),)},
    {"states:UpdateStateMachine": (_ANY.format("states", "stateMachine:"),), "states:StartExecution": ()},
)
"""Actions that, together, run somebody's code with the role that something has already, and the resources of the first
as above: those without are to be allowed on any resource at all.

CodeDeploy runs the scripts of a revision on the instances of a deployment group.
https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
"""

TAGGING: Final[Mapping[str, str]] = {
    "apprunner": "apprunner:TagResource",
    "bedrock-agentcore": "bedrock-agentcore:TagResource",
    "cloud9": "cloud9:TagResource",
    "cloudformation": "cloudformation:TagResource",
    "ec2": "ec2:CreateTags",
    "ecs": "ecs:TagResource",
    "elasticmapreduce": "elasticmapreduce:AddTags",
    "glue": "glue:TagResource",
    "iam:oidc-provider": "iam:TagOpenIDConnectProvider",
    "iam:policy": "iam:TagPolicy",
    "iam:role": "iam:TagRole",
    "iam:saml-provider": "iam:TagSAMLProvider",
    "iam:user": "iam:TagUser",
    "lambda": "lambda:TagResource",
    "sagemaker": "sagemaker:AddTags",
    "sso": "sso:TagResource",
    "states": "states:TagResource",
}
"""What gives a resource of a service, or of a kind of one, a tag: whoever may do that chooses which conditions on its
tags hold.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
"""

TAGGING_PRINCIPALS: Final[Mapping[str, str]] = {
    "iam:TagRole": ANY_ROLE,
    "iam:TagUser": _IAM.format("user"),
    "sts:TagSession": ANY_ROLE,
}
"""What gives a principal a tag, and which one.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
"""

REWRITTEN: Final[tuple[tuple[str, ...], ...]] = (
    ("iam:CreatePolicyVersion",),
    ("iam:SetDefaultPolicyVersion",),
    ("iam:DeletePolicy", "iam:CreatePolicy"),
)
"""Actions that, together, make a managed policy say something else: whoever may take them on a permissions boundary
is not bounded by it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
"""

UNBOUND: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary"): (
        "iam:AttachRolePolicy",
        "iam:CreateRole",
        "iam:PutRolePolicy",
        TRUST,
    ),
    ("iam:DeleteUserPermissionsBoundary", "iam:PutUserPermissionsBoundary"): (
        "iam:AttachUserPolicy",
        "iam:PutUserPolicy",
    ),
}
"""What removes, or replaces, the permissions boundary of a role or a user, and which actions it frees of theirs."""

WRITTEN: Final[tuple[tuple[str, ...], ...]] = (*REWRITTEN, ("iam:CreatePolicy",))
"""The same of a policy of which only a part of the name is given, so that it may be a new one."""

ACTIONS: Final[frozenset[str]] = frozenset(
    action.lower()
    for actions in (
        (PASS_ROLE, *OF_IAM, *OF_ORGANIZATION, *TAGGING.values(), *TAGGING_PRINCIPALS),
        *OF_MANAGEMENT,
        *(actions for pair in MADE.values() for actions in pair),
        *(actions for ways in PASSED.values() for actions in ways),
        *BORROWED,
        *WRITTEN,
    )
    for action in actions
)
"""All of these actions, in lower case: what else a policy allows decides nothing."""
