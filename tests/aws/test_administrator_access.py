"""AWS's policy AdministratorAccess, by whatever it is called."""

from __future__ import annotations

import pytest

from org_constructs.aws.administrator_access import is_administrator_access
from org_constructs.aws.regions import regions


@pytest.mark.parametrize("partition", [*sorted({each.name for each in regions().values()}), "${AWS::Partition}"])
@pytest.mark.parametrize("path", ["", "job-function/", "a/b/"])
def test_is_known_in_every_partition_and_with_a_path(partition: str, path: str) -> None:
    assert is_administrator_access(f"{path}AdministratorAccess")
    assert is_administrator_access(f"arn:{partition}:iam::aws:policy/{path}AdministratorAccess")


@pytest.mark.parametrize(
    "policy",
    [
        "AdministratorAccess-Amplify",
        "MyAdministratorAccess",
        "arn:aws:iam::aws:policy/AWSAdministratorAccess",
        "arn:aws:iam::111122223333:policy/AdministratorAccess",
        "arn:aws:iam::aws:role/AdministratorAccess",
        "arn:aws:sso:::permissionSet/AdministratorAccess",
        "",
    ],
)
def test_is_no_other_policy(policy: str) -> None:
    assert not is_administrator_access(policy)
