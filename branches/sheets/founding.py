"""What a row of a list of organisations means, and the founding of those that are new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError

from branches.models import Organization, OrganizationPeriod, Unit, scopes
from branches.models.grants import EVERYTHING
from branches.rules import codes as code_rules
from branches.rules import hierarchy
from registry.models import ImportJob
from registry.models.job_rows import RowState
from registry.sentences import Sentence
from registry.sheets import codes
from registry.sheets.cells import QUESTION, quoted
from registry.sheets.keeping import letters_of
from registry.sheets.resources import Context, Overtaken
from registry.sheets.rows import Kept, StagedRow, from_kept

# What a sheet may correct; the rest of an organisation changes on a day, by a verb.
CORRECTED = ("contact", "phone", "address", "display_order")
_BY_VERB = ("name", "short_name", "kind", "sort")
_CHUNK = 500
REGISTER = "register"  # the answer that a difference is to be left as the register has it
LEFT = ((REGISTER, ""),)


class OrganizationJudge:
    """Judges the rows of one upload against the tree as it is now; writes nothing."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.everywhere = EVERYTHING in scopes(context.user, context.verb)

    def judge(self, rows: Sequence[StagedRow]) -> list[Sentence]:
        mine = Organization.objects.visible_to(self.context.user, self.context.verb).standing()
        said = {
            row.values[key] for row in rows for key in ("code", "parent_code") if key in row.values
        }
        names = {row.values["parent_name"] for row in rows if "parent_name" in row.values}
        self.known = {each.code: each for each in _in_chunks(mine, "code", said)}
        self.known |= self._known_before(mine, said - self.known.keys())
        self.named: dict[str, Organization] = {}
        for column in ("name", "short_name"):
            for each in _in_chunks(mine, column, names):
                self.named.setdefault(getattr(each, column), each)
        taken = _in_chunks(Organization.objects.all(), "code", said - self.known.keys())
        self.taken = {each.code for each in taken}
        self.names = self._names_below(rows)
        for row in rows:
            row.state = RowState.SKIPPED if row.said.skip else RowState.NEW
        self.in_file = self._single(rows)
        self._name_superiors(rows)
        for row in rows:
            if row.state != RowState.SKIPPED:
                self._judge(row)
                row.state = row.stopped or row.state
        self._refuse_below_refused(rows)
        return []

    def _known_before(self, mine: Any, said: set[str]) -> dict[str, Organization]:
        """Return organisations by the codes that they had and that nobody has now."""
        former = OrganizationPeriod.objects.former_codes().order_by("valid_from", "pk")
        had = {each.organization_id: each.code for each in _in_chunks(former, "code", said)}
        return {had[each.pk]: each for each in _in_chunks(mine, "pk", set(had))}

    def _names_below(self, rows: Sequence[StagedRow]) -> set[tuple[str | None, str]]:
        """Return which names of the rows stand where already: superior's code and name."""
        wanted = {row.values["name"] for row in rows if "name" in row.values}
        standing = Organization.objects.standing()
        return {
            (each.parent.code if each.parent else None, each.name)
            for each in _in_chunks(standing, "name", wanted)
        }

    def _single(self, rows: Iterable[StagedRow]) -> dict[str, StagedRow]:
        """Return the rows by code; an equal one is skipped, a differing one an error on both."""
        single: dict[str, StagedRow] = {}
        for row in rows:
            code = row.values.get("code")
            if (
                row.state == RowState.SKIPPED
                or not code
                or (first := single.setdefault(code, row)) is row
            ):
                continue
            equal = first.values == row.values
            sentence = Sentence(
                "The code %(written)s stands in row %(number)s as well. Keep one of the rows.",
                level="warning" if equal else "error",
                code=codes.DUPLICATE_IN_FILE,
                written=code,
                number=first.number,
            )
            row.tell(sentence, "code")
            if equal:
                row.state = RowState.SKIPPED
            else:
                first.tell(sentence, "code")
        return single

    def _name_superiors(self, rows: Sequence[StagedRow]) -> None:
        """Turn a superior's name, or the level of a row, into the superior's code."""
        by_name: dict[str, str] = {}
        for row in rows:
            for key in ("name", "short_name"):
                if (name := row.values.get(key)) and (code := row.values.get("code")):
                    by_name.setdefault(name, code)
        last: dict[int, str] = {}
        for row in rows:
            values = row.values
            row.outcome = {"parent": values.get("parent_code")}
            if not row.outcome["parent"] and (name := values.get("parent_name")):
                known = self.named.get(name)
                row.outcome["parent"] = by_name.get(name) or (known.code if known else name)
            if level := values.get("level"):
                above = [last[each] for each in sorted(last) if each < level]
                if not row.outcome["parent"] and above:
                    row.outcome["parent"] = above[-1]
                last = {each: code for each, code in last.items() if each < level}
                if "code" in values:
                    last[level] = values["code"]

    def _judge(self, row: StagedRow) -> None:
        code = row.values.get("code")
        for name in ("code", "name"):
            if name not in row.values and not any(each.field == name for each in row.told):
                row.tell(_lacking(name), name)
        if not code:
            return
        for objection in code_rules.objections(code):
            row.tell(objection, "code")
        if code in self.known:
            self._compare(row, self.known[code])
        elif code in self.taken:
            row.tell(
                Sentence(
                    "The code %(written)s is taken. Choose another one.",
                    code=codes.CODE_TAKEN,
                    written=code,
                ),
                "code",
            )
        else:
            self._found(row)

    def _found(self, row: StagedRow) -> None:
        values = row.values
        if "kind" not in values and not any(each.field == "kind" for each in row.told):
            row.tell(_lacking("kind"), "kind")
        parent = row.outcome["parent"]
        above = self.in_file.get(parent) if parent else None
        known = self.known.get(parent) or self.named.get(parent) if parent else None
        if parent and not above and not known:
            row.tell(
                Sentence(
                    "There is no superior “%(written)s”, neither in the file nor among your "
                    "organisations. Correct it, or add its row.",
                    code=codes.PARENT_UNKNOWN,
                    written=quoted(parent),
                ),
                "parent_code" if "parent_code" in values else "parent_name",
            )
        elif not parent and not self.everywhere:
            row.tell(
                Sentence(
                    "The row names no superior. Write the code of the one it stands under.",
                    code=codes.PARENT_UNKNOWN,
                ),
                "parent_code",
            )
        elif "kind" in values:
            kind_above = None
            if parent:
                kind_above = known.kind if known else above.values.get("kind") if above else None
            if not parent or kind_above:
                for objection in hierarchy.objections(values["kind"], kind_above):
                    row.tell(_recoded(objection), "parent_code")
        founded = values.get("founded_on")
        superior = known.code if known else parent
        if (name := values.get("name")) and (superior, name) in self.names:
            row.tell(_of_this_name(name), "name")
        self.names.add((superior, values.get("name", "")))
        if founded and known and known.founded_on and founded.first_day < known.founded_on:
            row.tell(_before_superior(known), "founded_on")
        row.outcome |= {
            "new": {
                name: values[name]
                for name in ("code", *_BY_VERB, *CORRECTED)
                if values.get(name) is not None
            },
            "founded_on": founded.first_day.isoformat() if founded else None,
            "units": _parts(values.get("unit", "")),
        }

    def _compare(self, row: StagedRow, known: Organization) -> None:
        row.target_id = known.pk
        values = row.values
        stays = row.answer(codes.CHANGE_BY_VERB) == REGISTER
        for name in _BY_VERB:
            if name in values and values[name] != getattr(known, name) and not stays:
                row.tell(_by_verb(known, getattr(known, name), values[name]), name, LEFT)
        parent = row.outcome["parent"]
        above = known.parent
        names = (above.code, above.name, above.short_name) if above else ()
        same = parent in names or (above and self.known.get(parent or "") == above)
        if parent and not same and not stays:
            row.tell(_by_verb(known, above.code if above else "—", parent), "parent_code", LEFT)
        changed = {
            name: values[name]
            for name in CORRECTED
            if name in values and values[name] != getattr(known, name)
        }
        changed |= {name: "" for name in row.cleared if name in CORRECTED and getattr(known, name)}
        row.outcome = {"values": changed, "version": known.version, "parent": None}
        row.changes = [[name, str(getattr(known, name)), str(new)] for name, new in changed.items()]
        row.state = RowState.CHANGED if row.changes else RowState.UNCHANGED

    def _refuse_below_refused(self, rows: Sequence[StagedRow]) -> None:
        """Nothing is founded under what is not founded, nor in a circle."""
        for row in rows:
            if row.state != RowState.NEW:
                continue
            way = {row.values["code"]}
            above = row
            while (parent := above.outcome.get("parent")) and parent in self.in_file:
                above = self.in_file[parent]
                if above.state in (RowState.ERROR, RowState.QUESTION) or parent in way:
                    row.tell(_superior_refused(parent), "parent_code")
                    row.state = RowState.ERROR
                    break
                if above.state != RowState.NEW:
                    break
                way.add(parent)


