"""How a baseline's template gets to CloudFormation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import aws_cdk as cdk

from org_constructs.aws.template_size import INLINE_TEMPLATE_MAX, yaml_bytes

if TYPE_CHECKING:
    from aws_cdk import ISynthesisSession


class UnbootstrappedSynthesizer(cdk.LegacyStackSynthesizer):
    """Deploy with the caller's own credentials and, while the template is small, without `cdk bootstrap`.

    The bootstrap would put a bucket, a repository and five roles, one of them with AdministratorAccess, into the
    management account for good.
    """

    _stack: cdk.Stack

    def bind(self, stack: cdk.Stack) -> None:
        """Remember the stack."""
        super().bind(stack)
        self._stack = stack

    def synthesize(self, session: ISynthesisSession) -> None:
        """Write the template, and say so when it has grown too large to be deployed without the bootstrap's bucket."""
        self._synthesize_template(session)
        if not _goes_inline(Path(session.outdir) / self._stack.template_file):
            cdk.Annotations.of(self._stack).add_info_v2(
                "OrgBaseline-NeedsBootstrap",
                "this stack needs `cdk bootstrap`, because its template is larger than the"
                f" {INLINE_TEMPLATE_MAX:,} bytes that CloudFormation takes without a bucket",
            )
        # Last, since what is said of a stack is written with it.
        self._emit_artifact(session)


def _goes_inline(template_file: Path) -> bool:
    """Tell whether a template is small enough for the request itself."""
    # As YAML, which is what is sent, it is smaller than this JSON, but never by that much; and a large one takes long.
    if template_file.stat().st_size > 4 * INLINE_TEMPLATE_MAX:
        return False
    return yaml_bytes(json.loads(template_file.read_text(encoding="utf-8"))) <= INLINE_TEMPLATE_MAX
