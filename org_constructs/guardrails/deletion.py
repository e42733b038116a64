"""What nobody gets back once it is deleted."""

from __future__ import annotations

from collections.abc import Sequence

from ._content import Content, service_control


def deny_deleting_keys(*, except_roles: Sequence[str] = ()) -> Content:
    """Return a service control policy that denies deleting the keys of AWS KMS and AWS CloudHSM.

    Whatever a deleted key encrypted is lost. What breaks: `cdk destroy` of a stack whose key has the removal policy
    DESTROY; the key stays, and costs 1 USD a month.

    Limits: neither the management account nor service-linked roles are stopped. A key may still be disabled, which can
    be undone, and a deletion that waits already goes on. Key material that was imported with an end ends; a key policy
    that lets nobody in takes AWS Support to change.

    Source: https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html and
    https://github.com/aws-samples/service-control-policy-examples/tree/main/Protect-cloud-platform-resource

    Args:
        except_roles: Who may, as in `allow_regions`; by default nobody.

    Raises:
        Refusal: `except_roles` has no names of roles.
    """
    actions = [
        "cloudhsm:DeleteBackup",
        "cloudhsm:DeleteCluster",
        "cloudhsm:DeleteHsm",
        "kms:DeleteCustomKeyStore",
        "kms:DeleteImportedKeyMaterial",
        "kms:ScheduleKeyDeletion",
    ]
    return service_control("DenyDeletingKeys", actions, except_roles)


def deny_deleting_backups(*, except_roles: Sequence[str] = ()) -> Content:
    """Return a service control policy that keeps backups, and what makes and locks them.

    These are the vaults, recovery points, plans and locks of AWS Backup; the backups and manual snapshots of databases,
    caches, directories and file systems; archives of S3 Glacier; and the rules of the Recycle Bin. What breaks: pruning
    of one's own snapshots by scripts, `cdk destroy` of a backup plan or vault, and changing either by `cdk deploy`, for
    all but `except_roles`.

    Limits: neither the management account nor service-linked roles are stopped, so that AWS Backup deletes what is past
    its lifecycle. Snapshots and images of EC2 come and go with builds and Amazon Data Lifecycle Manager: have the
    Recycle Bin keep those. Point-in-time recovery can be turned off, and what was never backed up is not.

    Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/security-considerations.html and
    https://github.com/aws-samples/service-control-policy-examples/tree/main/Sensitive-data-protection

    Args:
        except_roles: Who may, as in `allow_regions`; by default nobody.

    Raises:
        Refusal: `except_roles` has no names of roles.
    """
    actions = [
        "backup:CancelLegalHold",
        "backup:DeleteBackupPlan",
        "backup:DeleteBackupSelection",
        "backup:DeleteBackupVault",
        "backup:DeleteBackupVaultAccessPolicy",
        "backup:DeleteBackupVaultLockConfiguration",
        "backup:DeleteRecoveryPoint",
        "backup:DisassociateBackupVaultMpaApprovalTeam",
        "backup:DisassociateRecoveryPoint",
        "backup:DisassociateRecoveryPointFromParent",
        "backup:PutBackupVaultAccessPolicy",
        "backup:PutBackupVaultLockConfiguration",
        "backup:StopBackupJob",
        "backup:UpdateBackupPlan",
        "backup:UpdateRecoveryPointLifecycle",
        "backup:UpdateRegionSettings",
        "docdb-elastic:DeleteClusterSnapshot",
        "ds:DeleteSnapshot",
        "dynamodb:DeleteBackup",
        "elasticache:DeleteServerlessCacheSnapshot",
        "elasticache:DeleteSnapshot",
        "fsx:DeleteBackup",
        "fsx:DeleteSnapshot",
        "glacier:DeleteArchive",
        "glacier:DeleteVault",
        "lightsail:DeleteDiskSnapshot",
        "lightsail:DeleteInstanceSnapshot",
        "lightsail:DeleteRelationalDatabaseSnapshot",
        "memorydb:DeleteSnapshot",
        "neptune-graph:DeleteGraphSnapshot",
        "rbin:DeleteRule",
        "rbin:UnlockRule",
        "rbin:UpdateRule",
        "rds:DeleteDBClusterAutomatedBackup",
        "rds:DeleteDBClusterSnapshot",
        "rds:DeleteDBInstanceAutomatedBackup",
        "rds:DeleteDBSnapshot",
        "redshift-serverless:DeleteSnapshot",
        "redshift:DeleteClusterSnapshot",
        "timestream-influxdb:DeleteDbBackup",
    ]
    return service_control("DenyDeletingBackups", actions, except_roles)