class Writing:
    """New and corrected organisations of one upload; few, so they are written by their verbs."""

    def __init__(self, job: ImportJob, context: Context) -> None:
        self.job, self.context = job, context

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def take(self, rows: Iterable[Kept], count: int, newcomers: int) -> None:
        letters = letters_of(self.job)
        self.rows = [from_kept(row, letters) for row in rows]

    def write(self) -> None:
        _write(self.job, self.rows, self.context)


def _write(job: ImportJob, rows: Sequence[StagedRow], context: Context) -> None:
    """Found the new ones, superiors first, and correct the known ones, of the user's own."""
    mine = Organization.objects.visible_to(context.user, context.verb)
    everywhere = EVERYTHING in scopes(context.user, context.verb)
    founded: dict[str, Organization] = {}
    new = {row.values["code"]: row for row in rows if row.state == RowState.NEW}
    try:
        for row in _superiors_first(new):
            row.target_id = _establish(row, founded, mine, everywhere=everywhere).pk
        for row in rows:
            if row.state == RowState.CHANGED:
                held = mine.select_for_update(no_key=True).filter(pk=row.target_id or 0)
                known = held.first()
                if known is None or known.version != row.outcome["version"]:
                    raise Overtaken
                for name, value in row.outcome["values"].items():
                    setattr(known, name, value)
                known.save()
    except ValidationError as error:
        raise Overtaken(" ".join(error.messages)) from error
    entered = [row for row in rows if row.state == RowState.NEW]
    job.founded({row.key: row.target_id for row in entered if row.key and row.target_id})


