"""Whom a row means: whose file it completes, and whether he is on the roll of members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from branches.sheets.places import Place, Places
from members.models import DevelopmentFile, Member
from members.sheets.development.known import KnownFiles
from members.sheets.development.reading import number_of
from members.sheets.development.stages import JOINED
from members.sheets.judging import NEW, REGISTER, SHEET
from members.sheets.known import Known, Registered, in_chunks, is_on_roll
from members.sheets.questions import conflict, described, name_differs, perhaps
from registry.sentences import Sentence
from registry.sheets import codes
from registry.sheets.resources import Context
from registry.sheets.rows import StagedRow

FILE, MEMBER = "file", "member"  # before the key in an answer


class Meant(NamedTuple):
    """Whose file, which member (his key); neither for somebody new. ``sure`` unless asked."""

    file: DevelopmentFile | None = None
    member: int | None = None
    sure: bool = True


class Candidate(NamedTuple):
    answer: str
    file: DevelopmentFile | None
    member: Registered | None = None


class Whom:
    """Answers for the rows of one upload."""

    def __init__(self, rows: Sequence[StagedRow], context: Context, places: Places) -> None:
        self.places = places
        self.files = KnownFiles(rows, context.user, context.verb)
        self.members = Known(rows, context.user, context.verb)
        digests = {file.id_digest for file in self.files.every() if not file.member_id}
        mine = Member.objects.visible_to(context.user, context.verb).on_roll()
        self.by_digest: dict[str, int] = {}
        for chunk in in_chunks(digests - {""}):
            found = mine.filter(id_digest__in=chunk)
            self.by_digest |= dict(found.values_list("id_digest", "pk"))

    def of(self, row: StagedRow, place: Place | None) -> Meant:
        """Return whom the row means; tell the row where that is unsure, or no one of his."""
        if self.files.is_elsewhere(row) or self.members.is_elsewhere(row):
            # One sentence for everybody, whoever it is and wherever he belongs.
            row.tell(
                Sentence(
                    "A person with this ID number is registered elsewhere. Use a transfer.",
                    code=codes.REGISTERED_ELSEWHERE,
                ),
                "id_number",
            )
            return Meant(sure=False)
        key = row.values.get("file_number")
        if key and key not in self.files.by_pk:
            row.tell(
                Sentence(
                    "There is no file with the number “%(number)s” among yours. Correct it, or "
                    "leave it empty.",
                    code=codes.NUMBER_UNKNOWN,
                    number=number_of(key),
                ),
                "file_number",
            )
            return Meant(sure=False)
        found = self._by_keys(row)
        if len(found) > 1:
            return self._asked(row, found, codes.MATCH_CONFLICT)
        if found:
            return self._named(row, found[0])
        if alike := self._by_name(row, place):
            return self._asked(row, alike, codes.MATCH_UNSURE)
        return Meant()

    def _by_keys(self, row: StagedRow) -> list[Candidate]:
        files = [file for file in self.files.by_keys(row) if not _began_anew(file, row)]
        theirs = {file.member_id for file in files if file.member_id}
        members = [each for each in self.members.by_keys(row) if is_on_roll(each)]
        members = [each for each in members if each["pk"] not in theirs]
        if len(files) == 1 and len(members) == 1 and _is_one(files[0], members[0]):
            # On the way by his file, and on the roll since.
            return [Candidate("", files[0], members[0])]
        return [*map(_of_file, files), *map(_of_member, members)]

    def _by_name(self, row: StagedRow, place: Place | None) -> list[Candidate]:
        files = self.files.alike(row, place.pk if place else None)
        found = [*map(_of_file, files)]
        says_joined = row.values.get("assembly_on") or row.values.get("stage") in JOINED
        if says_joined and not found:
            members = self.members.alike(row, place.pk if place else None)
            found += [_of_member(each) for each in members if is_on_roll(each)]
        return found

    def _named(self, row: StagedRow, found: Candidate) -> Meant:
        known = _known(found)
        name = row.values.get("name")
        if name and name != known["name"] and row.answer(codes.NAME_DIFFERS) not in (
            SHEET, REGISTER,
        ):  # fmt: skip
            choices = [(SHEET, name), (REGISTER, known["name"])]
            row.tell(name_differs(known, name), "name", choices)
        return Meant(found.file, self._member_of(found))

    def _member_of(self, found: Candidate) -> int | None:
        """The member whom somebody is, where the clerk has him among his rows."""
        if found.file and found.file.member_id:
            return found.file.member_id
        if found.member:
            return int(found.member["pk"])
        return self.by_digest.get(found.file.id_digest) if found.file else None

    def _asked(self, row: StagedRow, found: Sequence[Candidate], code: str) -> Meant:
        answer = row.answer(code)
        for candidate in found:
            if answer == candidate.answer:
                return Meant(candidate.file, self._member_of(candidate))
        if code == codes.MATCH_UNSURE and answer == NEW:
            return Meant()
        known = [_known(each) for each in found]
        places = self.places.by_pk
        choices = [
            (each.answer, described(person, places))
            for each, person in zip(found, known, strict=True)
        ]
        if code == codes.MATCH_UNSURE:
            row.tell(perhaps(known, places), choices=[*choices, (NEW, "")])
        else:
            row.tell(conflict(known), choices=choices)
        return Meant(sure=False)


def _began_anew(file: DevelopmentFile, row: StagedRow) -> bool:
    """Whether somebody whose file was stopped has applied once more since: that is a new one."""
    applied = row.values.get("application_on")
    return bool(file.stopped_on and applied and applied.first_day > file.stopped_on)


def _is_one(file: DevelopmentFile, member: Registered) -> bool:
    """Whether a file that is joined to nobody is about this member."""
    same = member["id_digest"] == file.id_digest if member["id_digest"] and file.id_digest else True
    return not file.member_id and same and member["name"] == file.name


def _of_file(file: DevelopmentFile) -> Candidate:
    return Candidate(f"{FILE}-{file.pk}", file)


def _of_member(member: Registered) -> Candidate:
    return Candidate(f"{MEMBER}-{member['pk']}", None, member)


def _known(found: Candidate) -> Registered:
    """Return what a question tells of somebody."""
    if found.file is None:
        return found.member or {}
    file = found.file
    return {
        "number": number_of(file.pk),
        "name": file.name,
        "organization_id": file.organization_id,
    }
