"""What AWS itself finds in the policies of templates, for `org-baseline check --validate`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from org_constructs.aws.regions import DEFAULT_REGION
from org_constructs.live.errors import said_in_a_sentence
from org_constructs.live.policy_validation import PolicyFinding, validate_policy
from org_constructs.templates.policies import Policy, policies
from org_constructs.templates.words import count

if TYPE_CHECKING:
    from org_constructs.live.organization import LiveOrganization
    from org_constructs.templates.resources import Templates


@dataclass(frozen=True)
class Validated:
    """A policy, and one thing that AWS finds in it."""

    policy: Policy
    finding: PolicyFinding

    @property
    def locations(self) -> tuple[str, ...]:
        """Where in the resource it is."""
        return tuple(f"{self.policy.location}.{each}" for each in self.finding.locations) or (self.policy.location,)


def say_not_asked(templates: Templates) -> None:
    """Say in a line that AWS was not asked about the policies, if there are any."""
    _say_not_asked(tuple(policies(templates)), "; `--validate` asks it")


def validated(templates: Templates, profile: str | None) -> tuple[Validated, ...]:
    """Return what AWS finds in the policies; without credentials nothing, and a line says so.

    Raises:
        Refusal: AWS does not answer, or does not let these credentials ask.
    """
    found = tuple(policies(templates))
    sent = [each for each in found if each.text is not None]
    with said_in_a_sentence(profile, asked="IAM Access Analyzer", instead="or leave --validate out"):
        live = _connect(templates, profile) if sent else None
        if live is None:
            _say_not_asked(sent, ", since there are no credentials; sign in with `aws login` or `aws sso login`")
            return ()
        answers = {}
        with _progress(sent) as each_policy:
            for policy in each_policy:
                key = (policy.text or "", policy.type, policy.resource_type)
                if key not in answers:
                    answers[key] = validate_policy(live, *key)
    for policy in found:
        _say_what_is_unknown(policy)
    return tuple(
        Validated(policy, finding)
        for policy in sent
        for finding in answers[policy.text or "", policy.type, policy.resource_type]
    )


def _connect(templates: Templates, profile: str | None) -> LiveOrganization | None:
    """Return what asks AWS; None if there are no credentials."""
    import boto3  # noqa: PLC0415 (it takes a third of a second, which `--help` need not wait for)

    from org_constructs.live.organization import LiveOrganization  # noqa: PLC0415 (likewise)

    session = boto3.Session(profile_name=profile)
    if session.get_credentials() is None:
        return None
    regions = [each.region for each in templates.all if each.region]
    return LiveOrganization.connect(session, next(iter(regions), session.region_name) or DEFAULT_REGION)


def _progress(sent: Sequence[Policy]) -> AbstractContextManager[Iterable[Policy]]:
    if not _is_terminal():
        return nullcontext(sent)
    bar: Any = click.progressbar(sent, label="Asking AWS about the policies", file=sys.stderr)
    progress: AbstractContextManager[Iterable[Policy]] = bar
    return progress


def _is_terminal() -> bool:
    return sys.stderr.isatty()


def _say_not_asked(found: Sequence[Policy], why: str) -> None:
    if found:
        click.echo(f"Note: AWS was not asked about {count(len(found), 'policy', 'policies')}{why}", err=True)


def _say_what_is_unknown(policy: Policy) -> None:
    place = f"{policy.resource.construct} {policy.location}"
    if policy.unknown:
        unknown = ", ".join(policy.unknown)
        click.echo(f"Note: {place} was not sent to AWS, since only the deploy knows {unknown}", err=True)
    elif policy.stand_ins:
        stand_ins = ", ".join(policy.stand_ins)
        click.echo(f"Note: {place} was sent to AWS with example ids for {stand_ins}", err=True)


def findings_by_code(found: Iterable[Validated]) -> Iterator[tuple[PolicyFinding, list[Validated]]]:
    """Yield what AWS says in the order of its codes, each with all that it says it of."""
    together: dict[tuple[str, str, str], list[Validated]] = {}
    for each in found:
        finding = each.finding
        together.setdefault((finding.code, finding.sentence, finding.kind), []).append(each)
    for _, same in sorted(together.items(), key=lambda item: item[0]):
        yield same[0].finding, same
