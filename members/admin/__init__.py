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
    print_jobs,
    reorganizing,
    rosters,
    template,
    terms,
    tree,
)
from members.admin.certificates import CertificateAdmin
from members.admin.desk import start_page
from members.admin.findings import FindingAdmin
from members.admin.members import MemberAdmin
from members.admin.organizations import OrganizationAdmin
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
    "print_jobs",
    "reorganizing",
    "rosters",
    "start_page",
    "template",
    "terms",
    "tree",
]
