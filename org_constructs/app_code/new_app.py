"""The files of a new app: those of acme, with the answers of whoever begins in the place of acme's.

They are in `template/python`, from where `cdk init --from-path` takes them as they are:
https://github.com/aws/aws-cdk-cli/tree/main/packages/aws-cdk#cdk-init
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from org_constructs.aws import limits
from org_constructs.aws.examples import EXAMPLE_ACCOUNT, EXAMPLE_IDENTITY_STORE, EXAMPLE_INSTANCE
from org_constructs.aws.regions import partition_of
from org_constructs.constructs.email import plus_address
from org_constructs.constructs.validate import check_account_id, check_region, check_text, check_user
from org_constructs.refusal import Refusal

from .installed import installing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from org_constructs.constructs.identity_center import IdentityCenter

APP: Final = "app.py"
README: Final = "README.md"
_REQUIREMENTS: Final = "requirements.txt"
_BESIDE: Final = ("cdk.json", ".gitignore")

_WIDTH: Final = 120
_COMPANY_MAX: Final = limits.ACCOUNT_NAME_MAX - len("-production")


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What is asked of whoever begins.

    Raises:
        Refusal: One of them is what synth would refuse, said of the argument that app.py has it as.
    """

    company: str
    """The first part of the accounts' names, such as `acme`."""

    email: str
    """That of the management account."""

    account: str
    """The id of the management account; AWS's example for whoever has none yet."""

    region: str
    """Where IAM Identity Center is, or is going to be enabled."""

    user_name: str
    """What the first person signs in with: the work e-mail."""

    given_name: str
    family_name: str

    identity_center: IdentityCenter | None = None
    """The instance that is enabled; by default none, as before the first deploy."""

    policies_enabled: bool = False
    """Whether the organization has service control policies enabled; a new one has not."""

    def __post_init__(self) -> None:
        """Refuse answers of the wrong form."""
        for name, check in CHECKS.items():
            check(getattr(self, name))
        arn = self.identity_center.instance_arn if self.identity_center else None
        partition = partition_of(self.region).name
        if arn and arn.split(":")[1] != partition:
            raise Refusal(
                "identity-center-partition",
                f"instance_arn must be in the partition {partition!r}, like the region {self.region!r}, got {arn!r}",
                "copy the ARN of the Identity Center of that region, or correct the region",
            )


def _check_company(value: str) -> None:
    rule = "printable ASCII, with a letter or digit"
    try:
        check_text("company", value, maximum=_COMPANY_MAX, pattern=r"[ -~]*[A-Za-z0-9][ -~]*", rule=rule)
    except Refusal as refusal:
        raise refusal.with_fix(
            "use a short name such as 'acme', whose accounts are acme-dev and acme-production"
        ) from None


def _check_email(value: str) -> None:
    try:
        plus_address(value, "production")
    except Refusal as refusal:
        if refusal.code != "email-derived":
            raise
        shorter = f"use an address of at most {limits.EMAIL_MAX - len('+production')} characters"
        raise Refusal("email-derived", refusal.why, shorter) from None


def _check_user_name(value: str) -> None:
    rule = "the person's e-mail address, which is also what the person signs in with"
    check_text("user_name", value, maximum=limits.USER_NAME_MAX, pattern=r"[^\s@]+@[^\s@]+", rule=rule)
    _check_user(user_name=value)


def _check_user(**field: str) -> None:
    check_user(
        "",
        **{"user_name": "dax@acme.com", "given_name": "Dax", "family_name": "Acme", **field},
        email=None,
        display_name=None,
    )


CHECKS: Final[Mapping[str, Callable[[str], object]]] = {
    "company": _check_company,
    "email": _check_email,
    "account": lambda value: check_account_id("account", value),
    "region": lambda value: check_region("region", value, listed=True),
    "user_name": _check_user_name,
    "given_name": lambda value: _check_user(given_name=value),
    "family_name": lambda value: _check_user(family_name=value),
}
"""What refuses each answer, in the order in which they are asked."""


def files_of(answers: Answers) -> dict[str, str]:
    """Return the text of each file of an app by its name."""
    return {
        APP: _filled(APP, _in_app(answers)),
        **files_beside(),
        README: _filled(
            README, {"# acme": f"# {answers.company}", "aws+dev@acme.com": plus_address(answers.email, "dev")}
        ),
    }


