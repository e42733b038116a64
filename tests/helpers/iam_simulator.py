"""A simulator of IAM's decisions that knows identity, resource, service control and resource control policies."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from real_clients import iam_simulator, node

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PROGRAM: Final = Path(__file__).with_suffix(".mjs")
ANONYMOUS: Final = "Anonymous"
ALLOW_ALL: Final = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@dataclass(frozen=True, kw_only=True)
class Request:
    """Who wants to do what with which resource, and what AWS knows about it."""

    principal: str
    action: str
    resource: str
    account: str
    """The account of the resource."""
    context: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    resource_policy: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Policies:
    """What is decided by, beside the resource's policy."""

    identity: Sequence[Mapping[str, Any]] = (ALLOW_ALL,)
    service_control: Sequence[Mapping[str, Any]] = ()
    """Beside FullAWSAccess."""
    resource_control: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What comes out, and the ids of the statements that say so."""

    result: str
    denied_by: list[str]
    identity: list[str]
    allowed_by: list[str]


def decide(asked: Sequence[tuple[Request, Policies]]) -> list[Decision]:
    """Return the decisions, all from one process; what AWS would not know as a request or policy fails."""
    simulations = [_simulation(request, policies) for request, policies in asked]
    done = subprocess.run(  # noqa: S603 (our own program)
        [node(), str(_PROGRAM), str(iam_simulator())],
        input=json.dumps(simulations),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    errors = [answer.pop("error") for answer in answers]
    wrong = [f"{request}: {error}" for (request, _), error in zip(asked, errors, strict=True) if error is not None]
    assert not wrong, "\n".join(wrong)
    return [Decision(**answer) for answer in answers]


def _simulation(request: Request, policies: Policies) -> dict[str, Any]:
    of_account = request.principal.startswith("arn:")  # not a service, and not nobody
    controls = [ALLOW_ALL, *policies.service_control]
    unit = "ou-ab12-11112222"
    simulation = {
        "identityPolicies": _named(policies.identity) if of_account else [],
        "serviceControlPolicies": [{"orgIdentifier": unit, "policies": _named(controls)}] if of_account else [],
        "resourceControlPolicies": [{"orgIdentifier": unit, "policies": _named(policies.resource_control)}],
        "request": {
            "principal": {"type": ANONYMOUS} if request.principal == ANONYMOUS else request.principal,
            "action": request.action,
            "resource": {"resource": request.resource, "accountId": request.account},
            "contextVariables": dict(request.context),
        },
    }
    if request.resource_policy is not None:
        simulation["resourcePolicy"] = request.resource_policy
    return simulation


def _named(policies: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"name": str(number), "policy": policy} for number, policy in enumerate(policies)]
