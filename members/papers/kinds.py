"""Every kind of paper that can be printed, by its key; one line adds a paper."""

from __future__ import annotations

from members.papers.cared_for import FLOATING, HARDSHIP, LOST_CONTACT
from members.papers.officers import CONTACTS, OFFICERS
from members.papers.organizations import ORGANIZATIONS
from members.papers.party_age import BIRTHDAYS, FIFTY_YEARS
from members.papers.roster import ROSTER
from registry.papers.catalogue import Paper

PAPERS: dict[str, Paper] = {
    paper.key: paper
    for paper in (
        ROSTER,
        BIRTHDAYS,
        FIFTY_YEARS,
        FLOATING,
        LOST_CONTACT,
        HARDSHIP,
        OFFICERS,
        ORGANIZATIONS,
        CONTACTS,
    )
}
