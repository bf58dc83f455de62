"""The published ways by which an identity gets more permissions than it was given.

A path is a set of actions that are all needed. An action on a *reach* counts only where the policy allows it on every
name of a kind of resource (`role/*`, `*`), or, for some, on the identity itself; an action without a reach counts
wherever it is allowed at all, as its resources are new or of the attacker's own making.

Sources are given with each path: the first publication, or the entry of pathfinding.cloud, which collects them. Only
the facts are taken over, the actions of each path. The file is long because it is one table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["PATHS", "EscalationPath", "Need", "Reach"]


@dataclass(frozen=True, slots=True)
class Reach:
    """A kind of resource: `head` is the form in which its ARNs begin, a `*` for each part that varies.

    With `own`, an action on the identity itself is enough, because it gives that identity more.
    """

    head: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """An action that a path needs. `services` are those to which a role has to be passed, for `iam:PassRole`."""

    action: str
    reach: Reach | None = None
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EscalationPath:
    """A way to more permissions: all of `needs` together."""

    id: str
    name: str
    needs: tuple[Need, ...]
    source: str


_ROLE: Final = "arn:aws:iam::*:role/"
_USER: Final = "arn:aws:iam::*:user/"
_GROUP: Final = "arn:aws:iam::*:group/"
_POLICY: Final = "arn:aws:iam::*:policy/"

_RHINO: Final = "https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/"
_RHINO_2: Final = "https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation-part-2/"
_HACKING: Final = "https://hackingthe.cloud/aws/exploitation/iam_privilege_escalation/"
_TRICKS: Final = "https://cloud.hacktricks.wiki/en/pentesting-cloud/aws-security/aws-privilege-escalation/"


def _entry(number: str) -> str:
    return f"https://pathfinding.cloud/paths/{number}"


def _tricks(service: str) -> str:
    return f"{_TRICKS}aws-{service}-privesc/index.html"


def _on(action: str, head: str, *, own: bool = False) -> Need:
    return Need(action, Reach(head, own))


def _pass_to(*services: str) -> Need:
    """`iam:PassRole` of any role to one of the services."""
    return Need("iam:PassRole", Reach(_ROLE), tuple(f"{name}.amazonaws.com" for name in services))


def _path(number: str, name: str, source: str, *needs: Need) -> EscalationPath:
    return EscalationPath(number, name, needs, source)


def _passing(number: str, name: str, source: str, services: tuple[str, ...], *actions: str) -> EscalationPath:
    """A path that passes a role to something new and makes it work for the attacker."""
    return EscalationPath(number, name, (_pass_to(*services), *(Need(action) for action in actions)), source)


_IDENTITIES: Final = (
    _path(
        "create-policy-version",
        "writes a new version of a policy that is attached to it",
        _RHINO,
        _on("iam:CreatePolicyVersion", _POLICY),
    ),
    _path(
        "set-default-policy-version",
        "makes an older version of a policy the valid one",
        _RHINO,
        _on("iam:SetDefaultPolicyVersion", _POLICY),
    ),
    _path("create-access-key", "makes access keys of other users", _RHINO, _on("iam:CreateAccessKey", _USER)),
    _path("create-login-profile", "gives other users a password", _RHINO, _on("iam:CreateLoginProfile", _USER)),
    _path("update-login-profile", "changes the password of other users", _RHINO, _on("iam:UpdateLoginProfile", _USER)),
    _path(
        "attach-user-policy",
        "attaches any policy to a user",
        _RHINO,
        _on("iam:AttachUserPolicy", _USER, own=True),
    ),
    _path(
        "attach-group-policy",
        "attaches any policy to a group",
        _RHINO,
        _on("iam:AttachGroupPolicy", _GROUP, own=True),
    ),
    _path(
        "attach-role-policy",
        "attaches any policy to a role",
        _RHINO,
        _on("iam:AttachRolePolicy", _ROLE, own=True),
    ),
    _path("put-user-policy", "writes a policy into a user", _RHINO, _on("iam:PutUserPolicy", _USER, own=True)),
    _path("put-group-policy", "writes a policy into a group", _RHINO, _on("iam:PutGroupPolicy", _GROUP, own=True)),
    _path("put-role-policy", "writes a policy into a role", _RHINO, _on("iam:PutRolePolicy", _ROLE, own=True)),
    _path("add-user-to-group", "joins any group", _RHINO, _on("iam:AddUserToGroup", _GROUP)),
    _path(
        "update-assume-role-policy",
        "lets itself assume any role",
        _RHINO,
        _on("iam:UpdateAssumeRolePolicy", _ROLE),
    ),
    _path(
        "put-user-permissions-boundary",
        "replaces the boundary of a user",
        _tricks("iam"),
        _on("iam:PutUserPermissionsBoundary", _USER, own=True),
    ),
    _path(
        "put-role-permissions-boundary",
        "replaces the boundary of a role",
        _tricks("iam"),
        _on("iam:PutRolePermissionsBoundary", _ROLE, own=True),
    ),
    _path(
        "delete-user-permissions-boundary",
        "takes the boundary of a user away",
        _HACKING,
        _on("iam:DeleteUserPermissionsBoundary", _USER, own=True),
    ),
    _path(
        "delete-role-permissions-boundary",
        "takes the boundary of a role away",
        _HACKING,
        _on("iam:DeleteRolePermissionsBoundary", _ROLE, own=True),
    ),
    _path(
        "deactivate-mfa-device",
        "takes over a user whose password it can change, without the second factor",
        _tricks("iam"),
        _on("iam:DeactivateMFADevice", _USER),
        _on("iam:UpdateLoginProfile", _USER),
    ),
    _path(
        "create-service-specific-credential",
        "makes credentials of other users for a single service",
        _tricks("iam"),
        _on("iam:CreateServiceSpecificCredential", _USER),
    ),
    _path(
        "update-saml-provider",
        "puts an identity provider of its own in place of a trusted one",
        _tricks("iam"),
        _on("iam:UpdateSAMLProvider", "arn:aws:iam::*:saml-provider/"),
    ),
    _path(
        "update-oidc-provider-thumbprint",
        "makes AWS trust its own server as an identity provider",
        _tricks("iam"),
        _on("iam:UpdateOpenIDConnectProviderThumbprint", "arn:aws:iam::*:oidc-provider/"),
    ),
    _path(
        "assume-any-role", "assumes any role that trusts the account", _entry("sts-001"), _on("sts:AssumeRole", _ROLE)
    ),
)

_FUNCTION: Final = "arn:aws:lambda:*:*:function:"

_LAMBDA: Final = (
    _passing(
        "pass-role-create-function-invoke",
        "runs code of its own in a new function with any role",
        _RHINO,
        ("lambda",),
        "lambda:CreateFunction",
        "lambda:InvokeFunction",
    ),
    _passing(
        "pass-role-create-function-event-source",
        "runs code of its own in a new function with any role, started by an event source",
        _RHINO,
        ("lambda",),
        "lambda:CreateFunction",
        "lambda:CreateEventSourceMapping",
    ),
    _passing(
        "pass-role-create-function-add-permission",
        "runs code of its own in a new function with any role, which it lets others call",
        _entry("lambda-006"),
        ("lambda",),
        "lambda:CreateFunction",
        "lambda:AddPermission",
    ),
    _passing(
        "pass-role-create-function-url",
        "runs code of its own in a new function with any role, behind a function URL",
        _tricks("lambda"),
        ("lambda",),
        "lambda:CreateFunction",
        "lambda:CreateFunctionUrlConfig",
    ),
    _path(
        "update-function-code",
        "replaces the code of any function",
        _RHINO,
        _on("lambda:UpdateFunctionCode", _FUNCTION),
    ),
    _path(
        "update-function-configuration",
        "adds a layer with its own code to any function",
        _RHINO_2,
        _on("lambda:UpdateFunctionConfiguration", _FUNCTION),
    ),
)

_COMPUTE: Final = (
    _passing(
        "pass-role-run-instances",
        "starts a machine with any role",
        _RHINO,
        ("ec2",),
        "ec2:RunInstances",
    ),
    _passing(
        "pass-role-request-spot-instances",
        "starts a spot machine with any role",
        _entry("ec2-004"),
        ("ec2",),
        "ec2:RequestSpotInstances",
    ),
    _passing(
        "pass-role-replace-instance-profile",
        "gives a running machine another role",
        _tricks("ec2"),
        ("ec2",),
        "ec2:ReplaceIamInstanceProfileAssociation",
    ),
    _passing(
        "pass-role-associate-instance-profile",
        "gives a running machine a role",
        _tricks("ec2"),
        ("ec2",),
        "ec2:AssociateIamInstanceProfile",
    ),
    _path(
        "modify-instance-attribute",
        "changes what a machine runs when it starts",
        _entry("ec2-002"),
        _on("ec2:ModifyInstanceAttribute", "arn:aws:ec2:*:*:instance/"),
        Need("ec2:StopInstances"),
        Need("ec2:StartInstances"),
    ),
    _path(
        "modify-launch-template",
        "changes what new machines of a group run and as which role",
        _entry("ec2-005"),
        _on("ec2:CreateLaunchTemplateVersion", "arn:aws:ec2:*:*:launch-template/"),
        _on("ec2:ModifyLaunchTemplate", "arn:aws:ec2:*:*:launch-template/"),
    ),
    _path(
        "send-ssh-public-key",
        "logs in on any machine and acts as its role",
        _entry("ec2-003"),
        _on("ec2-instance-connect:SendSSHPublicKey", "arn:aws:ec2:*:*:instance/"),
    ),
    _path(
        "send-serial-console-key",
        "logs in on the serial console of any machine",
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/connect-to-serial-console.html",
        _on("ec2-instance-connect:SendSerialConsoleSSHPublicKey", "arn:aws:ec2:*:*:instance/"),
    ),
    _path(
        "ssm-send-command",
        "runs commands on any managed machine as its role",
        _entry("ssm-002"),
        _on("ssm:SendCommand", "arn:aws:ec2:*:*:instance/"),
    ),
    _path(
        "ssm-start-session",
        "opens a shell on any managed machine",
        _entry("ssm-001"),
        _on("ssm:StartSession", "arn:aws:ec2:*:*:instance/"),
    ),
    _passing(
        "pass-role-start-automation",
        "runs an automation document with any role",
        _tricks("ssm"),
        ("ssm",),
        "ssm:StartAutomationExecution",
    ),
    _passing(
        "pass-role-create-launch-configuration",
        "starts machines with any role by a group of its own",
        _HACKING,
        ("ec2",),
        "autoscaling:CreateLaunchConfiguration",
        "autoscaling:CreateAutoScalingGroup",
    ),
    _passing(
        "pass-role-create-launch-configuration-update-group",
        "starts machines with any role by a group that is there",
        _HACKING,
        ("ec2",),
        "autoscaling:CreateLaunchConfiguration",
        "autoscaling:UpdateAutoScalingGroup",
    ),
    _passing(
        "pass-role-launch-template-create-group",
        "starts machines with any role by a launch template and a group of its own",
        _HACKING,
        ("ec2",),
        "ec2:CreateLaunchTemplate",
        "autoscaling:CreateAutoScalingGroup",
    ),
    _passing(
        "pass-role-launch-template-update-group",
        "starts machines with any role by a launch template and a group that is there",
        _HACKING,
        ("ec2",),
        "ec2:CreateLaunchTemplate",
        "autoscaling:UpdateAutoScalingGroup",
    ),
    _passing(
        "pass-role-create-fleet",
        "starts machines with any role as a fleet",
        _tricks("ec2"),
        ("ec2",),
        "ec2:CreateLaunchTemplate",
        "ec2:CreateFleet",
    ),
    _passing(
        "pass-role-gamelift-fleet",
        "starts a game server fleet with its own program and any role",
        _entry("gamelift-001"),
        ("gamelift",),
        "gamelift:CreateBuild",
        "gamelift:CreateFleet",
    ),
    _passing(
        "pass-role-image-builder",
        "builds an image on a machine with any role",
        _entry("imagebuilder-001"),
        ("ec2",),
        "imagebuilder:CreateComponent",
        "imagebuilder:CreateImageRecipe",
        "imagebuilder:CreateInfrastructureConfiguration",
        "imagebuilder:CreateImage",
    ),
    _path(
        "codedeploy-create-deployment",
        "deploys its own scripts to the machines of a deployment group",
        _entry("codedeploy-001"),
        _on("codedeploy:CreateDeployment", "arn:aws:codedeploy:*:*:deploymentgroup:"),
        Need("codedeploy:RegisterApplicationRevision"),
        Need("codedeploy:GetDeploymentConfig"),
    ),
)

_TASK: Final = ("ecs-tasks",)

_CONTAINERS: Final = (
    _passing(
        "pass-role-run-task",
        "runs a task with any role and its own command",
        _entry("ecs-008"),
        _TASK,
        "ecs:RunTask",
    ),
    _passing(
        "pass-role-start-task",
        "starts a task with any role and its own command",
        _entry("ecs-009"),
        _TASK,
        "ecs:StartTask",
    ),
    _passing(
        "pass-role-create-service",
        "runs its own containers with any role as a service",
        _entry("ecs-003"),
        _TASK,
        "ecs:RegisterTaskDefinition",
        "ecs:CreateService",
    ),
    _passing(
        "pass-role-update-service",
        "runs its own containers with any role in a service that is there",
        _tricks("ecs"),
        _TASK,
        "ecs:RegisterTaskDefinition",
        "ecs:UpdateService",
    ),
    _path(
        "ecs-execute-command",
        "opens a shell in any running task",
        _entry("ecs-006"),
        _on("ecs:ExecuteCommand", "arn:aws:ecs:*:*:task/"),
        Need("ecs:DescribeTasks"),
    ),
    _passing(
        "pass-role-batch-job",
        "runs a batch job with any role",
        _entry("batch-001"),
        (*_TASK, "batch"),
        "batch:RegisterJobDefinition",
        "batch:SubmitJob",
    ),
    _passing(
        "pass-role-apprunner-service",
        "runs its own image with any role in App Runner",
        _entry("apprunner-001"),
        ("tasks.apprunner",),
        "apprunner:CreateService",
    ),
    _path(
        "apprunner-update-service",
        "replaces what any App Runner service runs",
        _entry("apprunner-002"),
        _on("apprunner:UpdateService", "arn:aws:apprunner:*:*:service/"),
    ),
)

_DEPLOYMENT: Final = (
    _passing(
        "pass-role-create-stack",
        "has CloudFormation make anything with any role",
        _RHINO,
        ("cloudformation",),
        "cloudformation:CreateStack",
    ),
    _passing(
        "pass-role-update-stack",
        "has CloudFormation change a stack with any role",
        _tricks("cloudformation"),
        ("cloudformation",),
        "cloudformation:UpdateStack",
    ),
    _path(
        "update-stack",
        "changes any stack with the role that the stack already has",
        _entry("cloudformation-002"),
        _on("cloudformation:UpdateStack", "arn:aws:cloudformation:*:*:stack/"),
    ),
    _path(
        "execute-change-set",
        "changes any stack by a change set, with the role that the stack already has",
        _entry("cloudformation-005"),
        _on("cloudformation:CreateChangeSet", "arn:aws:cloudformation:*:*:stack/"),
        _on("cloudformation:ExecuteChangeSet", "arn:aws:cloudformation:*:*:stack/"),
    ),
    _path(
        "set-stack-policy-update-stack",
        "lifts the protection of any stack and changes it",
        _tricks("cloudformation"),
        _on("cloudformation:SetStackPolicy", "arn:aws:cloudformation:*:*:stack/"),
        _on("cloudformation:UpdateStack", "arn:aws:cloudformation:*:*:stack/"),
    ),
    _passing(
        "pass-role-create-stack-set",
        "makes anything in other accounts by a stack set",
        _entry("cloudformation-003"),
        ("cloudformation",),
        "cloudformation:CreateStackSet",
        "cloudformation:CreateStackInstances",
    ),
    _passing(
        "pass-role-update-stack-set",
        "changes a stack set with its roles",
        _entry("cloudformation-004"),
        ("cloudformation",),
        "cloudformation:UpdateStackSet",
    ),
    _passing(
        "pass-role-codebuild-project",
        "runs its own build with any role",
        _entry("codebuild-001"),
        ("codebuild",),
        "codebuild:CreateProject",
        "codebuild:StartBuild",
    ),
    _passing(
        "pass-role-codebuild-project-batch",
        "runs its own batch of builds with any role",
        _entry("codebuild-004"),
        ("codebuild",),
        "codebuild:CreateProject",
        "codebuild:StartBuildBatch",
    ),
    _passing(
        "pass-role-codebuild-update-project",
        "gives a build project any role and its own commands",
        _tricks("codebuild"),
        ("codebuild",),
        "codebuild:UpdateProject",
        "codebuild:StartBuild",
    ),
    _path(
        "codebuild-start-build",
        "runs its own commands in any build project",
        _entry("codebuild-002"),
        _on("codebuild:StartBuild", "arn:aws:codebuild:*:*:project/"),
    ),
    _path(
        "codebuild-start-build-batch",
        "runs its own commands in any build project, as a batch",
        _entry("codebuild-003"),
        _on("codebuild:StartBuildBatch", "arn:aws:codebuild:*:*:project/"),
    ),
    _passing(
        "pass-role-codepipeline",
        "runs its own pipeline with any role",
        _tricks("codepipeline"),
        ("codepipeline",),
        "codepipeline:CreatePipeline",
    ),
    _passing(
        "pass-role-codestar-project",
        "makes a CodeStar project with any role",
        _RHINO_2,
        ("codestar",),
        "codestar:CreateProject",
    ),
    _path(
        "codestar-associate-team-member",
        "makes itself the owner of a CodeStar project",
        _RHINO_2,
        Need("codestar:CreateProject"),
        Need("codestar:AssociateTeamMember"),
    ),
)

_ENDPOINT: Final = "arn:aws:glue:*:*:devEndpoint/"

_DATA: Final = (
    _passing(
        "pass-role-glue-dev-endpoint",
        "logs in on a Glue development endpoint with any role",
        _RHINO,
        ("glue",),
        "glue:CreateDevEndpoint",
    ),
    _path(
        "glue-update-dev-endpoint",
        "puts its own key on any Glue development endpoint",
        _RHINO,
        _on("glue:UpdateDevEndpoint", _ENDPOINT),
    ),
    _passing(
        "pass-role-glue-create-job-run",
        "runs its own Glue job with any role",
        _entry("glue-003"),
        ("glue",),
        "glue:CreateJob",
        "glue:StartJobRun",
    ),
    _passing(
        "pass-role-glue-create-job-trigger",
        "runs its own Glue job with any role by a trigger",
        _entry("glue-004"),
        ("glue",),
        "glue:CreateJob",
        "glue:CreateTrigger",
    ),
    _passing(
        "pass-role-glue-update-job-run",
        "gives a Glue job any role and its own script",
        _entry("glue-005"),
        ("glue",),
        "glue:UpdateJob",
        "glue:StartJobRun",
    ),
    _passing(
        "pass-role-glue-update-job-trigger",
        "gives a Glue job any role and its own script, started by a trigger",
        _entry("glue-006"),
        ("glue",),
        "glue:UpdateJob",
        "glue:CreateTrigger",
    ),
    _passing(
        "pass-role-glue-session",
        "runs statements in a Glue session with any role",
        _entry("glue-007"),
        ("glue",),
        "glue:CreateSession",
        "glue:RunStatement",
    ),
    _passing(
        "pass-role-data-pipeline",
        "runs its own data pipeline with any role",
        _RHINO,
        ("datapipeline", "elasticmapreduce", "ec2"),
        "datapipeline:CreatePipeline",
        "datapipeline:PutPipelineDefinition",
        "datapipeline:ActivatePipeline",
    ),
    _passing(
        "pass-role-emr-cluster",
        "starts a cluster with its own steps and any role",
        _entry("emr-001"),
        ("elasticmapreduce", "ec2"),
        "elasticmapreduce:RunJobFlow",
    ),
    _passing(
        "pass-role-emr-serverless-job",
        "runs its own job with any role on EMR Serverless",
        _entry("emrserverless-001"),
        ("emr-serverless",),
        "emr-serverless:CreateApplication",
        "emr-serverless:StartJobRun",
    ),
    _passing(
        "pass-role-kinesis-analytics",
        "runs its own stream application with any role",
        _entry("kinesisanalytics-001"),
        ("kinesisanalytics",),
        "kinesisanalytics:CreateApplication",
        "kinesisanalytics:StartApplication",
    ),
    _passing(
        "pass-role-omics-workflow",
        "runs its own HealthOmics workflow with any role",
        _entry("omics-001"),
        ("omics",),
        "omics:CreateWorkflow",
        "omics:StartRun",
    ),
)

_NOTEBOOK: Final = "arn:aws:sagemaker:*:*:notebook-instance/"
_SAGEMAKER: Final = ("sagemaker",)
_AGENT: Final = ("bedrock-agentcore",)

_LEARNING: Final = (
    _passing(
        "pass-role-sagemaker-notebook",
        "makes a notebook with any role",
        _entry("sagemaker-001"),
        _SAGEMAKER,
        "sagemaker:CreateNotebookInstance",
    ),
    _passing(
        "pass-role-sagemaker-training-job",
        "runs its own training job with any role",
        _entry("sagemaker-002"),
        _SAGEMAKER,
        "sagemaker:CreateTrainingJob",
    ),
    _passing(
        "pass-role-sagemaker-processing-job",
        "runs its own processing job with any role",
        _entry("sagemaker-003"),
        _SAGEMAKER,
        "sagemaker:CreateProcessingJob",
    ),
    _passing(
        "pass-role-sagemaker-hyperparameter-job",
        "runs its own tuning job with any role",
        _tricks("sagemaker"),
        _SAGEMAKER,
        "sagemaker:CreateHyperParameterTuningJob",
    ),
    _path(
        "sagemaker-presigned-notebook-url",
        "opens any notebook and acts as its role",
        _entry("sagemaker-004"),
        _on("sagemaker:CreatePresignedNotebookInstanceUrl", _NOTEBOOK),
    ),
    _path(
        "sagemaker-notebook-lifecycle",
        "has any notebook run its own script",
        _entry("sagemaker-005"),
        Need("sagemaker:CreateNotebookInstanceLifecycleConfig"),
        _on("sagemaker:UpdateNotebookInstance", _NOTEBOOK),
        _on("sagemaker:StopNotebookInstance", _NOTEBOOK),
        _on("sagemaker:StartNotebookInstance", _NOTEBOOK),
    ),
    _passing(
        "pass-role-agentcore-code-interpreter",
        "runs code in a new code interpreter with any role",
        _entry("bedrock-001"),
        _AGENT,
        "bedrock-agentcore:CreateCodeInterpreter",
        "bedrock-agentcore:StartCodeInterpreterSession",
        "bedrock-agentcore:InvokeCodeInterpreter",
    ),
    _path(
        "agentcore-code-interpreter",
        "runs code in any code interpreter that is there",
        _entry("bedrock-002"),
        _on("bedrock-agentcore:StartCodeInterpreterSession", "arn:aws:bedrock-agentcore:*:*:code-interpreter*"),
        _on("bedrock-agentcore:InvokeCodeInterpreter", "arn:aws:bedrock-agentcore:*:*:code-interpreter*"),
    ),
    _passing(
        "pass-role-agentcore-runtime",
        "runs commands in a new agent runtime with any role",
        _entry("bedrock-003"),
        _AGENT,
        "bedrock-agentcore:CreateAgentRuntime",
        "bedrock-agentcore:InvokeAgentRuntimeCommand",
    ),
    _passing(
        "pass-role-braket-job",
        "runs its own Braket job with any role",
        _entry("braket-001"),
        ("braket",),
        "braket:CreateJob",
    ),
)

_EVENTS: Final = (
    _passing(
        "pass-role-state-machine",
        "runs a state machine that acts with any role",
        _tricks("stepfunctions"),
        ("states",),
        "states:CreateStateMachine",
        "states:StartExecution",
    ),
    _passing(
        "pass-role-update-state-machine",
        "gives a state machine any role and its own steps",
        _tricks("stepfunctions"),
        ("states",),
        "states:UpdateStateMachine",
        "states:StartExecution",
    ),
    _passing(
        "pass-role-scheduler",
        "has the scheduler call any service with any role",
        "https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html",
        ("scheduler",),
        "scheduler:CreateSchedule",
    ),
    _passing(
        "pass-role-cognito-identity-pool",
        "gives any role to the visitors of an identity pool",
        _entry("cognitoidentity-001"),
        ("cognito-identity",),
        "cognito-identity:SetIdentityPoolRoles",
    ),
)

PATHS: Final = (*_IDENTITIES, *_LAMBDA, *_COMPUTE, *_CONTAINERS, *_DEPLOYMENT, *_DATA, *_LEARNING, *_EVENTS)
"""All paths; the ids are kebab-case and unique."""
