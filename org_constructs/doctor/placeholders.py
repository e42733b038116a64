"""What README's example has in place of a company's own, and should not have survived in another company's app."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.aws.examples import EXAMPLE_IDENTITY_CENTER

from .finding import Finding, problem, warning

if TYPE_CHECKING:
    from .examination import Assembly

_COMPANY: Final = "acme"
_START_URL: Final = "https://acme.awsapps.com/start"
_ACCOUNT_EMAIL: Final = r"aws(\+[^@]*)?@acme\.com"
_USER: Final = "dax@acme.com"


def surviving(assembly: Assembly) -> Iterator[Finding]:
    """Yield the argument of each placeholder that an app of another company than acme still has.

    The ids of accounts and of Identity Center are compared with AWS, by the checks of those.
    """
    company = assembly.description.metadata.company
    if company is None or _COMPANY in company.casefold():
        return
    yield from _emails(assembly, company)
    if any(user.name == _USER for user in assembly.description.users.values()):
        yield problem(
            "example-user",
            f"users has {_USER} from the example, but the company is {company}",
            why="Whoever reads the e-mail of acme.com can reset that user's password, and so has its access.",
            next=("List the people of the company in the app",),
            paste=('UserProps(user_name="…", given_name="…", family_name="…", groups=["Administrators"]),',),
        )
    if assembly.description.metadata.start_url == _START_URL:
        stores = sorted(assembly.literals("AWS::IdentityStore::", "IdentityStoreId") - EXAMPLE_IDENTITY_CENTER)
        yield warning(
            "example-start-url",
            f"start_url is {_START_URL} from the example, but the company is {company}",
            why="`org-baseline aws-config` and the stack's output send people there to sign in.",
            next=("Set it to the AWS access portal URL in IAM Identity Center, Settings",),
            paste=tuple(f'start_url="https://{store}.awsapps.com/start",' for store in stores[:1]),
        )


def _emails(assembly: Assembly, company: str) -> Iterator[Finding]:
    written = [assembly.description.metadata.email, *(each.email for each in assembly.description.accounts.values())]
    found = sorted({email for email in written if email and re.fullmatch(_ACCOUNT_EMAIL, email, re.IGNORECASE)})
    if found:
        yield problem(
            "example-email",
            f"email is from the example, but the company is {company}: {', '.join(found)}",
            why=(
                "Whoever reads the e-mail there is the account's root user, and no deploy can change the e-mail"
                " address of an existing account."
            ),
            next=("Set the e-mail address of the management account in the app",),
            paste=('email="…",',),
        )
