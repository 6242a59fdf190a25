"""What a row of a roster means for the register: who it is, where he belongs, what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from branches.rules import hierarchy
from branches.sheets.places import Place
from members.models import Member
from members.rules import identity, membership, names, offices
from members.rules.codes import FULL, PROBATIONARY
from members.sheets.belonging import Belonging, Belongings, missing
from members.sheets.known import Known, overlap
from members.sheets.posts import Posts, held_since, not_before
from members.sheets.twice import judge_repeated
from registry.calendar import PartialDate, months_after
from registry.models.jobs import RowState
from registry.sentences import ERROR, WARNING, Sentence, warning
from registry.sheets import codes
from registry.sheets.cells import CLEAR_WORD, QUESTION, quoted
from registry.sheets.resources import CellField, Context
from registry.sheets.rows import StagedRow

# Fields of a member that a cell fills as it is; branch, group and posts take a look-up more.
FILLED = (
    "staff_number", "name", "sex", "ethnicity", "id_number", "born_on", "native_place",
    "education", "education_channel", "degree", "work_began_on", "employer", "job_title", "rank",
    "leading_cadre", "phone", "office_phone", "address", "kind", "category", "joined_on",
    "full_member_on", "party_age_correction", "joined_in", "sponsors", "file_kept_at", "floating",
    "floating_to", "lost_contact_since", "hardship", "note",
)  # fmt: skip
_FACTS = ("kind", "sex", "id_number", "born_on", "work_began_on", "joined_on", "full_member_on")
_PROBATION = 24  # months after joining within which a member without a second date is probationary


class MemberJudge:
    """Judges the rows of one upload against the register as it is now; writes nothing."""

    def __init__(self, context: Context, fields: Mapping[str, CellField]) -> None:
        self.context, self.fields = context, fields
        self.today = context.today

    def judge(self, rows: Sequence[StagedRow]) -> list[Sentence]:
        """Set state, changes and outcome of each row; return what is said of the file."""
        for row in rows:
            row.state = RowState.NEW
        judge_repeated(rows)
        single = [row for row in rows if row.state != RowState.SKIPPED]
        self.known = Known(single, self.context.user, self.context.verb)
        belongings = Belongings(self.context)
        placed = [(row, belongings.of(row)) for row in single]
        self.places = belongings.places
        stays = {each.place.pk for _, each in placed if each.place}
        stays |= {member.organization_id for row in single for member in self.known.by_keys(row)}
        self.posts = Posts(stays, self.context.opening_on)
        posts = False
        for row, belonging in placed:
            self._judge(row, belonging)
            row.state = row.stopped or row.state
            posts = posts or bool(row.outcome.get("posts"))
        notes = belongings.taken_from_titles()
        if posts:
            notes.append(held_since(self.context.opening_on))
        return notes

    def _judge(self, row: StagedRow, belonging: Belonging) -> None:
        if row.stopped == RowState.ERROR and not row.values.get("name"):
            return
        member = self._identify(row, belonging)
        if row.values.get("name"):
            for objection in names.name_objections(row.values["name"]):
                row.tell(objection, "name")
        self._refuse_clearing(row)
        if member:
            self._compare(row, member, belonging)
        elif not row.stopped or not _names_somebody(row):
            self._enter(row, belonging.place)

    # Who is it

    def _identify(self, row: StagedRow, belonging: Belonging) -> Member | None:
        found = self.known.by_keys(row)
        if self.known.is_elsewhere(row):
            # One sentence for everybody, whoever it is and wherever he belongs.
            row.tell(
                Sentence(
                    "A person with this ID number is registered elsewhere. Use a transfer.",
                    code=codes.REGISTERED_ELSEWHERE,
                ),
                "id_number",
            )
            return None
        number = row.values.get("number")
        if number and number not in self.known.by_number:
            row.tell(
                Sentence(
                    "There is no member with the number “%(number)s” among yours. Correct it, or "
                    "leave it empty.",
                    code=codes.NUMBER_UNKNOWN,
                    number=number,
                ),
                "number",
            )
            return None
        if len(found) > 1:
            row.tell(
                Sentence(
                    "The numbers of this row belong to several members: %(names)s. Correct them.",
                    code=codes.MATCH_CONFLICT,
                    names="、".join(f"{each.number} {each.name}" for each in found[:3]),
                )
            )
            return None
        if found:
            self._doubt(row, found[0])
            return found[0]
        if alike := self.known.alike(row, belonging.place.pk if belonging.place else None):
            row.tell(_perhaps(alike))
        return None

    def _doubt(self, row: StagedRow, member: Member) -> None:
        name = row.values.get("name")
        if name and name != member.name:
            row.tell(
                Sentence(
                    "%(number)s is “%(known)s” in the register, “%(written)s” in the sheet. "
                    "Correct the name on the member's page first, or the number in the sheet.",
                    level=QUESTION,
                    code=codes.NAME_DIFFERS,
                    number=member.number,
                    known=member.name,
                    written=quoted(name),
                ),
                "name",
            )
        if not member.is_on_roll:
            row.tell(
                Sentence(
                    "%(number)s “%(name)s” has left the roll. Restore the membership on the "
                    "member's page first, or delete the row.",
                    level=QUESTION,
                    code=codes.HAS_LEFT,
                    number=member.number,
                    name=member.name,
                )
            )

    # A new one

    def _enter(self, row: StagedRow, place: Place | None) -> None:
        values = row.values
        if not values.get("name") and not any(each.field == "name" for each in row.told):
            row.tell(Sentence("The name is missing. Write it.", code=codes.NAME_MISSING), "name")
        if place is None and not any(
            each.field.startswith("organization") for each in (*row.told, *row.judged)
        ):
            row.tell(missing())
        filled = self._filled(row)
        self._derive(row, filled, place)
        facts = membership.Facts(**{name: filled[name] for name in _FACTS if name in filled})
        self._tell_facts(row, facts, known=frozenset())
        row.outcome = {"values": filled}
        if place is None:
            return
        row.outcome["organization"] = place.pk
        since = values.get("placed_from")
        day = since.first_day if since else self.context.opening_on
        row.outcome["since"] = not_before(place, day).isoformat()
        row.outcome["posts"] = self.posts.of(row, place, None, filled.get("kind", ""))
        self.posts.join_group(row, place)

    def _derive(self, row: StagedRow, filled: dict[str, Any], place: Place | None) -> None:
        """Fill what the sheet leaves open and its other cells tell."""
        if number := filled.get("id_number"):
            filled.setdefault("sex", identity.sex_of(number))
            filled.setdefault("born_on", PartialDate.of(identity.born_on(number)))
        if "kind" not in filled and not any(each.field == "kind" for each in row.told):
            joined = filled.get("joined_on")
            lately = joined and joined.last_day > months_after(self.today, -_PROBATION)
            filled["kind"] = PROBATIONARY if lately and not filled.get("full_member_on") else FULL
            if not filled.get("full_member_on"):
                row.tell(_assumed(filled["kind"]), "kind")
        if place and place.sort == hierarchy.RETIRED:
            filled.setdefault("category", "retired")

    # One who is known

    def _compare(self, row: StagedRow, member: Member, belonging: Belonging) -> None:
        row.target_id = member.pk
        place = belonging.place
        if place and place.pk != member.organization_id:
            row.tell(
                Sentence(
                    "%(number)s “%(name)s” belongs to “%(known)s” in the register, to “%(written)s”"
                    " in the sheet. Move the member on the page, or correct the sheet.",
                    level=QUESTION,
                    code=codes.BRANCH_DIFFERS,
                    number=member.number,
                    name=member.name,
                    known=str(member.organization),
                    written=place.label,
                ),
                "organization",
            )
        changed = {
            name: value
            for name, value in self._filled(row).items()
            if self._differs(name, getattr(member, name), value)
        }
        for name in row.cleared:
            if name in FILLED and getattr(member, name) not in (None, "", False, 0):
                changed[name] = getattr(Member(), name)
        row.changes = [
            [name, self._shown(name, getattr(member, name), masked=True), self._shown(name, new)]
            for name, new in changed.items()
        ]
        facts = member.facts()
        known = frozenset(each.code for each in membership.objections(facts, self.today))
        said = {name: changed[name] for name in _FACTS if name in changed}
        self._tell_facts(row, replace(facts, **said), known=known)
        row.outcome = {"values": changed, "version": member.version}
        own = self.places.by_pk.get(member.organization_id)
        if own:
            kind = changed.get("kind", member.kind)
            row.outcome["posts"] = self.posts.of(row, own, member.pk, kind)
            self.posts.join_group(row, own, member)
            if row.outcome["posts"]:
                added = "、".join(offices.POSTS[post].chinese for post in row.outcome["posts"])
                row.changes.append(["party_post", "", added])
        row.state = RowState.CHANGED if row.changes else RowState.UNCHANGED

    def _differs(self, name: str, old: Any, new: Any) -> bool:
        if isinstance(old, PartialDate) and isinstance(new, PartialDate):
            # 1985.06 says nothing against 1985-06-12.
            vaguer = (not new.month and old.month) or (not new.day and old.day)
            return old != new and not (vaguer and overlap(new, old))
        return (old or "") != (new or "")

    def _shown(self, name: str, value: Any, *, masked: bool = False) -> str:
        if masked and value and name in Member.masks:
            return str(Member.masks[name](value))
        return str(self.fields[name].widget.render(value))

    # What the rules say

    def _tell_facts(
        self, row: StagedRow, facts: membership.Facts, *, known: frozenset[str]
    ) -> None:
        for objection in membership.objections(facts, self.today):
            if objection.level == ERROR or objection.code not in known:
                row.tell(objection)

    def _filled(self, row: StagedRow) -> dict[str, Any]:
        """Return what the cells say of the member's fields.

        Without a day of full membership that is still to come: lists give the expected one.
        """
        filled = {name: row.values[name] for name in FILLED if name in row.values}
        full = filled.get("full_member_on")
        if full and full.first_day > self.today:
            certain = row.values.get("kind") == FULL
            row.tell(
                Sentence(
                    "“%(day)s” lies in the future. Enter the day of full membership when it has "
                    "come.",
                    level=ERROR if certain else WARNING,
                    code=codes.DATE_IN_FUTURE,
                    day=full.printed,
                ),
                "full_member_on",
            )
            del filled["full_member_on"]
        return filled

    def _refuse_clearing(self, row: StagedRow) -> None:
        for name in row.cleared:
            if not self.fields[name].clearable:
                row.tell(
                    Sentence(
                        "“%(word)s” cannot empty this column. Delete the word.",
                        code=codes.CANNOT_BE_CLEARED,
                        word=CLEAR_WORD,
                    ),
                    name,
                )


def _names_somebody(row: StagedRow) -> bool:
    """Whether a finding says that the row is, or may be, somebody who is known."""
    return bool(
        {each.sentence.code for each in row.judged}
        & {
            codes.REGISTERED_ELSEWHERE,
            codes.NUMBER_UNKNOWN,
            codes.MATCH_CONFLICT,
            codes.MATCH_UNSURE,
        }
    )


def _perhaps(alike: Sequence[Member]) -> Sentence:
    return Sentence(
        "This may be %(names)s, who is registered already. Add the number or the ID number to the "
        "row, so that it is certain who is meant.",
        level=QUESTION,
        code=codes.MATCH_UNSURE,
        names="、".join(f"{each.number} {each.name} ({each.organization})" for each in alike[:3]),
    )


def _assumed(kind: str) -> Sentence:
    if kind == FULL:
        return warning(
            "The row does not say full or probationary; it is taken for full. "
            "Add a column 党员类型.",
            code=codes.KIND_ASSUMED,
        )
    return warning(
        "The row does not say full or probationary; joined lately and without a day of full "
        "membership it is taken for probationary. Add a column 党员类型.",
        code=codes.KIND_ASSUMED,
    )
