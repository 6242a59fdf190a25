"""A whole roster against the register: who is in the register only.

Who is in the file only are its new rows, and who differs its changed ones; the job shows both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from branches.rules import roles, tree
from members.models import Member, id_digest
from registry import access
from registry.models import ImportJob
from registry.models.job_rows import RowState
from registry.sheets import codes
from registry.sheets.keeping import kept_rows
from registry.sheets.rows import StagedRow

_WHO = (codes.MATCH_UNSURE, codes.MATCH_CONFLICT)
_COLUMNS = ("number", "name", "id_digest", "organization__name", "organization__short_name",
            "organization__path")  # fmt: skip


@dataclass(frozen=True)
class Missing:
    """A member whom a whole roster does not name; ``perhaps`` a row that is still open does."""

    member: Member
    perhaps: bool
    actions: tuple[tuple[str, str], ...]  # what may be done: label and address


def missing_in_file(job: ImportJob, user: Any) -> list[Missing]:
    """Return who is on the roll where the upload belongs, and in none of its rows, in the order of
    rosters. Of an upload that is not said to be a whole roster nobody is missing."""
    if not job.whole_roster:
        return []
    rows = job.rows.filter(target_id__isnull=False)
    found = set(rows.values_list("target_id", flat=True))
    left = (RowState.QUESTION, RowState.ERROR, RowState.SKIPPED)
    unsettled = list(kept_rows(job, job.rows.filter(target_id__isnull=True, state__in=left)))
    named = _Named(unsettled)
    people = Member.objects.visible_to(user, roles.IMPORT).on_roll()
    if job.scope_path:
        end = tree.end_of(job.scope_path)
        people = people.filter(organization__path__gte=job.scope_path, organization__path__lt=end)
    people = people.select_related("organization").only(*_COLUMNS).in_roster_order()
    allowed = _Allowed(user)
    return [
        Missing(member, named.perhaps(member), tuple(allowed.actions(member)))
        for member in people.iterator(chunk_size=2000)
        if member.pk not in found and not named.surely(member)
    ]


class _Named:
    """Whom rows name that are not matched: skipped ones, wrong ones, and questions."""

    def __init__(self, rows: Iterable[StagedRow]) -> None:
        self.numbers: set[str] = set()
        self.names: set[str] = set()
        self.candidates: set[str] = set()
        for row in rows:
            self.numbers.add(row.values.get("number", ""))
            self.numbers.add(id_digest(row.values.get("id_number", "")))
            self.names.add(row.values.get("name", ""))
            self.candidates.update(
                answer
                for told in row.judged
                if told.sentence.code in _WHO
                for answer, _about in told.choices
            )

    def surely(self, member: Member) -> bool:
        return member.number in self.numbers or bool(
            member.id_digest and member.id_digest in self.numbers
        )

    def perhaps(self, member: Member) -> bool:
        return member.name in self.names or str(member.pk) in self.candidates


class _Allowed:
    """What a user may do with a member, asked once for each branch."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.verbs: dict[tuple[str, str], bool] = {}

    def actions(self, member: Member) -> Iterator[tuple[str, str]]:
        path = member.organization.path
        for verb, page, label in (
            (roles.VIEW, "change", _("Look")),
            (roles.MOVE, "move", _("Move")),
            (roles.LEAVE, "leave", _("Leave")),
        ):
            if (verb, path) not in self.verbs:
                self.verbs[verb, path] = access.may_at(self.user, verb, path)
            if self.verbs[verb, path]:
                yield label, reverse(f"admin:members_member_{page}", args=[member.pk])
