"""The rules that `OrgBaselineChecks` applies, one a file; they read templates and need neither aws_cdk nor Node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .account_access import ACCOUNT_ACCESS
from .account_email import ACCOUNT_EMAIL
from .account_order import ACCOUNT_ORDER
from .account_parent import ACCOUNT_PARENT
from .acknowledgement_blanket import acknowledgement_blanket
from .acknowledgement_reason import ACKNOWLEDGEMENT_REASON
from .administrator_alone import ADMINISTRATOR_ALONE
from .administrator_ends import ADMINISTRATOR_ENDS
from .assignment_duplicate import ASSIGNMENT_DUPLICATE
from .assignment_user_administrator import ASSIGNMENT_USER_ADMINISTRATOR
from .delegation_anybody import DELEGATION_ANYBODY
from .delegation_everything import DELEGATION_EVERYTHING
from .delegation_policies import DELEGATION_POLICIES
from .iam_access_key import IAM_ACCESS_KEY
from .iam_login_profile import IAM_LOGIN_PROFILE
from .iam_user import IAM_USER
from .management_administrators import MANAGEMENT_ADMINISTRATORS
from .organization_features import ORGANIZATION_FEATURES
from .permission_set_administrator_name import PERMISSION_SET_ADMINISTRATOR_NAME
from .permission_set_allow_all import PERMISSION_SET_ALLOW_ALL
from .permission_set_borrowed_role import PERMISSION_SET_BORROWED_ROLE
from .permission_set_ended import PERMISSION_SET_ENDED
from .permission_set_ends_late import PERMISSION_SET_ENDS_LATE
from .permission_set_escalation import PERMISSION_SET_ESCALATION
from .permission_set_managed_policy import PERMISSION_SET_MANAGED_POLICY
from .permission_set_relay_state import PERMISSION_SET_RELAY_STATE
from .permission_set_session import PERMISSION_SET_SESSION
from .policy_action import POLICY_ACTION
from .policy_allows_little import POLICY_ALLOWS_LITTLE
from .policy_allows_nothing import POLICY_ALLOWS_NOTHING
from .policy_condition_key import POLICY_CONDITION_KEY
from .policy_condition_value import POLICY_CONDITION_VALUE
from .policy_denies_services import POLICY_DENIES_SERVICES
from .policy_detach import POLICY_DETACH
from .policy_global_services import POLICY_GLOBAL_SERVICES
from .policy_not_judged import POLICY_NOT_JUDGED
from .policy_only_allows import POLICY_ONLY_ALLOWS
from .policy_principal import POLICY_PRINCIPAL
from .policy_region import POLICY_REGION
from .policy_size import POLICY_SIZE
from .policy_statement import POLICY_STATEMENT
from .policy_targets import POLICY_TARGETS
from .policy_wildcard import POLICY_WILDCARD
from .region_closed import REGION_CLOSED
from .retain import RETAIN

if TYPE_CHECKING:
    from .rule import Rule

_OF_TEMPLATES: Final = (
    ACCOUNT_ACCESS,
    ACCOUNT_EMAIL,
    ACCOUNT_ORDER,
    ACCOUNT_PARENT,
    ACKNOWLEDGEMENT_REASON,
    ADMINISTRATOR_ALONE,
    ADMINISTRATOR_ENDS,
    ASSIGNMENT_DUPLICATE,
    ASSIGNMENT_USER_ADMINISTRATOR,
    DELEGATION_ANYBODY,
    DELEGATION_EVERYTHING,
    DELEGATION_POLICIES,
    IAM_ACCESS_KEY,
    IAM_LOGIN_PROFILE,
    IAM_USER,
    MANAGEMENT_ADMINISTRATORS,
    ORGANIZATION_FEATURES,
    PERMISSION_SET_ADMINISTRATOR_NAME,
    PERMISSION_SET_ALLOW_ALL,
    PERMISSION_SET_BORROWED_ROLE,
    PERMISSION_SET_ENDED,
    PERMISSION_SET_ENDS_LATE,
    PERMISSION_SET_ESCALATION,
    PERMISSION_SET_MANAGED_POLICY,
    PERMISSION_SET_RELAY_STATE,
    PERMISSION_SET_SESSION,
    POLICY_ACTION,
    POLICY_ALLOWS_LITTLE,
    POLICY_ALLOWS_NOTHING,
    POLICY_CONDITION_KEY,
    POLICY_CONDITION_VALUE,
    POLICY_DENIES_SERVICES,
    POLICY_DETACH,
    POLICY_GLOBAL_SERVICES,
    POLICY_NOT_JUDGED,
    POLICY_ONLY_ALLOWS,
    POLICY_PRINCIPAL,
    POLICY_REGION,
    POLICY_SIZE,
    POLICY_STATEMENT,
    POLICY_TARGETS,
    POLICY_WILDCARD,
    REGION_CLOSED,
    RETAIN,
)

RULES: Final[tuple[Rule, ...]] = tuple(
    sorted((*_OF_TEMPLATES, acknowledgement_blanket(_OF_TEMPLATES)), key=lambda rule: rule.id)
)
"""Every rule, sorted by id."""
