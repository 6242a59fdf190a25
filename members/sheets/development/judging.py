"""What a row of a register of development means: a new file, a more complete one, or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from branches.models import Organization
from branches.rules import hierarchy
from branches.sheets.places import Place
from members.models import DevelopmentFile, Member
from members.models.development.reading import Readings
from members.models.development.register import COPIED
from members.rules import development, identity, names
from members.sheets.belonging import Belongings, missing
from members.sheets.development.columns import COLUMNS
from members.sheets.development.comparing import FILLED, compare, filled
from members.sheets.development.course import Course, Step
from members.sheets.development.identifying import Meant, Whom
from members.sheets.filling import refuse_clearing
from members.sheets.known import in_chunks
from members.sheets.twice import judge_repeated, says_otherwise
from registry.calendar import PartialDate
from registry.models.job_rows import RowState
from registry.sentences import ERROR, Sentence, warning
from registry.sheets import codes
from registry.sheets.progress import Progress
from registry.sheets.resources import CellField, Context
from registry.sheets.rows import StagedRow

_ASKED_OF_RULES = "…"  # a reason; which one, the writing says


class DevelopmentJudge:
    """Judges the rows of one upload against the files as they are now; writes nothing."""

    def __init__(self, context: Context, fields: Mapping[str, CellField]) -> None:
        self.context, self.fields, self.today = context, fields, context.today
        self.gaps: dict[str, dict[str, None]] = defaultdict(dict)  # by sheet: steps without column

    def judge(self, rows: Sequence[StagedRow], progress: Progress) -> list[Sentence]:
        for row in rows:
            row.state = RowState.SKIPPED if row.said.skip else RowState.NEW
        judge_repeated(rows)
        single = [row for row in rows if row.state != RowState.SKIPPED]
        belongings = Belongings(self.context)
        self.places = belongings.places
        whom = Whom(single, self.context, self.places)
        placed = [(row, belongings.of(row).place) for row in single]
        meant = [(row, place, whom.of(row, place)) for row, place in placed]
        self._read(meant)
        self._refuse_twice(meant)
        for row, place, each in progress.over(meant, len(meant)):
            self._judge(row, place, each)
            row.state = row.stopped or row.state
        notes = belongings.taken_from_titles()
        return [*notes, *(_without_columns(sheet, self.gaps[sheet]) for sheet in self.gaps)]

    # What is asked in bulk

    def _read(self, meant: Sequence[tuple[StagedRow, Place | None, Meant]]) -> None:
        members = {each.member for _, _, each in meant if each.member}
        self.members: dict[int, Member] = {}
        for chunk in in_chunks(members):
            self.members |= Member._base_manager.in_bulk(chunk)
        places = {place.pk for _, place, _ in meant if place}
        places |= {member.organization_id for member in self.members.values()}
        self.organizations: dict[int, Organization] = {}
        for chunk in in_chunks(places):
            self.organizations |= Organization.objects.in_bulk(chunk)
        self.files: dict[tuple[str, int], DevelopmentFile] = {}
        for row, place, each in meant:
            file = each.file or self._new_file(row, place, each)
            if file is not None:
                self.files[row.sheet, row.number] = file
        self.readings = Readings(list(self.files.values()))

    def _new_file(
        self, row: StagedRow, place: Place | None, meant: Meant
    ) -> DevelopmentFile | None:
        member = self.members.get(meant.member or 0)
        home = member.organization_id if member else place.pk if place else None
        if not meant.sure or home is None:
            return None
        said = filled(row)
        if member:
            said |= {name: value for name in COPIED if (value := getattr(member, name))}
        if number := said.get("id_number"):
            said.setdefault("sex", identity.sex_of(number))
            said.setdefault("born_on", PartialDate.of(identity.born_on(number)))
        organization = self.organizations[home]
        if organization.sort == hierarchy.RETIRED:
            said.setdefault("category", "retired")
        file = DevelopmentFile(**said, organization=organization, member=member)
        file.began_on = row.values.get("application_on")
        file.derive()
        return file

    def _refuse_twice(self, meant: Sequence[tuple[StagedRow, Place | None, Meant]]) -> None:
        """Two rows about one person, found by different keys, name each other."""
        about: dict[Any, list[StagedRow]] = defaultdict(list)
        for row, _place, each in meant:
            if key := (each.file.pk if each.file else None) or (each.member and -each.member):
                about[key].append(row)
        for rows in about.values():
            for row in rows if len(rows) > 1 else ():
                if not any(told.sentence.code == codes.DUPLICATE_IN_FILE for told in row.judged):
                    row.tell(says_otherwise([other for other in rows if other is not row]))

    # One row

    def _judge(self, row: StagedRow, place: Place | None, meant: Meant) -> None:
        name = row.values.get("name")
        if row.stopped == RowState.ERROR and not name:
            return
        for objection in names.name_objections(name) if name else ():
            row.tell(objection, "name")
        if row.cleared:
            refuse_clearing(row, self.fields)
        if not meant.sure:
            return
        if not name and not meant.file and not any(each.field == "name" for each in row.told):
            row.tell(Sentence("The name is missing. Write it.", code=codes.NAME_MISSING), "name")
        file = self.files.get((row.sheet, row.number))
        if file is None:
            if not any(each.field.startswith("organization") for each in row.judged):
                row.tell(missing())
            return
        if place and place.pk != file.organization_id:
            row.tell(self._elsewhere(file, place), "organization")
        member = self.members.get(meant.member or 0)
        if meant.file and not meant.file.is_open:
            self._judge_closed(row, file, member)
        else:
            self._judge_course(row, file, member)

    def _judge_closed(self, row: StagedRow, file: DevelopmentFile, member: Member | None) -> None:
        """Nothing is added to a closed file; of a stopped one that is told, where there is news."""
        row.target_id, row.state = file.pk, RowState.UNCHANGED
        taken = self.readings.taken(file)
        known = {each.step for each in taken}
        steps = Course(row, taken, member, self.today).steps
        if file.archived_on or not [each for each in steps if each.code not in known]:
            return
        row.tell(
            Sentence(
                "The file of “%(name)s” was stopped on %(day)s. Start it again on its page, or "
                "skip the row.",
                code=codes.FILE_STOPPED,
                name=file.name,
                day=file.stopped_on,
            )
        )

    def _judge_course(self, row: StagedRow, file: DevelopmentFile, member: Member | None) -> None:
        is_new = file.pk is None
        joining = member if member and member.is_on_roll else None
        taken = [] if is_new else self.readings.taken(file)
        steps = Course(row, taken, joining, self.today).steps
        if is_new and not steps:
            row.tell(_says_nothing())
            return
        before = self.readings.of(file)
        if joining:  # by this file, once it is joined to him
            before = replace(before, is_member=False, full_member=False)
        if is_new:
            applied = steps[0].on
            day = applied or min((step.on for step in steps if step.on), default=None)
            rules = development.rule_set_on(day.first_day if day else self.today).code
            before = replace(before, rule_set=rules)
            row.outcome["rule_set"] = rules
        else:
            compare(row, file, self.fields)
            born_on = row.outcome.get("values", {}).get("born_on") or file.born_on
            before = replace(before, born_on=born_on)
        self._tell_rules(row, before, steps)
        application = next((step.on for step in steps if step.code == "application"), None)
        row.outcome |= {
            "began_on": str(application or ""),
            "organization": file.organization_id,
            "name": file.name,
            "steps": [_kept(step) for step in steps],
            "member": joining.pk if joining else None,
            "joins": bool(joining and (is_new or file.member_id != joining.pk)),
        }
        row.changes += [
            [step.field or "stage", _old(step), step.on.printed if step.on else "—"]
            for step in steps
        ]
        if is_new:
            row.outcome["values"] = _own_values(file)
            return
        row.target_id = file.pk
        row.outcome["version"] = file.version
        changed = row.changes or row.outcome["joins"]
        row.state = RowState.CHANGED if changed else RowState.UNCHANGED

    def _elsewhere(self, file: DevelopmentFile, place: Place) -> Sentence:
        return warning(
            "“%(name)s” belongs to “%(known)s” in the register, to “%(written)s” in the sheet. "
            "Nobody was moved; move the file on its page.",
            code=codes.BRANCH_DIFFERS,
            name=file.name,
            known=file.organization,
            written=place.label,
        )

    # What the rules say

    def _tell_rules(self, row: StagedRow, before: development.File, steps: Sequence[Step]) -> None:
        """Tell what the rules have against the new steps, and what the file lacks with them."""
        known = before
        instead = {each.instead.pk for each in steps if each.instead}
        if instead:
            known = _without(before, [each for each in steps if each.instead])
        first = known
        for step in steps:
            for objection in development.objections(
                step.code,
                known,
                step.on,
                facts=step.facts,
                today=self.today,
                historical=True,  # by whom it was approved then, the sheet does not say
                reason=_ASKED_OF_RULES,
            ):
                if objection.level == ERROR:
                    row.tell(objection, self._cell(step.code, objection, row))
            known = _with(known, step)
        told = {(step, str(said)) for step, said in development.findings(first, self.today)}
        said_already = {str(each.sentence) for each in row.judged}
        for code, said in development.findings(known, self.today):
            if (code, str(said)) in told or str(said) in said_already:
                continue
            if said.code in ("skipped", "day_unknown"):
                self._tell_gap(row, code, said)
            else:
                row.tell(said, self._cell(code, said, row))

    def _tell_gap(self, row: StagedRow, step: str, said: Sentence) -> None:
        """A gap is told where the sheet has a column for it, else once for the sheet."""
        place = self._cell(step, said, row)
        if place:
            row.tell(said, place)
        elif said.code == "skipped":
            self.gaps[row.sheet].setdefault(development.STEPS[step].chinese)

    def _cell(self, step: str, said: Sentence, row: StagedRow) -> str:
        """The column that a finding about a step is about; "" where the sheet has none."""
        columns = _COLUMNS_OF.get(step, ())
        if said.field and said.field != "on":
            for name, key in columns:
                if key == said.field and name in row.letters:
                    return name
        return next((name for name, key in columns if key == "on" and name in row.letters), "")


_COLUMNS_OF = {step: ((each.on, "on"), *each.facts.items()) for step, each in COLUMNS.items()}


def _in_order(done: Iterable[development.Done]) -> tuple[development.Done, ...]:
    """As the register reads them: by their days, those without one first."""
    return tuple(sorted(done, key=lambda each: each.on.code if each.on else 0))


def _with(file: development.File, step: Step) -> development.File:
    return replace(file, done=_in_order((*file.done, step.done())))


def _without(file: development.File, steps: Sequence[Step]) -> development.File:
    """The file without the steps taken whose place these take."""
    gone = [each.instead.done() for each in steps if each.instead]
    return replace(file, done=tuple(each for each in file.done if each not in gone))


def _kept(step: Step) -> dict[str, Any]:
    return {
        "step": step.code,
        "on": str(step.on or ""),
        "facts": step.facts,
        "instead": step.instead.pk if step.instead else None,
    }


def _old(step: Step) -> str:
    if step.instead is None:
        return ""
    return step.instead.taken_on.printed if step.instead.taken_on else "—"


def _own_values(file: DevelopmentFile) -> dict[str, Any]:
    """What the new file says of the person, ready to be kept in the job."""
    values = {
        name: value
        for name in {*FILLED, *COPIED}
        if name != "unit" and (value := getattr(file, name)) not in (None, "", False)
    }
    return values | ({"unit_id": file.unit_id} if file.unit_id else {})


def _says_nothing() -> Sentence:
    return Sentence(
        "The row says no step of a development, neither a day nor a stage. Write the day of the "
        "application, or the stage.",
        code=codes.VALUE_MISSING,
    )


def _without_columns(sheet: str, steps: Iterable[str]) -> Sentence:
    return warning(
        "The sheet “%(sheet)s” has no columns for steps that its people have behind them; they "
        "stay gaps: %(steps)s.",
        code=codes.STEPS_NOT_IN_SHEET,
        sheet=sheet,
        steps="、".join(steps),
    )
