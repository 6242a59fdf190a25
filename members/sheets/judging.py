"""What a row of a roster means for the register: who it is, where he belongs, what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from branches.rules import hierarchy
from branches.sheets.places import Place
from members.models import own_values
from members.rules import identity, membership, names
from members.rules.codes import FULL, PROBATIONARY
from members.sheets.belonging import Belonging, Belongings, missing
from members.sheets.comparing import Comparing
from members.sheets.filling import FACTS, filled, own_values_of, refuse_clearing
from members.sheets.known import Known, Registered, is_on_roll
from members.sheets.posts import Posts, held_since, not_before
from members.sheets.questions import conflict, described, has_left, name_differs, perhaps
from members.sheets.twice import judge_repeated
from registry.calendar import PartialDate, months_after
from registry.models.job_rows import RowState
from registry.sentences import Sentence, warning
from registry.sheets import codes
from registry.sheets.progress import Progress
from registry.sheets.resources import CellField, Context
from registry.sheets.rows import StagedRow

_PROBATION = 24  # months after joining within which a member without a second date is probationary
NEW = "new"  # the answer that a row is nobody of those whom it may be
SHEET = "sheet"  # the answer that the sheet is right
REGISTER = "register"  # the answer that the register is right


class MemberJudge:
    """Judges the rows of one upload against the register as it is now; writes nothing."""

    def __init__(self, context: Context, fields: Mapping[str, CellField]) -> None:
        self.context, self.fields = context, fields
        self.today = context.today

    def judge(self, rows: Sequence[StagedRow], progress: Progress) -> list[Sentence]:
        """Set state, changes and outcome of each row; return what is said of the file."""
        for row in rows:
            row.state = RowState.SKIPPED if row.said.skip else RowState.NEW
        judge_repeated(rows)
        single = [row for row in rows if row.state != RowState.SKIPPED]
        self.known = Known(single, self.context.user, self.context.verb)
        belongings = Belongings(self.context)
        placed = [(row, belongings.of(row), self.known.by_keys(row)) for row in single]
        self.places = belongings.places
        stays = {each.place.pk for _, each, _ in placed if each.place}
        stays |= {each["organization_id"] for _, _, found in placed for each in found}
        self.posts = Posts(stays, self.context.opening_on)
        self.comparing = Comparing(self.fields, self.today, self.places, self.posts)
        posts = False
        for row, belonging, found in progress.over(placed, len(placed)):
            self._judge(row, belonging, found)
            row.state = row.stopped or row.state
            posts = posts or bool(row.outcome.get("posts"))
        notes = belongings.taken_from_titles()
        if posts:
            notes.append(held_since(self.context.opening_on))
        return notes

    def _judge(self, row: StagedRow, belonging: Belonging, found: Sequence[Registered]) -> None:
        name = row.values.get("name")
        if row.stopped == RowState.ERROR and not name:
            return
        member = self._identify(row, belonging, found)
        if name:
            for objection in names.name_objections(name):
                row.tell(objection, "name")
        if row.cleared:
            refuse_clearing(row, self.fields)
        if member:
            self.comparing.compare(row, member, belonging)
        elif not row.stopped or not _names_somebody(row):
            self._enter(row, belonging.place)

    # Who is it

    def _identify(
        self, row: StagedRow, belonging: Belonging, found: Sequence[Registered]
    ) -> Registered | None:
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
            return self._chosen(row, found, conflict(found), codes.MATCH_CONFLICT)
        if found:
            self._doubt(row, found[0])
            return found[0]
        if alike := self.known.alike(row, belonging.place.pk if belonging.place else None):
            return self._chosen(row, alike, perhaps(alike, self.places.by_pk), codes.MATCH_UNSURE)
        return None

    def _chosen(
        self, row: StagedRow, found: Sequence[Registered], question: Sentence, code: str
    ) -> Registered | None:
        """Return whom the clerk has chosen of those whom the row may be; ask him where he has
        not."""
        answer = row.answer(code)
        for member in found:
            if answer == str(member["pk"]):
                return member
        unsure = code == codes.MATCH_UNSURE
        if not (unsure and answer == NEW):
            choices = [(str(each["pk"]), described(each, self.places.by_pk)) for each in found]
            row.tell(question, choices=[*choices, (NEW, "")] if unsure else choices)
        return None

    def _doubt(self, row: StagedRow, member: Registered) -> None:
        name = row.values.get("name")
        if name and name != member["name"]:
            answer = row.answer(codes.NAME_DIFFERS)
            if answer not in (SHEET, REGISTER):
                row.tell(
                    name_differs(member, name),
                    "name",
                    [(SHEET, name), (REGISTER, member["name"])],
                )
        if not is_on_roll(member):
            row.tell(has_left(member))

    # A new one

    def _enter(self, row: StagedRow, place: Place | None) -> None:
        values = row.values
        if not values.get("name") and not any(each.field == "name" for each in row.told):
            row.tell(Sentence("The name is missing. Write it.", code=codes.NAME_MISSING), "name")
        if place is None and not any(
            each.field.startswith("organization") for each in (*row.told, *row.judged)
        ):
            row.tell(missing())
        said = filled(row, self.today)
        self._derive(row, said, place)
        facts = membership.Facts(**{name: said[name] for name in FACTS if name in said})
        odd = membership.objections(facts, self.today)
        for objection in odd:
            row.tell(objection)
        # Only what the cells themselves do not say is kept once more.
        row.outcome = {"values": {name: said[name] for name in said if name not in values}}
        if own := own_values_of(row):
            row.outcome["values"][own_values.OWN] = own_values.text_of(own)
        if "full_member_on" in values and "full_member_on" not in said:
            row.outcome["without"] = ["full_member_on"]
        if odd:
            row.outcome["odd"] = [[each.code, each.field] for each in odd]
        if place is None:
            return
        row.outcome["organization"] = place.pk
        since = values.get("placed_from")
        day = since.first_day if since else self.context.opening_on
        row.outcome["since"] = not_before(place, day).isoformat()
        if posts := self.posts.of(row, place, None, said.get("kind", "")):
            row.outcome["posts"] = posts
        self.posts.join_group(row, place)

    def _derive(self, row: StagedRow, said: dict[str, Any], place: Place | None) -> None:
        """Fill what the sheet leaves open and its other cells tell."""
        if number := said.get("id_number"):
            if "sex" not in said:
                said["sex"] = identity.sex_of(number)
            if "born_on" not in said:
                said["born_on"] = PartialDate.of(identity.born_on(number))
        if "kind" not in said and not any(each.field == "kind" for each in row.told):
            joined = said.get("joined_on")
            lately = joined and joined.last_day > months_after(self.today, -_PROBATION)
            said["kind"] = PROBATIONARY if lately and not said.get("full_member_on") else FULL
            if not said.get("full_member_on"):
                row.tell(_assumed(said["kind"]), "kind")
        if place and place.sort == hierarchy.RETIRED:
            said.setdefault("category", "retired")


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
