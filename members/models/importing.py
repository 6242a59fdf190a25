"""Many members at once: what ``admit`` and ``correct`` do for one, set by set, for uploads.

The rows have been judged by the same rules; here they are written with one statement per table,
logged in one chain of the job, and counted once. The transaction is the caller's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from members.models.findings import Finding
from members.models.headcounts import Headcount
from members.models.members import NUMBER, Member, number_of
from members.models.offices import Office
from members.models.placements import Placement
from members.rules import membership
from members.rules.codes import FULL
from members.rules.offices import POSTS
from registry.models import Counter, Entry
from registry.models.log import Action

BATCH = 500
_DERIVED = ("name_pinyin", "name_initials", "id_digest", "phone_digest", "missing_count", "version")


@dataclass
class _Posts:
    member: Member
    posts: Sequence[str]
    held_from: date


@dataclass
class Intake:
    """Members to be entered or corrected on ``on``; ``write`` writes them all."""

    chain: str
    reason: str
    on: date
    _new: list[tuple[Member, date]] = field(default_factory=list)
    _known: list[Member] = field(default_factory=list)
    _posts: list[_Posts] = field(default_factory=list)
    # By branch: how many more full and probationary members.
    _counts: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def admit(self, member: Member, since: date, posts: Sequence[str], held_from: date) -> None:
        """Enter a new member into his branch as part of its opening stock."""
        self._new.append((member, since))
        self._posts.append(_Posts(member, posts, held_from))

    def correct(self, member: Member, posts: Sequence[str], held_from: date) -> None:
        """Save what differs from ``member`` as it was loaded, and the posts he holds besides."""
        self._known.append(member)
        self._posts.append(_Posts(member, posts, held_from))

    def write(self) -> None:
        """Write everything, within the caller's transaction. The members get their numbers."""
        entries = [*self._corrections(), *self._admissions()]
        posts = {id(each.member): each.posts for each in self._posts if each.posts}
        for entry, member in entries:
            entry.object_id = member.pk
            if held := posts.get(id(member)):
                entry.changes.append(["party_post", "", "、".join(POSTS[p].chinese for p in held)])
        self._take_office()
        Entry.append_all(self.chain, [entry for entry, _ in entries])
        Headcount.add_all(self._counts)  # last and at once: everybody waits for its rows

    def _admissions(self) -> list[tuple[Entry, Member]]:
        if not self._new:
            return []
        members = [member for member, _ in self._new]
        for member, number in zip(members, Counter.take(NUMBER, len(members)), strict=True):
            member.number = number_of(number)
            member.derive()
        entries = [(self._entry(Action.ADD, member), member) for member in members]
        Member.objects.bulk_create(members, batch_size=BATCH)
        Placement.objects.bulk_create(
            [
                Placement(
                    member=member,
                    organization_id=member.organization_id,
                    placed_from=since,
                    began="opening",
                )
                for member, since in self._new
            ],
            batch_size=BATCH,
        )
        Finding.objects.bulk_create(
            [finding for member in members for finding in self._odd(member, ())], batch_size=BATCH
        )
        for member in members:
            self._counts[member.organization_id][member.kind != FULL] += 1
        return entries

    def _corrections(self) -> list[tuple[Entry, Member]]:
        entries = []
        changed: set[str] = set()
        for member in self._known:
            was_full = member._loaded.get("kind") == FULL
            member.derive()
            entry = self._entry(Action.CHANGE, member)
            changed |= {name for name, _old, _new in entry.changes}
            entries.append((entry, member))
            member.version += 1
            if member.is_on_roll and was_full != (member.kind == FULL):
                self._counts[member.organization_id][0] += -1 if was_full else 1
                self._counts[member.organization_id][1] += 1 if was_full else -1
        if self._known:
            Member.objects.bulk_create(
                self._known,
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=sorted({*changed, *_DERIVED}),
                batch_size=BATCH,
            )
            self._review(self._known)
        return entries

    def _entry(self, action: str, member: Member) -> Entry:
        return Entry(
            action=action,
            model=member._meta.label_lower,
            label=member.log_label[:200],
            changes=member.changes(),
            reason=self.reason,
        )

    def _review(self, members: Iterable[Member]) -> None:
        """Open and close findings, as ``Member.review`` does for one."""
        known: dict[int, dict[str, Finding]] = defaultdict(dict)
        pks = [member.pk for member in members]
        for start in range(0, len(pks), BATCH):
            rows = Finding.objects.filter(
                member__in=pks[start : start + BATCH], mended_on__isnull=True
            )
            for finding in rows:
                known[finding.member_id][finding.code] = finding
        opened, mended = [], []
        for member in members:
            odd = self._odd(member, known[member.pk])
            opened += odd
            codes = {each.code for each in membership.objections(member.facts(), self.on)}
            mended += [each.pk for code, each in known[member.pk].items() if code not in codes]
        Finding.objects.bulk_create(opened, batch_size=BATCH)
        for start in range(0, len(mended), BATCH):
            Finding.objects.filter(pk__in=mended[start : start + BATCH]).update(mended_on=self.on)

    def _odd(self, member: Member, known: Any) -> list[Finding]:
        odd = {each.code: each.field for each in membership.objections(member.facts(), self.on)}
        return [
            Finding(member=member, code=code, field=field_name, found_on=self.on)
            for code, field_name in odd.items()
            if code and code not in known
        ]

    def _take_office(self) -> None:
        Office.objects.bulk_create(
            [
                Office(
                    organization_id=each.member.organization_id,
                    member=each.member,
                    body=POSTS[post].body,
                    post=post,
                    held_from=each.held_from,
                    full_time=post.startswith("full_time"),
                )
                for each in self._posts
                for post in each.posts
            ],
            batch_size=BATCH,
        )
