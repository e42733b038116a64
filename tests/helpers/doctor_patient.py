"""A management account and an assembly for the doctor to look at."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from botocore.client import BaseClient
from moto.core.authorization import enable_iam_authentication
from moto.core.exceptions import JsonRESTError
from moto.iam import access_control

from cloud_assembly import stack, write_assembly
from local_aws_stacks import EXISTING, MANAGEMENT, Resource
from org_constructs.doctor.examination import Assembly, Examination
from org_constructs.doctor.runner import CHECKS, Result, run
from refusals import stands_in, without_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import pytest
    from moto.iam.access_control import IAMRequest

    from org_constructs.doctor.finding import Finding, Fix, Status
    from org_constructs.rehearsal.local_aws import LocalAws

REGION = "us-east-1"


@contextmanager
def permissions_enforced() -> Iterator[None]:
    """Let moto look at signatures and IAM policies, and refuse a JSON request in JSON, where it answers XML."""

    json_services = {"organizations", "sso", "identitystore", "account", "servicequotas", "ssm"}
    raise_access_denied = access_control.IAMRequest._raise_access_denied

    def raise_denied(request: IAMRequest) -> None:
        if request._service not in json_services:
            raise_access_denied(request)
        message = f"User: {request._access_key.arn} is not authorized to perform: {request._action}"
        raise JsonRESTError("AccessDeniedException", message)

    with (
        enable_iam_authentication(),
        patch.object(access_control.IAMRequest, "_raise_access_denied", raise_denied),
    ):
        yield


class Patient:
    """A local AWS, the environment that leads to it, and an assembly if one was synthesized."""

    def __init__(self, aws: LocalAws, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.aws = aws
        self.folder = folder / "cdk.out"
        for name, value in aws.environment.items():
            monkeypatch.setenv(name, value)
        self._monkeypatch = monkeypatch

    def seed(self) -> None:
        """An organization, IAM Identity Center, and one of each in them."""
        self.aws.seed(EXISTING)

    def synthesize(
        self,
        environment: str = f"aws://{MANAGEMENT}/{REGION}",
        metadata: Mapping[str, Any] | None = None,
        artifact: Mapping[str, Any] | None = None,
        **resources: Resource,
    ) -> None:
        """Write an assembly with one stack of these resources; metadata makes it that of a baseline."""
        whole = stack(resources, environment=environment, **(artifact or {}))
        if metadata is not None:
            whole["template"]["Metadata"] = {"OrgBaseline": metadata}
            whole["template"]["Outputs"] = {"ManagementAccountId": {"Value": MANAGEMENT}}
            for key, logical_id in metadata.get("Made", {}).items():
                value = {"Fn::GetAtt": [logical_id, "AccountId"]}
                whole["template"]["Outputs"][metadata["Accounts"][key]["Output"]] = {"Value": value}
        write_assembly(self.folder, {"OrgBaseline": whole})

    def examination(self) -> Examination:
        assembly = Assembly.read(self.folder) if self.folder.exists() else None
        return Examination(assembly=assembly, where=self.folder)

    def look(self, check_id: str, *, repair: Callable[[Fix], bool] | None = None) -> tuple[Finding, ...]:
        """Return what a check finds, when the ones that it needs have run before it."""
        needed = {check_id}
        for check in reversed(CHECKS):
            if check.id in needed:
                needed |= set(check.needs)
        checks = [check for check in CHECKS if check.id in needed]
        return list(run(self.examination(), checks=checks, repair=repair))[-1].findings

    def examine(self) -> dict[str, Result]:
        """Return every check's result but those of this machine, which take long."""
        checks = [check for check in CHECKS if check.id not in {"node", "cdk-cli"}]
        return {result.check.id: result for result in run(self.examination(), checks=checks)}

    def intercept(self, operation: str, answer: Callable[[Callable[[], Any], Any], Any]) -> None:
        """Answer an operation in place of the local AWS: with its answer, as a function, and the arguments at hand."""
        call = BaseClient._make_api_call  # type: ignore[attr-defined] # not in the stubs

        def make_api_call(client: Any, name: str, arguments: Any) -> Any:
            def ask() -> Any:
                return call(client, name, arguments)

            return answer(ask, arguments) if name == operation else ask()

        self._monkeypatch.setattr(BaseClient, "_make_api_call", make_api_call)

    def become(self, account_id: str, role: str = "OrganizationAccountAccessRole") -> None:
        """Use credentials of a role in another account."""
        credentials = self.aws.client("sts").assume_role(
            RoleArn=f"arn:aws:iam::{account_id}:role/{role}", RoleSessionName="Dax"
        )["Credentials"]
        self._use(credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"])

    def become_user_who_may_not(self, *actions: str) -> None:
        """Use credentials of a user who may do everything but these actions."""
        iam = self.aws.client("iam")
        iam.create_user(UserName="kim")
        statements = [
            {"Effect": "Allow", "Action": "*", "Resource": "*"},
            {"Effect": "Deny", "Action": list(actions), "Resource": "*"},
        ]
        iam.put_user_policy(
            UserName="kim",
            PolicyName="Most",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements}),
        )
        key = iam.create_access_key(UserName="kim")["AccessKey"]
        self._use(key["AccessKeyId"], key["SecretAccessKey"], "")

    def _use(self, key: str, secret: str, token: str) -> None:
        self._monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
        self._monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
        self._monkeypatch.setenv("AWS_SESSION_TOKEN", token)
        # `default` is a profile of files with the management account's key, which an AWS_PROFILE would name.
        self._monkeypatch.delenv("AWS_PROFILE")
        self._monkeypatch.delenv("AWS_DEFAULT_PROFILE")


def assert_found(finding: Finding, status: Status, code: str, *values: str) -> None:
    """Assert what a finding means, its code, and that its sentence has these values by themselves, in this order."""
    assert (finding.status, finding.code) == (status, code), finding
    assert stands_in(finding.found, *values), (values, finding.found)


def sentences(finding: Finding) -> dict[str, list[str]]:
    """What a finding says by its code, for a snapshot: the wordings, asserted once."""
    fix = (finding.fix.question, finding.fix.done) if finding.fix else ()
    stops = "(stops the checks that need this one)" if finding.stops else ""
    said = (finding.found, finding.why, *finding.next, *finding.paste, *fix, stops)
    return {finding.code: [without_ids(each) for each in said if each]}


def only(findings: tuple[Finding, ...], status: Status) -> Finding:
    """Return the one finding of a status."""
    [found] = [finding for finding in findings if finding.status is status]
    return found
