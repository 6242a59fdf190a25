"""Many members at once as they were before an upload: an intake, backwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import F

from branches.models import Organization
from branches.models.reorganizing import hold_tree
from members.models.dues.standings import DuesStanding
from members.models.findings import Finding
from members.models.importing import FIELDS, Intake, chunks
from members.models.members import Member
from members.models.offices import Office
from members.models.placements import Placement
from members.models.placing import take_back_move
from members.rules import membership
from members.rules.codes import FULL
from members.rules.offices import POSTS
from registry.loading import update
from registry.models import StaleRecord
from registry.models.bulk_log import Line
from registry.models.log import Action

_LABEL = "members.member"
_TAKEN_IN = 2_000  # as many are held in memory


class Withdrawal(Intake):
    """Members to be marked as wrong entries, or to become what they were, on ``on``."""

    def __init__(self, chain: str, reason: str, on: date) -> None:
        super().__init__(chain, reason, on)
        self._wrong: list[tuple[Any, ...]] = []
        self._given_up: list[int] = []
        self._returning: list[tuple[int, int, Organization]] = []

    def mark_wrong(self, member: Member, offices: Iterable[Office]) -> None:
        """Let a member whom nobody has changed since never have been, as the verb does."""
        self._wrong.append((True, self.reason[:200], member.pk, member.version))
        changes: list[list[Any]] = [
            ["wrong_entry", False, True],
            ["wrong_entry_reason", "", self.reason[:200]],
        ]
        self._give_up(offices, changes)
        self.taken.lines.append(Line(Action.CHANGE, _LABEL, member.pk, member.name, changes))
        full = member.kind == FULL
        self.taken.count(member.organization_id, full=-full, probationary=-(not full))
        self._make_room()

    def restore(
        self,
        member: Member,
        values: Mapping[str, Any],
        offices: Iterable[Office],
        ways_back: Sequence[Organization],
    ) -> None:
        """Give ``values`` back to a member whom nobody has changed since; ``ways_back`` are the
        branches that he came from, the last one first."""
        offices = list(offices)
        version = member.version
        for organization in ways_back:
            self._returning.append((member.pk, version, organization))
            version += 1
        if not (values or offices):
            return
        columns = {name: FIELDS[name].attname for name in values}
        before = {name: getattr(member, column) for name, column in columns.items()}
        values = {
            name: value
            for name, value in values.items()
            # The way back brings him into the group again that he was in then.
            if value != before[name] or (name == "party_group" and ways_back)
        }
        for name, value in values.items():
            setattr(member, columns[name], value)
        odd = membership.objections(member.facts(), self.on)
        place = ways_back[-1].pk if ways_back else member.organization_id
        self.correct(
            member.pk,
            version,
            member.name,
            place,
            values,
            before,
            missing=len(member.missing()),
            odd=[(each.code, each.field) for each in odd if each.code],
            posts=(),
        )
        self._give_up(offices, self.taken.lines[-1].changes)
        self._make_room()

    def _make_room(self) -> None:
        if len(self.taken.lines) >= _TAKEN_IN:
            self.settle()

    def settle(self) -> None:
        """Let those taken in wait for ``write``; call it after the last one."""
        self.receive(self.hand_over())

    def write(self) -> None:
        """Write everything; raise ``StaleRecord`` where a member was saved meanwhile, and
        ValidationError where one cannot go back."""
        hold_tree(shared=not self._returning)
        for key, version, organization in self._returning:
            member = Member.objects.get(pk=key)
            if member.version != version:
                raise StaleRecord(self.reason)
            take_back_move(member, organization)
        columns = ("wrong_entry", "wrong_entry_reason")
        if update(Member, columns, self._wrong, version="version") != len(self._wrong):
            raise StaleRecord(self.reason)
        for chunk in chunks([row[-2] for row in self._wrong]):
            # A stay that never was holds on no day.
            stays = Placement.objects.filter(member__in=chunk)
            stays.update(placed_until=F("placed_from"), ended="wrong_entry")
            DuesStanding.follow(chunk)
        for chunk in chunks(self._given_up):
            Office.objects.filter(pk__in=chunk).delete()
        super().write()

    def _give_up(self, offices: Iterable[Office], changes: list[list[Any]]) -> None:
        for office in offices:
            self._given_up.append(office.pk)
            changes.append(["party_post", POSTS[office.post].chinese, ""])

    def _review(self) -> None:
        """A finding that the upload has mended holds again, let stand or not as it was then."""
        super()._review()
        opened = {(row[0], row[1]) for row in self.waiting.odd}
        mended: dict[tuple[int, str], int] = {}
        for chunk in chunks(sorted({key for key, _code in opened})):
            rows = Finding.objects.filter(member__in=chunk, mended_on__isnull=False)
            for pk, key, code in rows.order_by("pk").values_list("pk", "member_id", "code"):
                if (key, code) in opened:
                    mended[key, code] = pk
        for chunk in chunks(list(mended.values())):
            Finding.objects.filter(pk__in=chunk).update(mended_on=None)
        self.waiting.odd = [row for row in self.waiting.odd if (row[0], row[1]) not in mended]
