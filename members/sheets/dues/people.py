"""Whom a row of a sheet about dues means: by numbers, else by name within the branch."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from branches.rules import roles
from members.sheets.belonging import Belongings
from members.sheets.known import Known, Registered, is_on_roll
from members.sheets.members import MemberResource
from members.sheets.questions import conflict, described, has_left, name_differs, perhaps
from registry.models.job_rows import RowState
from registry.sentences import Sentence
from registry.sheets import codes
from registry.sheets.cells import quoted, read_text
from registry.sheets.resources import CellField, Context, SheetResource
from registry.sheets.rows import StagedRow

REMARKS = ("remark", "goods")  # where a transfer says what it is for
_HAN = re.compile("[·\u3400-\u9fff\U00020000-\U000323af]{2,}")
_LONGEST = 4  # characters of a name, unless a dot stands in it
REGISTER = "register"  # the answer that the register is right
_PERSON = MemberResource.fields


class DuesResource(SheetResource):
    """A sheet about the dues of members: who they are is said as a roster says it."""

    verbs: ClassVar[tuple[str, str]] = (roles.COLLECT_DUES, roles.COLLECT_DUES)

    row_number = _PERSON["row_number"]
    number = _PERSON["number"]
    staff_number = _PERSON["staff_number"]
    name = _PERSON["name"]
    id_number = _PERSON["id_number"]
    organization_code = _PERSON["organization_code"]
    organization = _PERSON["organization"]
    committee = _PERSON["committee"]
    committee_code = _PERSON["committee_code"]
    # Known, and not asked: what follows from the rest, and where people sign.
    follows = CellField(
        "合计 交纳比例 缴纳比例 缴费比例 执行标准 比例 签名 签字 本人签名 党员签名 全年应缴党费 "
        "全年应交党费",
        read_text,
        derived=True,
    )


class People:
    """Answers for the rows of one upload; nobody but the clerk's own is known here."""

    def __init__(self, rows: Sequence[StagedRow], context: Context) -> None:
        self.belongings = Belongings(context)
        self.places = self.belongings.places
        self.known = Known(rows, context.user, context.verb)
        words = {word for row in rows for word in self._words_of(row)}
        if words:
            self.known.ask_also(words)

    def of(self, row: StagedRow) -> Registered | None:
        """Return whom the row means; tell the row where that is nobody, or unsure."""
        found = self.known.by_keys(row)
        if len(found) > 1:
            return self._chosen(row, found, conflict(found), codes.MATCH_CONFLICT)
        member = found[0] if found else self._by_name(row)
        if member is None:
            return None
        name = row.values.get("name")
        if name and name != member["name"] and row.answer(codes.NAME_DIFFERS) != REGISTER:
            row.tell(name_differs(member, name), "name", [(REGISTER, member["name"])])
        if not is_on_roll(member):
            row.tell(has_left(member))
        return member

    def _by_name(self, row: StagedRow) -> Registered | None:
        name: str = row.values.get("name", "")
        names = [name] if name else self._named_in_remark(row)
        if not names:
            if not any(each.field in ("name", "id_number") for each in row.told):
                row.tell(_nobody_named() if not self._keys(row) else _unknown_number(), "name")
            return None
        belonging = self.belongings.of(row)
        if row.judged:
            return None
        place = belonging.place
        namesakes = [
            member
            for each in names
            for member in self.known.by_name.get(each, ())
            if is_on_roll(member)
            and (
                member["organization_id"] == place.pk
                if place
                else member["organization_id"] in self.places.by_pk
            )
            # Who has a number of his own is not meant by another one.
            and not (row.values.get("id_number") and member["id_digest"])
        ]
        if not namesakes and not name:
            row.tell(_nobody_named(), "name")
            return None
        if not namesakes:
            row.tell(
                _unknown_number() if self._keys(row) else _unknown_name(name, place),
                "id_number" if row.values.get("id_number") else "name",
            )
            return None
        if len(namesakes) == 1 and place and not self._keys(row):
            return namesakes[0]
        question = perhaps(namesakes, self.places.by_pk)
        return self._chosen(row, namesakes, question, codes.MATCH_UNSURE)

    def _words_of(self, row: StagedRow) -> set[str]:
        """Return the parts of a remark that may be a name, where nothing else says who it is."""
        if row.values.get("name") or self._keys(row):
            return set()
        text = " ".join(str(row.values.get(each, "")) for each in REMARKS)
        found = set()
        for run in _HAN.findall(text):
            longest = len(run) if "·" in run else _LONGEST
            starts = range(len(run) - 1)
            found |= {run[at : at + size] for at in starts for size in range(2, longest + 1)}
        return found

    def _named_in_remark(self, row: StagedRow) -> list[str]:
        """Return the names of members that stand in the remark of a row without a name; one that
        is part of a longer one is not meant."""
        found = [word for word in self._words_of(row) if word in self.known.by_name]
        return sorted(
            each for each in found if not any(each != other and each in other for other in found)
        )

    def _keys(self, row: StagedRow) -> bool:
        return any(row.values.get(key) for key in ("id_number", "number", "staff_number"))

    def _chosen(
        self, row: StagedRow, found: Sequence[Registered], question: Sentence, code: str
    ) -> Registered | None:
        for member in found:
            if row.answer(code) == str(member["pk"]):
                return member
        row.tell(
            question,
            choices=[(str(each["pk"]), described(each, self.places.by_pk)) for each in found],
        )
        return None


def begin(rows: Sequence[StagedRow]) -> list[StagedRow]:
    """Return the rows that are to be judged: all but those that the clerk has skipped."""
    for row in rows:
        row.state = RowState.SKIPPED if row.said.skip else RowState.NEW
    return [row for row in rows if row.state != RowState.SKIPPED]


def _nobody_named() -> Sentence:
    return Sentence("The name is missing. Write it.", code=codes.NAME_MISSING)


def _unknown_number() -> Sentence:
    """The same for somebody else's member and for nobody."""
    return Sentence(
        "There is no member with these numbers among yours. Correct them, or leave them empty and "
        "write the name.",
        code=codes.MEMBER_UNKNOWN,
    )


def _unknown_name(name: str, place: object) -> Sentence:
    if place is None:
        return Sentence(
            "There is no member “%(name)s” among yours. Correct the name, or add the ID number.",
            code=codes.MEMBER_UNKNOWN,
            name=quoted(name),
        )
    return Sentence(
        "There is no member “%(name)s” in %(branch)s. Correct the name, or add the ID number.",
        code=codes.MEMBER_UNKNOWN,
        name=quoted(name),
        branch=getattr(place, "label", ""),
    )
