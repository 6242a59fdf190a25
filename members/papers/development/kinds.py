"""Every paper of development, in the order of the way that it tells of."""

from __future__ import annotations

from members.papers.development.boxes import (
    ADMISSION_VOTES,
    COMMITTEE_TALK,
    CULTIVATION,
    FIRST_TALK,
    FULL_VOTES,
)
from members.papers.development.classes import PRE_REVIEW, TRAINING_CLASS, VOTE_RESULTS
from members.papers.development.contents import FILE_CONTENTS
from members.papers.development.decisions import (
    ADMISSION_REPLY,
    ADMISSION_RESOLUTION,
    FULL_REPLY,
    FULL_RESOLUTION,
)
from members.papers.development.lists import (
    ACCEPTED,
    ACTIVISTS,
    APPLICANTS,
    BECAME_FULL,
    OBJECTS,
)
from members.papers.development.notices import (
    FULL_NOTICE,
    FULL_NOTICES,
    OBJECT_NOTICE,
    OBJECT_NOTICES,
)
from members.papers.development.record import DEVELOPMENT_RECORD
from members.papers.development.reports import (
    ACCEPTED_REPORT,
    ACTIVISTS_REPORT,
    OBJECTS_REPORT,
)
from members.papers.development.requests import (
    ADMISSION_REQUEST,
    FULL_REQUEST,
    PRE_REVIEW_REQUEST,
)
from members.papers.development.reviews import POLITICAL_REVIEW_LETTER, POLITICAL_REVIEW_REPORT
from registry.papers.catalogue import Paper

# Of an organisation: lists of a year, notices and reports of many.
OF_ORGANIZATIONS = (
    APPLICANTS,
    ACTIVISTS,
    OBJECTS,
    ACCEPTED,
    BECAME_FULL,
    ACTIVISTS_REPORT,
    OBJECTS_REPORT,
    ACCEPTED_REPORT,
    OBJECT_NOTICES,
    FULL_NOTICES,
    TRAINING_CLASS,
    PRE_REVIEW,
    VOTE_RESULTS,
)
# Of one person's file, each with the step that it belongs to; "" for those of the whole way.
OF_FILES: tuple[tuple[Paper, str], ...] = (
    (DEVELOPMENT_RECORD, ""),
    (FILE_CONTENTS, ""),
    (FIRST_TALK, "first_talk"),
    (CULTIVATION, "cultivation"),
    (OBJECT_NOTICE, "object_notice"),
    (POLITICAL_REVIEW_LETTER, "political_review"),
    (POLITICAL_REVIEW_REPORT, "political_review"),
    (PRE_REVIEW_REQUEST, "pre_review"),
    (ADMISSION_VOTES, "assembly"),
    (ADMISSION_RESOLUTION, "assembly"),
    (COMMITTEE_TALK, "committee_talk"),
    (ADMISSION_REQUEST, "approval"),
    (ADMISSION_REPLY, "approval"),
    (FULL_NOTICE, "full_notice"),
    (FULL_VOTES, "full_assembly"),
    (FULL_RESOLUTION, "full_assembly"),
    (FULL_REQUEST, "full_approval"),
    (FULL_REPLY, "full_approval"),
)
DEVELOPMENT_PAPERS: tuple[Paper, ...] = (*OF_ORGANIZATIONS, *(paper for paper, _step in OF_FILES))
