from members.admin import (
    form_filling,
    jobs,
    organization_page,
    own_fields,
    print_jobs,
    reorganizing,
    rosters,
    template,
    tree,
)
from members.admin.desk import start_page
from members.admin.findings import FindingAdmin
from members.admin.members import MemberAdmin
from members.admin.organizations import OrganizationAdmin
from members.admin.units import UnitAdmin

__all__ = [
    "FindingAdmin",
    "MemberAdmin",
    "OrganizationAdmin",
    "UnitAdmin",
    "form_filling",
    "jobs",
    "organization_page",
    "own_fields",
    "print_jobs",
    "reorganizing",
    "rosters",
    "start_page",
    "template",
    "tree",
]
