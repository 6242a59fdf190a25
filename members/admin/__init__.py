from members.admin import (
    confirmations,
    development,
    dues,
    figures,
    form_filling,
    jobs,
    layouts,
    organization_page,
    own_fields,
    papers,
    past_tree,
    print_jobs,
    reorganizing,
    rosters,
    template,
    terms,
    transfers,
    tree,
)
from members.admin.certificates import CertificateAdmin
from members.admin.desk import start_page
from members.admin.findings import FindingAdmin
from members.admin.members import MemberAdmin
from members.admin.organizations import OrganizationAdmin
from members.admin.standing import lists as standing_lists
from members.admin.units import UnitAdmin

__all__ = [
    "CertificateAdmin",
    "FindingAdmin",
    "MemberAdmin",
    "OrganizationAdmin",
    "UnitAdmin",
    "confirmations",
    "development",
    "dues",
    "figures",
    "form_filling",
    "jobs",
    "layouts",
    "organization_page",
    "own_fields",
    "papers",
    "past_tree",
    "print_jobs",
    "reorganizing",
    "rosters",
    "standing_lists",
    "start_page",
    "template",
    "terms",
    "transfers",
    "tree",
]
