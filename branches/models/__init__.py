from branches.models.accounts import Account
from branches.models.audit import AuditEntry
from branches.models.grants import Grant, Scope, in_scopes, may, scopes
from branches.models.groups import PartyGroup
from branches.models.organizations import Organization
from branches.models.periods import OrganizationPeriod
from branches.models.reorganizations import Reorganization
from branches.models.subtrees import Subtree
from branches.models.units import Area, Unit

__all__ = [
    "Account",
    "Area",
    "AuditEntry",
    "Grant",
    "Organization",
    "OrganizationPeriod",
    "PartyGroup",
    "Reorganization",
    "Scope",
    "Subtree",
    "Unit",
    "in_scopes",
    "may",
    "scopes",
]
