"""The organizations that are measured: the guide's, and ones of any size."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any, Final

from org_constructs.aws.template_size import OUTPUTS_MAX, RESOURCES_MAX

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COMPANY: Final = "acme"
EMAIL: Final = "aws@acme.com"
MANAGEMENT_ACCOUNT: Final = "111122223333"
REGION: Final = "us-east-1"
INSTANCE_ARN: Final = "arn:aws:sso:::instance/ssoins-1111222233334444"
IDENTITY_STORE: Final = "d-1111222233"
PERMISSION_SET: Final = "AdministratorAccess"
SESSION_DURATION: Final = "PT12H"
USER: Final = "dax@acme.com"

GUIDES_KEYS: Final = ("dev", "production")


def accounts_max(groups: int) -> int:
    """Return how many accounts a stack takes, each with an output and assigned to every group, beside a few things."""
    return min((RESOURCES_MAX - 20) // (1 + groups), OUTPUTS_MAX - 10)


@dataclass(frozen=True)
class Shape:
    """How large an organization is, and in which stacks; every group is assigned to every account."""

    accounts: int
    groups: int
    in_baseline: int
    """How many accounts are in the baseline's own stack."""
    per_stack: int
    """How many accounts a stack of accounts has."""

    @staticmethod
    def of(accounts: int, groups: int = 1) -> Shape:
        """Return an organization of that size, in stacks as docs/decisions/0010 says.

        One stack where it fits. Else every account in a stack beside the baseline's, a twentieth of them in each, so
        that little is left to do when the last account exists; ten at least, for the ten lanes of assignments; and at
        most those whose assignments fit into one stack.
        """
        if accounts <= accounts_max(groups):
            return Shape(accounts, groups, in_baseline=accounts, per_stack=1)
        return Shape(accounts, groups, in_baseline=0, per_stack=min(max(accounts // 20, 10), RESOURCES_MAX // groups))

    @property
    def account_keys(self) -> list[str]:
        """The keys of the member accounts; two are the guide's."""
        if self.accounts == len(GUIDES_KEYS):
            return list(GUIDES_KEYS)
        return [f"a{number}" for number in range(self.accounts)]

    @property
    def group_names(self) -> list[str]:
        """The names of the groups; the first one administers the management account."""
        return ["Administrators", *(f"Team{number}" for number in range(1, self.groups))]

    def stack_of(self, number: int) -> str | None:
        """Return the stack of an account; None for the baseline's own."""
        return None if number < self.in_baseline else f"s{(number - self.in_baseline) // self.per_stack}"

    @property
    def words(self) -> list[str]:
        """The words that `from_words` reads."""
        return [str(field) for field in astuple(self)]

    @staticmethod
    def from_words(words: Sequence[str]) -> Shape:
        """Return the shape that a command line says."""
        return Shape(*map(int, words))


GUIDE: Final = Shape.of(2)

FULL: Final = Shape(accounts=240, groups=1, in_baseline=accounts_max(1), per_stack=50)
"""As it is when the baseline's stack has become full: the first accounts in it, the later ones in a second stack."""


def baseline_arguments(shape: Shape) -> dict[str, Any]:
    """Return what `OrgBaseline` takes for an organization of the shape."""
    # Whoever measures something else does not pay for the import.
    from org_constructs import AccountProps, AssignmentProps, GroupProps, IdentityCenter, UserProps  # noqa: PLC0415

    def accounts() -> Iterator[AccountProps]:
        for number, key in enumerate(shape.account_keys):
            yield AccountProps(key=key, stack=shape.stack_of(number))

    administrators, *others = shape.group_names
    return {
        "company": COMPANY,
        "email": EMAIL,
        "identity_center": IdentityCenter(instance_arn=INSTANCE_ARN, identity_store_id=IDENTITY_STORE),
        "users": [UserProps(user_name=USER, given_name="Dax", family_name="Acme", groups=shape.group_names)],
        "accounts": list(accounts()),
        "groups": [GroupProps(name=name) for name in shape.group_names],
        "assignments": [
            AssignmentProps(principal=administrators, permission_set=PERMISSION_SET, targets=["management", "*"]),
            *(AssignmentProps(principal=name, permission_set=PERMISSION_SET, targets=["*"]) for name in others),
        ],
    }
