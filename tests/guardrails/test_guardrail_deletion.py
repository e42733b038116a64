"""What nobody gets back is not deleted."""

from __future__ import annotations

from typing import Final

import pytest

from every_guardrail import SERVICE_CONTROL
from guardrail_trials import ACCESS_SESSION, ADMIN_SESSION, CDK_SESSION, DEVELOPER_SESSION, ROOT_USER, Trials, each
from iam_reference import services
from org_constructs import guardrails
from org_constructs.guardrails import ORGANIZATION_ACCESS_ROLE

EXCEPT: Final = [ORGANIZATION_ACCESS_ROLE]
KEYS: Final = Trials(
    guardrails.deny_deleting_keys(except_roles=EXCEPT),
    [
        *each(
            [
                "kms:ScheduleKeyDeletion",
                "kms:DeleteImportedKeyMaterial",
                "kms:DeleteCustomKeyStore",
                "cloudhsm:DeleteCluster",
                "cloudhsm:DeleteHsm",
                "cloudhsm:DeleteBackup",
            ],
            says="a key stays",
            who=ADMIN_SESSION,
            denied_by="DenyDeletingKeys",
        ),
        *each(["kms:ScheduleKeyDeletion"], says="`cdk destroy` fails", who=CDK_SESSION, denied_by="DenyDeletingKeys"),
        *each(["kms:ScheduleKeyDeletion"], says="not even root", who=ROOT_USER, denied_by="DenyDeletingKeys"),
        *each(["kms:ScheduleKeyDeletion"], says="the excepted role deletes a key", who=ACCESS_SESSION),
        *each(
            ["kms:CreateKey", "kms:DisableKey", "kms:CancelKeyDeletion", "kms:DeleteAlias", "kms:Decrypt"],
            says="keys are made, used, switched off and kept",
            who=ADMIN_SESSION,
        ),
    ],
)
BACKUPS: Final = Trials(
    guardrails.deny_deleting_backups(except_roles=EXCEPT),
    [
        *each(
            [
                "backup:DeleteRecoveryPoint",
                "backup:DeleteBackupVault",
                "backup:DeleteBackupPlan",
                "backup:DeleteBackupSelection",
                "backup:UpdateBackupPlan",
                "backup:UpdateRecoveryPointLifecycle",
                "backup:DeleteBackupVaultLockConfiguration",
                "backup:PutBackupVaultLockConfiguration",
                "backup:PutBackupVaultAccessPolicy",
                "backup:DisassociateRecoveryPoint",
                "backup:StopBackupJob",
                "rds:DeleteDBSnapshot",
                "rds:DeleteDBClusterSnapshot",
                "rds:DeleteDBInstanceAutomatedBackup",
                "dynamodb:DeleteBackup",
                "redshift:DeleteClusterSnapshot",
                "elasticache:DeleteSnapshot",
                "fsx:DeleteBackup",
                "glacier:DeleteArchive",
                "rbin:DeleteRule",
                "rbin:UpdateRule",
                "rbin:UnlockRule",
            ],
            says="a backup stays, and what makes and locks it",
            who=ADMIN_SESSION,
            denied_by="DenyDeletingBackups",
        ),
        *each(["backup:DeleteRecoveryPoint"], says="not even root", who=ROOT_USER, denied_by="DenyDeletingBackups"),
        *each(["backup:DeleteRecoveryPoint", "rds:DeleteDBSnapshot"], says="the excepted role", who=ACCESS_SESSION),
        *each(
            [
                "backup:StartBackupJob",
                "backup:CreateBackupPlan",
                "backup:StartRestoreJob",
                "rds:CreateDBSnapshot",
                "rds:DeleteDBInstance",
                "ec2:DeleteSnapshot",
                "rbin:CreateRule",
                "rbin:LockRule",
            ],
            says="backups are made and used, and builds come and go",
            who=DEVELOPER_SESSION,
        ),
    ],
)


@KEYS.parameters()
def test_keys(number: int) -> None:
    KEYS.check(number)


@BACKUPS.parameters()
def test_backups(number: int) -> None:
    BACKUPS.check(number)


@pytest.mark.parametrize("trials", [KEYS, BACKUPS], ids=["keys", "backups"])
def test_decides_both_sides(trials: Trials) -> None:
    trials.check_both_sides()
    trials.check_among([*SERVICE_CONTROL.values()])


LEFT: Final = {
    "ec2:DeleteSnapshot": "comes and goes with builds",
    "backup:DeleteBackupAccessPoint": "is a way to a backup",
    "backup:DeleteBackupVaultNotifications": "is a message",
    "backup:DeleteBackupVaultSharingPolicy": "is a way to a backup",
    "lightsail:DeleteAutoSnapshot": "goes with its instance anyway",
    "kinesisanalytics:DeleteApplicationSnapshot": "is an application's state",
    "odb:DeleteAutonomousDatabaseBackup": "is Oracle's",
    "opsworks-cm:DeleteBackup": "is of a service that ended",
    "partnercentral:DeleteResourceSnapshotJob": "is no backup",
    "redshift:DeleteSnapshotCopyGrant": "is no backup",
    "redshift:DeleteSnapshotSchedule": "is no backup",
    "redshift-serverless:DeleteSnapshotCopyConfiguration": "is no backup",
    "storagegateway:DeleteSnapshotSchedule": "is no backup",
}
"""What deletes something called a snapshot or a backup and is not denied, with the reason."""


def test_every_deletion_of_a_backup_is_denied_or_left_for_a_reason() -> None:
    [statement] = BACKUPS.content["Statement"]
    deletions = {
        f"{service}:{name}"
        for service, actions in services().items()
        for name, action in actions.items()
        if action.changes
        and name.startswith("Delete")
        and any(word in name for word in ("Snapshot", "Backup", "RecoveryPoint"))
    }
    of_keys = {action for action in KEYS.content["Statement"][0]["Action"] if "Backup" in action}
    assert deletions - {*statement["Action"]} - of_keys == {*LEFT}
