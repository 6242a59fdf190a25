"""Every kind of paper that can be printed, by its key; one line adds a paper."""

from __future__ import annotations

from members.papers.cared_for import FLOATING, HARDSHIP, LOST_CONTACT
from members.papers.certificate import CERTIFICATE
from members.papers.checking import CHECKING
from members.papers.chronicle import CHRONICLE
from members.papers.confirmations import UNCONFIRMED
from members.papers.development.kinds import DEVELOPMENT_PAPERS
from members.papers.dues.branches import PUBLICATION, SUMMARY
from members.papers.dues.people import ARREARS, BRANCH_PUBLICATION
from members.papers.dues.receipt import RECEIPT
from members.papers.dues.register import REGISTER
from members.papers.dues.transfers import REMITTANCES, RETURNS
from members.papers.figures.statistics import STATISTICS
from members.papers.figures.work_report import WORK_REPORT
from members.papers.member_form import MEMBER_FORM, MEMBER_FORMS
from members.papers.officers import CONTACTS, OFFICERS
from members.papers.organizations import ORGANIZATIONS
from members.papers.party_age import BIRTHDAYS, FIFTY_YEARS
from members.papers.roster import BY_BRANCH, WHOLE
from members.papers.second import SECOND_MEMBERS
from members.papers.sign_in import SIGN_IN
from members.papers.terms.results import RESULT
from members.papers.terms.standing import TERMS, WORKERS
from members.papers.transfers.register import REGISTER as TRANSFERS
from registry.papers.catalogue import Paper

# Those that are made of a roster and stand on the page “Rosters”.
ROSTERS = {paper.key: paper for paper in (WHOLE, BY_BRANCH, CHECKING, SIGN_IN)}
_DUES = (
    REGISTER,
    SUMMARY,
    ARREARS,
    REMITTANCES,
    RETURNS,
    PUBLICATION,
    BRANCH_PUBLICATION,
    RECEIPT,
)
PAPERS: dict[str, Paper] = {
    paper.key: paper
    for paper in (
        *(roster.kind for roster in ROSTERS.values()),
        BIRTHDAYS,
        FIFTY_YEARS,
        FLOATING,
        LOST_CONTACT,
        SECOND_MEMBERS,
        HARDSHIP,
        OFFICERS,
        ORGANIZATIONS,
        CHRONICLE,
        CONTACTS,
        WORKERS,
        TERMS,
        RESULT,
        TRANSFERS,
        UNCONFIRMED,
        MEMBER_FORMS,
        MEMBER_FORM,
        CERTIFICATE,
        *_DUES,
        *DEVELOPMENT_PAPERS,
        STATISTICS,
        WORK_REPORT,
    )
}
# Keys of the papers of one subject; all others are of members and organisations.
DUES = frozenset(paper.key for paper in _DUES)
DEVELOPMENT = frozenset(paper.key for paper in DEVELOPMENT_PAPERS)
