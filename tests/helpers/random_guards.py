"""Random states of what guards an organization, and random apps that declare some of it, for `doctor --fix`.

`python tests/helpers/random_guards.py FIRST LAST` looks at many of them.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final, TypeVar

import click
import pytest

from doctor_patient import Patient
from local_aws_stacks import DEV, MANAGEMENT, ROOT, account
from org_constructs.aws.delegation import DELEGABLE, delegates_most
from org_constructs.aws.root_access import FEATURES, SERVICE
from org_constructs.doctor.finding import Status
from org_constructs.doctor.runner import CHECKS, run
from org_constructs.live.control_answers import ask_for_controls
from org_constructs.live.description import describe_live
from org_constructs.live.organization import LiveOrganization
from org_constructs.matching.restoring import STACK_SETS
from org_constructs.rehearsal.local_aws import LocalAws
from org_constructs.report.evidence.controls import judge

if TYPE_CHECKING:
    from collections.abc import Collection

    from org_constructs.doctor.finding import Fix


_Item = TypeVar("_Item")

SECURITY: Final = "333344445555"
ACCOUNTS: Final = {"dev": DEV, "security": SECURITY}
SERVICES: Final = (*sorted(DELEGABLE.keys() - {STACK_SETS}), "ram.amazonaws.com", "tagpolicies.tag.amazonaws.com")
"""CloudFormation has its own call for StackSets, which the doctor leaves to people."""

TYPES: Final = ("BACKUP_POLICY", "SERVICE_CONTROL_POLICY", "TAG_POLICY")
CHECKED: Final = {
    *("assembly", "credentials", "account", "organization"),
    *("trusted-access", "root-access", "delegated-administrators", "policy-types"),
}
CONTROLS: Final = ("2.1.1", "2.1.5", "2.1.6")
DELEGATION: Final = {
    "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": SECURITY},
        "Action": "organizations:AttachPolicy",
        "Resource": "*",
    }
}


def _state(aws: LocalAws) -> dict[str, set[str]]:
    """Return what is enabled or registered, of each kind."""
    organizations, iam = aws.client("organizations"), aws.client("iam")
    services = organizations.list_aws_service_access_for_organization()["EnabledServicePrincipals"]
    trusted = {each["ServicePrincipal"] for each in services}
    [root] = organizations.list_roots()["Roots"]
    administrators = [each["Id"] for each in organizations.list_delegated_administrators()["DelegatedAdministrators"]]
    return {
        "services": trusted,
        "features": set(iam.list_organizations_features()["EnabledFeatures"]) if SERVICE in trusted else set(),
        "types": {each["Type"] for each in root["PolicyTypes"]},
        "delegates": {
            f"{account_id}|{each['ServicePrincipal']}"
            for account_id in administrators
            for each in organizations.list_delegated_services_for_account(AccountId=account_id)["DelegatedServices"]
        },
    }


def _some(chance: Random, among: Collection[_Item], share: float = 0.5) -> list[_Item]:
    return [each for each in among if chance.random() < share]


def _begin(chance: Random, aws: LocalAws) -> None:
    """Enable and register some things by hand."""
    organizations, iam = aws.client("organizations"), aws.client("iam")
    for service in _some(chance, SERVICES, 0.3):
        organizations.enable_aws_service_access(ServicePrincipal=service)
        for account_id in _some(chance, ACCOUNTS.values(), 0.3)[: delegates_most(service)]:
            if service in DELEGABLE:
                organizations.register_delegated_administrator(AccountId=account_id, ServicePrincipal=service)
    if SERVICE in _state(aws)["services"]:
        for feature in _some(chance, FEATURES):
            getattr(iam, FEATURES[feature])()
    for each in _some(chance, sorted({*TYPES} - _state(aws)["types"])):
        organizations.enable_policy_type(RootId=ROOT, PolicyType=each)


def _declared(chance: Random, trusted: Collection[str], *, whole: bool) -> dict[str, object]:
    """Return the metadata of an app that declares some of it, or all that the controls ask for."""
    delegable = [each for each in SERVICES if each in DELEGABLE]
    services = sorted(DELEGABLE.keys() & trusted) if whole else _some(chance, delegable, 0.3)
    root_access = whole or chance.random() < 0.6
    if whole and SERVICE not in services:
        services = sorted([*services, SERVICE])
    wanted = {
        each: chance.sample(sorted(ACCOUNTS), k=min(delegates_most(each) or 2, chance.choice([1, 1, 2])))
        for each in services
    }
    also = [] if whole else _some(chance, SERVICES, 0.2)
    return {
        "Accounts": {key: {"Output": f"AccountId{key.title()}"} for key in ACCOUNTS},
        "Made": {key: key.title() for key in ACCOUNTS},
        "TrustedAccess": sorted({*wanted, *also, *([SERVICE] if root_access else [])}),
        "RootAccess": root_access,
        "DelegatedAdministrators": wanted,
        "PolicyTypes": _some(chance, TYPES),
    }


def _wanted(metadata: dict[str, object], before: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return what is to be there afterwards: nothing less, and of services with one administrator the one before."""
    delegates = set(before["delegates"])
    given = metadata["DelegatedAdministrators"]
    assert isinstance(given, dict)
    for service, keys in given.items():
        others = sum(each.endswith(f"|{service}") for each in before["delegates"])
        if others < (delegates_most(service) or 2):
            delegates |= {f"{ACCOUNTS[key]}|{service}" for key in keys}
    declared = {
        "services": metadata["TrustedAccess"],
        "features": FEATURES if metadata["RootAccess"] else (),
        "types": metadata["PolicyTypes"],
        "delegates": delegates,
    }
    return {kind: before[kind] | {*there} for kind, there in declared.items()}  # type: ignore[misc] # lists of texts


