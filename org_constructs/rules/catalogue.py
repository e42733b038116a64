"""The rules as a page to read; scripts/rules writes docs/rules.md with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from . import RULES

if TYPE_CHECKING:
    from .rule import Rule

_HEAD: Final = """\
# Rules

What `OrgBaselineChecks` finds in the templates of an app, and `org-baseline check` in any template. An **error** breaks
or endangers something and fails synth; a **warning** is only shown, since reasonable people may decide differently.
`scripts/rules` writes this page from the rules themselves.

To accept a finding, acknowledge it on the construct that causes it, and say why it is right there. Synth and
`org-baseline check` show its id, which is the pack's name and the rule's: the rule's alone has no effect, which `check`
notes. They also show the construct's path: `OrgBaseline/Accounts/dev/Resource` is in `baseline.accounts["dev"]`, and
`OrgBaseline/Users/dax@acme.com/Resource` in `baseline.users["dax@acme.com"]`. What waits for IAM Identity Center or for
a policy type, as on the first day, is not there yet, though a rehearsal has it: where the app may still be deployed
without them, write `if "Developer" in baseline.permission_sets:` before.

```python
cdk.Validations.of(account).acknowledge(
    cdk.Acknowledgment(id="OrgBaseline::OrgBaseline-Retain", reason="A sandbox that is closed after the workshop.")
)
```

`check` counts what is acknowledged. The acknowledgements on a stack and below, with their reasons, are listed in the
stack's metadata in `cdk.out`, such as `OrgBaseline.metadata.json`, each beside its construct's path, as
`aws:cdk:acknowledged-rules`.

Rules never guess what is known only during a deploy, such as a parameter's value: they leave it out of what they
compare and count, and if it decides what a policy allows, OrgBaseline-PolicyNotJudged says so.

`org-baseline check --validate` has IAM Access Analyzer check the policies as well: those of permission sets, service
and resource control policies, the organization's resource policy, and those of IAM, S3, KMS, SNS and SQS. It is free,
changes nothing, and needs the permission `access-analyzer:ValidatePolicy`. AWS's errors are errors here, its warnings
and security warnings are warnings, and its suggestions come last and fail nothing. A finding's id is `AccessAnalyzer-`
and AWS's code, [each of which AWS explains][checks], and it is acknowledged like the others, as
`OrgBaseline::AccessAnalyzer-PASS_ROLE_WITH_STAR_IN_RESOURCE`. A policy of which only the deploy knows a part is sent
with an example, where any account id or the like will do, or not sent; `check` says which.

[checks]: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html

| Rule | | Finds |
| --- | --- | --- |
"""


def catalogue() -> str:
    """Return the page, in Markdown."""
    return _HEAD + "".join(_row(rule) for rule in RULES) + "".join(part for rule in RULES for part in _section(rule))


def _row(rule: Rule) -> str:
    return f"| [{rule.id}](#{rule.id.lower()}) | {rule.severity.value} | {rule.sentence} |\n"


def _section(rule: Rule) -> Iterator[str]:
    yield f"\n## {rule.id}\n\n"
    yield f"**{rule.severity.value.capitalize()}.** {rule.sentence}\n\n"
    yield f"{rule.explanation}\n\n"
    if rule.details:
        yield f"{rule.details}\n\n"
    yield f"Source: <{rule.source}>\n"
