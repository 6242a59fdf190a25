"""Rosters staged and applied in one line, and what came of them."""

from __future__ import annotations

from members.models import Headcount
from members.sheets.members import MemberResource
from registry.access import OPERATOR
from registry.calendar import PartialDate
from registry.sheets import staging, undoing
from registry.sheets.keeping import kept_rows
from registry.sheets.staging import Scope
from tests.factories import TODAY, a_member
from tests.members.sheets_of_members import ID_1, a_roster


def staged(*rows, organization=None, user=OPERATOR, opening_on=TODAY, **roster):
    scope = Scope(organization.path, str(organization)) if organization else Scope()
    return staging.stage(
        MemberResource,
        a_roster(*rows, **roster),
        "roster.xlsx",
        user=user,
        scope=scope,
        opening_on=opening_on,
        today=TODAY,
    )


def applied(job, user=OPERATOR, *, good_rows=False):
    return staging.apply(MemberResource, job, user, today=TODAY, good_rows=good_rows)


def states(job):
    return [row.state for row in job.rows.order_by("id")]


def told(job):
    """Findings about rows, as cell and code."""
    return [(each.cell, each.code) for each in job.findings.filter(row__isnull=False)]


def known(branch, **fields):
    """A member who agrees with ``a_row``."""
    described = {
        "name": "陶敏",
        "sex": "F",
        "ethnicity": "01",
        "born_on": PartialDate(1980, 5, 17),
        "joined_on": PartialDate(2005, 6),
        "full_member_on": PartialDate(2006, 6),
        "id_number": ID_1,
    }
    return a_member(branch, **described | fields)


def row_of(job):
    """The only row of an upload, with all that is kept of it."""
    [row] = kept_rows(job)
    return row


def undone(job, user=OPERATOR):
    """Take an upload back; how many rows were restored, kept and failed."""
    result = undoing.undo(MemberResource, job, user, today=TODAY)
    job.refresh_from_db()
    return result.restored, result.kept, result.failed


def reasons(job):
    """Why rows were not restored."""
    return [
        (each.cell, each.code, each.message)
        for each in job.findings.filter(code__in=("undo_kept", "undo_failed"))
    ]


def heads(*organizations):
    """Full members of each organisation, as its headcount says."""
    counts = dict(Headcount.objects.values_list("organization", "full"))
    return [counts.get(organization.pk, 0) for organization in organizations]