def _superiors_first(new: dict[str, StagedRow]) -> list[StagedRow]:
    ordered: dict[str, StagedRow] = {}
    for code in new:
        line = []
        above: str | None = code
        while above in new and above not in ordered:
            line.append((above, new[above]))
            above = new[above].outcome["parent"]
        ordered.update(reversed(line))
    return list(ordered.values())


def _establish(
    row: StagedRow, founded: dict[str, Organization], mine: Any, *, everywhere: bool
) -> Organization:
    code = row.outcome["parent"]
    parent = founded.get(code) if code else None
    if code and parent is None:
        parent = mine.standing().of_code(code)
    if parent is None and (code or not everywhere):
        raise Overtaken
    day = row.outcome["founded_on"]
    organization = Organization.found(
        **row.outcome["new"], parent=parent, founded_on=date.fromisoformat(day) if day else None
    )
    for name in row.outcome["units"]:
        unit = Unit.objects.filter(name=name).first() or Unit.objects.create(name=name)
        organization.units.add(unit)
    founded[organization.code] = organization
    return organization


def _in_chunks(rows: Any, column: str, values: Iterable[Any]) -> Iterable[Any]:
    every = sorted(values)
    for start in range(0, len(every), _CHUNK):
        chosen = {f"{column}__in": every[start : start + _CHUNK]}
        yield from rows.filter(**chosen).select_related("parent")


def _parts(text: str) -> list[str]:
    for sign in "、,，;；\n":
        text = text.replace(sign, "/")
    return [part.strip()[:100] for part in text.split("/") if part.strip()]


def _lacking(name: str) -> Sentence:
    if name == "kind":
        return Sentence(
            "The kind of organisation is missing. Write it, such as 党支部.",
            code=codes.VALUE_MISSING,
        )
    if name == "code":
        return Sentence("The code is missing. Write it.", code=codes.VALUE_MISSING)
    return Sentence("The name is missing. Write it.", code=codes.NAME_MISSING)


def _recoded(objection: Sentence) -> Sentence:
    return Sentence(objection.template, code=codes.PARENT_REFUSED, **objection.params)


def _by_verb(known: Organization, old: Any, new: Any) -> Sentence:
    return Sentence(
        "%(number)s has “%(old)s” in the register and “%(new)s” in the sheet. Such a change has its"
        " day: make it on the organisation's page, or correct the sheet.",
        level=QUESTION,
        code=codes.CHANGE_BY_VERB,
        number=known.code,
        old=str(old),
        new=str(new),
    )


def _of_this_name(name: str) -> Sentence:
    return Sentence(
        "The superior already has an organisation called “%(name)s”. Write its code, or another "
        "name.",
        code=codes.ORGANIZATION_REFUSED,
        name=quoted(name),
    )


def _before_superior(superior: Organization) -> Sentence:
    return Sentence(
        "%(parent)s was founded on %(day)s only. Check the day.",
        code=codes.ORGANIZATION_REFUSED,
        parent=str(superior),
        day=superior.founded_on,
    )


def _superior_refused(code: str) -> Sentence:
    return Sentence(
        "Its superior %(number)s cannot be entered as it stands. Correct that row first.",
        code=codes.PARENT_REFUSED,
        number=code,
    )
