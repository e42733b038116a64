"""Readings of IAM's language by others: what of a document cfn-lint, moto and Cloud Copilot refuse."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cfnlint.helpers import load_resource  # type: ignore[import-untyped] # it has no types
from cfnlint.jsonschema import StandardValidator  # type: ignore[import-untyped]
from cfnlint.schema.resolver import RefResolver  # type: ignore[import-untyped]
from moto.iam.exceptions import MalformedPolicyDocument
from moto.iam.policy_validation import IAMPolicyDocumentValidator

from real_clients import iam_simulator, node

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PROGRAM: Final = Path(__file__).with_suffix(".mjs")


def refused_by_cfn_lint(document: Mapping[str, Any]) -> bool:
    """Whether cfn-lint's schema of identity policies refuses a document."""
    return next(_cfn_lint().iter_errors(document), None) is not None


@cache
def _cfn_lint() -> Any:
    schema = load_resource("cfnlint.data.schemas.other.iam", "policy_identity.json")
    policy = load_resource("cfnlint.data.schemas.other.iam", "policy.json")
    resolver = RefResolver.from_schema(schema, store={"policy": policy, "identity": schema})
    return StandardValidator(schema).evolve(resolver=resolver, schema=schema)


def refused_by_moto(document: Mapping[str, Any]) -> bool:
    """Whether moto's IAM refuses to make a managed policy of a document; its tests are AWS's answers."""
    try:
        IAMPolicyDocumentValidator(json.dumps(document)).validate()
    except MalformedPolicyDocument:
        return True
    return False


def refused_by_cloud_copilot(documents: Sequence[tuple[str, Mapping[str, Any]]]) -> list[bool]:
    """Whether Cloud Copilot's library, which knows both control policies, refuses each document as one of its kind."""
    done = subprocess.run(  # noqa: S603 (our own program)
        [node(), str(_PROGRAM), str(iam_simulator())],
        input=json.dumps(documents),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    answers: list[bool] = json.loads(done.stdout)
    return answers