def files_beside() -> dict[str, str]:
    """Return the text of the files that are the same for every app, by their names."""
    return {**{name: _template(name) for name in _BESIDE}, _REQUIREMENTS: installing(_template(_REQUIREMENTS))}


def _template(name: str) -> str:
    return (files(__package__) / "template" / "python" / name).read_text(encoding="utf-8")


def _filled(name: str, answers: Mapping[str, str]) -> str:
    """Return a file of the template with what is acme's replaced, in one pass, so that an answer stays an answer."""
    return re.sub("|".join(map(re.escape, answers)), lambda found: answers[found[0]], _template(name))


def _in_app(answers: Answers) -> dict[str, str]:
    """Return what stands in app.py for each thing of acme's."""
    instance = answers.identity_center
    replaced = {
        'REGION = "us-east-1"': f"REGION = {_text(answers.region)}",
        '    company="acme",': f"    company={_text(answers.company)},",
        _email("aws@acme.com"): _email(answers.email),
        _user("dax@acme.com", "Dax", "Acme"): _user(answers.user_name, answers.given_name, answers.family_name),
        _ENABLED: _ENABLED if answers.policies_enabled else "enabled_policy_types=[],",
        _instance(*_INSTANCE): _instance(instance.instance_arn, instance.identity_store_id, instance.start_url)
        if instance
        else "    identity_center=None,",
    }
    if answers.account != EXAMPLE_ACCOUNT:
        replaced |= {
            f'account="{EXAMPLE_ACCOUNT}"': f"account={_text(answers.account)}",
            " (a placeholder: the CDK CLI refuses it with anybody's real credentials).": ".",
        }
    if partition_of(answers.region).name != "aws":
        replaced[_REGIONS] = "guardrails.allow_regions([REGION]),"
    # Imported all the same: what the doctor prints needs them.
    if not instance:
        replaced["    IdentityCenter,\n"] = f"    IdentityCenter,{_LATER}\n"
    if not answers.policies_enabled:
        replaced["    PolicyType,\n"] = f"    PolicyType,{_LATER}\n"
    return replaced


_LATER: Final = "  # noqa: F401 (for what the doctor prints)"
_ENABLED: Final = "enabled_policy_types=[PolicyType.SERVICE_CONTROL_POLICY],"
_REGIONS: Final = 'guardrails.allow_regions(sorted({REGION, "us-east-1"})),  # CloudFront\'s stacks are in us-east-1'
_INSTANCE: Final = (EXAMPLE_INSTANCE, EXAMPLE_IDENTITY_STORE, "https://acme.awsapps.com/start")


def _instance(arn: str, store: str, start_url: str | None) -> str:
    url = f"\n        start_url={_text(start_url)}," if start_url else ""
    return (
        f"    identity_center=IdentityCenter(\n        instance_arn={_text(arn)},\n"
        f"        identity_store_id={_text(store)},{url}\n    ),"
    )


def _email(email: str) -> str:
    argument = f"    email={_text(email)},"
    comment = f"# the management account's; dev gets {plus_address(email, 'dev')}"
    line = f"{argument}  {comment}"
    return line if len(line) <= _WIDTH else f"    {comment}\n{argument}"


def _user(user_name: str, given_name: str, family_name: str) -> str:
    """Return a person as the formatter has it: in one line, with the arguments in one, or each in its own."""
    arguments = [
        f"user_name={_text(user_name)}",
        f"given_name={_text(given_name)}",
        f"family_name={_text(family_name)}",
        'groups=["Administrators"]',
    ]
    line = f"        UserProps({', '.join(arguments)}),"
    if len(line) <= _WIDTH:
        return line
    inside = f"            {', '.join(arguments)}"
    if len(inside) > _WIDTH:
        inside = "\n".join(f"            {each}," for each in arguments)
    return f"        UserProps(\n{inside}\n        ),"


def _text(value: str) -> str:
    """Return a text as Python has it, in the quotes that the formatter chooses."""
    quoted = json.dumps(value, ensure_ascii=False)
    if '"' in value and value.count("'") < value.count('"'):
        inside = quoted[1:-1].replace('\\"', '"').replace("'", "\\'")
        return f"'{inside}'"
    return quoted
