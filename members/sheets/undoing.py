"""Which rows of an applied roster can be taken back, and what each of them gives back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from branches.models import Organization, PartyGroup
from members.models import Member, Office, UnitHead, id_digest
from members.models.placing import refuse_return
from members.models.undoing import Withdrawal
from members.sheets.known import in_chunks
from registry.models import ImportJob
from registry.models.job_rows import RowState, Undo
from registry.sentences import Sentence
from registry.sheets.progress import Progress
from registry.sheets.resources import Context, Overtaken, Reversal
from registry.sheets.rows import StagedRow
from registry.sheets.undoing import changed_since, failed, kept

Result = tuple[str, Sentence | None]
_RESTORED: Result = (Undo.RESTORED, None)
# Of a new member it is enough to know whether he is as the upload has left him.
_OF_NEW = ("version", "name", "organization", "kind")
_ELSEWHERE = Sentence("It is not, or was not, in one of your branches.")
_NUMBER_TAKEN = Sentence("Its former ID number is registered for somebody else now.")


class Undoing:
    """Takes the applied rows of one upload back, those of one member from the last to the first.

    A member is as a row has left him while his version is the one that the row has made, or no
    change since then counts, and the posts that he took with it are untouched. Where one row of his
    is kept, so are those before.
    """

    def __init__(self, job: ImportJob, rows: Sequence[StagedRow], context: Context) -> None:
        self.job, self.context = job, context
        reason = _("Upload %(job)s taken back") % {"job": job}
        self.withdrawal = Withdrawal(job.log_chain, reason, context.today)
        self.results: dict[int, Result] = {}
        self.rows: dict[int, list[StagedRow]] = defaultdict(list)
        for row in reversed(rows):
            self.rows[row.target_id or 0].append(row)

    def prepare(self, progress: Progress) -> Reversal:
        self._ask_members()
        self._ask_posts()
        self._ask_what_they_had()
        self.freed: set[int] = set()  # whose ID numbers are free again
        new_first = sorted(self.rows.items(), key=lambda each: not _is_new(each[1]))
        for key, rows in progress.over(new_first, len(new_first)):
            self._take_back(self.members[key], rows)
        self.withdrawal.settle()
        return Reversal(self.results, self._write, self.withdrawal.close)

    def _write(self) -> None:
        try:
            self.withdrawal.write()
        except ValidationError as error:
            raise Overtaken(" ".join(error.messages)) from error

    # What is asked

    def _ask_members(self) -> None:
        context = self.context
        self.members: dict[int, Member] = {}
        self.mine: set[int] = set()
        new = {key for key, rows in self.rows.items() if _is_new(rows)}
        every = Member._base_manager
        for keys, members in (
            (new, every.only(*_OF_NEW)),
            (self.rows.keys() - new, every.select_related("organization")),
        ):
            for chunk in in_chunks(keys):
                self.members |= members.in_bulk(chunk)
                visible = Member.objects.visible_to(context.user, context.verb)
                self.mine.update(visible.filter(pk__in=chunk).values_list("pk", flat=True))
        changed = [
            key for key, rows in self.rows.items() if self.members[key].version != _after(rows[0])
        ]
        self.changed = changed_since(self.job, "members.member", changed)

    def _ask_posts(self) -> None:
        self.posts: dict[int, list[Office]] = defaultdict(list)
        self.heads: set[int] = set()
        for chunk in in_chunks(self.rows):
            for office in Office.objects.filter(member__in=chunk, held_until__isnull=True):
                self.posts[office.member_id or 0].append(office)
            heads = UnitHead.objects.filter(member__in=chunk)
            self.heads.update(heads.values_list("member_id", flat=True))
        # A post that an upload has given has no entry of its own, until somebody changes it.
        keys = [office.pk for offices in self.posts.values() for office in offices]
        self.edited = changed_since(self.job, "members.office", keys)

    def _ask_what_they_had(self) -> None:
        """Ask which groups there are still, and who has the ID numbers that are to come back."""
        had = [row.outcome.get("before", {}).get("id_number") for row in self._every_row()]
        self.holders: dict[str, int] = {}
        for chunk in in_chunks(id_digest(number) for number in had if number):
            held = Member._base_manager.filter(
                id_digest__in=chunk, wrong_entry=False, readmitted_on__isnull=True
            )
            self.holders |= dict(held.values_list("id_digest", "pk"))
        groups = {row.outcome.get("group_before") for row in self._every_row()} - {None}
        self.groups: set[int] = set()
        for chunk in in_chunks(groups):
            self.groups.update(PartyGroup.objects.in_bulk(chunk))

    def _every_row(self) -> list[StagedRow]:
        return [row for rows in self.rows.values() for row in rows]

    # What is said of a row

    def _take_back(self, member: Member, rows: list[StagedRow]) -> None:
        good: list[StagedRow] = []
        result = _RESTORED
        version = member.version if member.pk in self.changed else _after(rows[0])
        for row in rows:
            if result is _RESTORED:
                result = self._objection(member, row, version)
                version = _before(row)
            if result is _RESTORED:
                good.append(row)
            if row.key:
                self.results[row.key] = result
        posts = [post for row in good for post in self._posts_of(member, row) if post]
        if good and good[-1].state == RowState.NEW:
            self.freed.add(member.pk)
            self.withdrawal.mark_wrong(member, posts)
        elif good:
            moved = [row.outcome["organization"] for row in good if "place" in row.outcome]
            places = Organization.objects.in_bulk(moved)
            values = {name: value for row in good for name, value in self._values(row).items()}
            self.withdrawal.restore(member, values, posts, [places[key] for key in moved])

    def _values(self, row: StagedRow) -> dict[str, Any]:
        values = dict(row.outcome.get("before", {}))
        if "group_before" in row.outcome:
            group = row.outcome["group_before"]
            values["party_group"] = group if group in self.groups else None
        return values

    def _objection(self, member: Member, row: StagedRow, version: int) -> Result:
        name = member.name
        if version != _after(row):
            return kept(name, self.changed.get(member.pk) if member.pk in self.mine else None)
        if member.pk not in self.mine:
            return failed(name, _ELSEWHERE)
        own = self._posts_of(member, row)
        more = [post for post in self.posts[member.pk] if post not in own]
        edited = [self.edited.get(post.pk) for post in own if post]
        if None in own or any(edited):
            return kept(name, next(filter(None, edited), None))
        if row.state == RowState.NEW and (more or member.pk in self.heads):
            return kept(name, next((self.edited.get(post.pk) for post in more), None))
        number = row.outcome.get("before", {}).get("id_number")
        holder = self.holders.get(id_digest(number)) if number else None
        if holder and holder != member.pk and holder not in self.freed:
            return failed(name, _NUMBER_TAKEN)
        return self._no_way_back(member, row) if "place" in row.outcome else _RESTORED

    def _posts_of(self, member: Member, row: StagedRow) -> list[Office | None]:
        """Return the offices that came with a row; None for one that has been ended since."""
        place = row.outcome["organization"]
        held = {post.post: post for post in self.posts[member.pk] if post.organization_id == place}
        return [held.get(post) for post in row.outcome.get("posts", ())]

    def _no_way_back(self, member: Member, row: StagedRow) -> Result:
        context = self.context
        mine = Organization.objects.visible_to(context.user, context.verb)
        organization = mine.filter(pk=row.outcome["organization"]).first()
        if organization is None:
            return failed(member.name, _ELSEWHERE)
        try:
            refuse_return(member, organization)
        except ValidationError as error:
            return failed(member.name, " ".join(error.messages))
        return _RESTORED


def _is_new(rows: Sequence[StagedRow]) -> bool:
    return rows[-1].state == RowState.NEW


def _before(row: StagedRow) -> int:
    """Return the version of the member before the row; 0 where there was none."""
    return 0 if row.state == RowState.NEW else int(row.outcome["version"])


def _after(row: StagedRow) -> int:
    return _before(row) + 1 + ("place" in row.outcome)
