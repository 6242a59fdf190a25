"""Every kind of paper that can be printed, by its key; one line adds a paper."""

from __future__ import annotations

from members.papers.certificate import CERTIFICATE
from members.papers.member_form import MEMBER_FORM, MEMBER_FORMS
from members.papers.roster import ROSTER
from registry.papers.catalogue import Paper

PAPERS: dict[str, Paper] = {
    paper.key: paper
    for paper in (
        ROSTER,
        MEMBER_FORM,
        MEMBER_FORMS,
        CERTIFICATE,
    )
}