def check(seed: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Have the doctor fix a random state, assert what is there afterwards, and return how much there was to do.

    Half of the apps declare all that the controls ask for, which the controls then find.
    """
    chance = Random(seed)  # noqa: S311 (nothing secret)
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as aws:
        patient = Patient(aws, folder, monkeypatch)
        patient.seed()
        organizations = aws.client("organizations")
        made = organizations.create_account(AccountName="security", Email="aws+security@acme.com")
        security = made["CreateAccountStatus"]["AccountId"]
        monkeypatch.setitem(ACCOUNTS, "security", security)
        _begin(chance, aws)
        before = _state(aws)
        whole = bool(seed % 2)
        metadata = _declared(chance, before["services"], whole=whole)
        patient.synthesize(
            metadata=metadata,
            Dev=account(AccountName="existing-1", Email="existing-1@example.com"),
            Security=account(AccountName="security", Email="aws+security@acme.com"),
        )
        if whole:
            organizations.put_resource_policy(Content=json.dumps(DELEGATION))
        done = Counter[str]()

        def apply(fix: Fix) -> bool:
            fix.apply()
            done["fixes"] += 1
            return True

        checks = [each for each in CHECKS if each.id in CHECKED]
        list(run(patient.examination(), checks=checks, repair=apply))
        after, wanted = _state(aws), _wanted(metadata, before)
        assert after == wanted, {kind: (after[kind] ^ wanted[kind]) for kind in after}
        again = {each.check.id: each for each in run(patient.examination(), checks=checks)}
        assert [each.fix for result in again.values() for each in result.findings if each.fix] == []
        assert again["root-access"].status is again["trusted-access"].status is Status.OK
        of_delegates = {each.code for each in again["delegated-administrators"].findings}
        assert of_delegates <= {"delegation-registered", "delegation-undeclared", "delegation-taken"}
        done["taken"] += "delegation-taken" in of_delegates
        if whole:
            live = LiveOrganization(aws.client)
            described = describe_live(live)
            verdicts = {each.id: each.verdict for each in judge(described, ask_for_controls(live, described))}
            only_management = {"ram.amazonaws.com", "tagpolicies.tag.amazonaws.com"} & after["services"]
            assert [verdicts[each] for each in CONTROLS] == ["pass", "pass", "manual" if only_management else "pass"]
            done["controls"] += 1
    return done


def main(first: int, last: int) -> int:
    """Look at states of these numbers, and say what there was."""
    failed, total, start = 0, Counter[str](), time.process_time()
    for seed in range(first, last):
        try:
            with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch:
                total += check(seed, Path(folder), monkeypatch)
        except Exception as error:  # noqa: BLE001 (the next ones are looked at, too)
            failed += 1
            click.echo(f"{seed}: {type(error).__name__} {str(error)[:2000]}")
    seconds = time.process_time() - start
    said = ", ".join(f"{number} {what}" for what, number in sorted(total.items()))
    click.echo(f"{last - first - failed} of {last - first} states: {said}; {seconds:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
