"""“按此表填报”: the empty form of a superior, filled with the members whom a clerk has chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Min

from branches.rules import roles, tree
from branches.sheets.places import Place, Places
from members.models.members import MemberQuerySet
from members.sheets.exporting import MemberExport
from members.sheets.members import MemberResource, own_headings
from members.sheets.values import MemberValues
from registry.sentences import Sentence, warning
from registry.sheets import codes
from registry.sheets.editing.forms import Filled, Form, FormSheet, filled, read_form
from registry.sheets.exporting import Export
from registry.sheets.mapping import remembered
from registry.sheets.workbook import Unreadable
from registry.sheets.writing import XLSX

MOST = 5_000  # people in one form; nobody reads more


@dataclass(frozen=True)
class FilledForm:
    """The filled workbook, how many people stand in it, and what its clerk must know of it."""

    data: bytes
    name: str
    count: int
    notes: list[Sentence]


class FormFilling:
    """Fills forms for ``user`` as of the day ``on``; protected values in full only with ``full``.

    Raises Unreadable for a file that is no form, or one that cannot be filled.
    """

    def __init__(self, user: Any, *, full: bool, on: date) -> None:
        self.user, self.full, self.on = user, full, on

    def fill(
        self,
        data: bytes,
        name: str,
        people: MemberQuerySet,
        told: Mapping[str, str],
        record: Any = None,
        **where: Any,
    ) -> FilledForm:
        """Return the form filled with ``people`` in their order, once the log says so.

        ``told``, ``record`` and ``where`` are what the log says beside it, as for an ``Export``.
        """
        count = people.count()
        if count > MOST:
            raise Unreadable(
                Sentence(
                    "%(count)s people are chosen; a form takes at most %(most)s. Choose fewer.",
                    code=codes.FILE_TOO_LARGE,
                    count=count,
                    most=MOST,
                )
            )
        form = read_form(data, name, MemberResource.table(self.on), self._answers(people))
        parts = self._parts(form, people)
        names = sorted({field for sheet, _, _ in parts for field in sheet.columns})
        result = filled(form, [(sheet, self._rows(sheet, rows)) for sheet, _, rows in parts])
        source = MemberExport(self.user, self.on)
        known = [field for field in names if field in source.columns]
        export = Export(form.name, source, people, known, XLSX, self.full)
        written = sum(rows.count() for _, _, rows in parts)
        export.log(written, told, record, **where)
        notes = [*_notes(form, parts, result), *_left_out(count - written)]
        return FilledForm(result.data, form.name, written, notes)

    def _answers(self, people: MemberQuerySet) -> dict[str, str]:
        """Return what the office of these people says of headings: its own fields, its answers."""
        ends = people.order_by().aggregate(Min("organization__path"), Max("organization__path"))
        path = tree.common_to(*(end or "" for end in ends.values()))
        kind = MemberResource.sheet_kind
        return own_headings(self.user, path) | remembered(path, kind)

    def _parts(
        self, form: Form, people: MemberQuerySet
    ) -> list[tuple[FormSheet, Place | None, MemberQuerySet]]:
        """Return which sheets are filled with whom: each branch's own, or the first with all."""
        first = form.sheets[0]
        if len(form.sheets) > 1:
            places = Places(self.user, roles.EXPORT)
            named = [(sheet, _place_of(sheet, places)) for sheet in form.sheets]
            counted = Counter(place for _, place in named if place)
            if len(counted) > 1 and max(counted.values()) == 1:
                return [
                    (sheet, place, people.filter(organization=place.pk))
                    for sheet, place in named
                    if place
                ]
        return [(first, None, people)]

    def _rows(self, sheet: FormSheet, people: MemberQuerySet) -> Iterator[dict[str, Any]]:
        names = list(sheet.columns)
        values = MemberValues(self.user, full=self.full, on=self.on)
        for row in values.rows(people, [*names, "unit"]):
            # The register names a unit by its list, a form wants its name.
            if "employer" in row:
                row["employer"] = row["employer"] or row["unit"]
            yield row


def _place_of(sheet: FormSheet, places: Places) -> Place | None:
    lines = (sheet.name, *reversed(sheet.sheet.title_lines))
    return next(filter(None, map(places.named_in, lines)), None)


def _notes(
    form: Form, parts: list[tuple[FormSheet, Place | None, MemberQuerySet]], result: Filled
) -> Iterator[Sentence]:
    yield from form.notes
    if form.converted:
        yield warning(
            "The form was no .xlsx workbook. It comes back as one: its words stand where they "
            "stood, its looks and formulas are lost. Save it as .xlsx first to keep them."
        )
    for sheet, place, _ in parts:
        if place:
            yield warning(
                "The sheet “%(sheet)s” holds the people of %(branch)s.",
                sheet=sheet.name,
                branch=place.label,
            )
        for field in sheet.guessed:
            column = sheet.columns[field]
            yield warning(
                "The heading “%(heading)s” in column %(letter)s of the sheet “%(sheet)s” may mean "
                "several things; the column was filled as %(meaning)s. Check it.",
                heading=column.heading,
                letter=column.letter,
                sheet=sheet.name,
                meaning=MemberResource.fields[field].column_name,
            )
        if sheet.unknown:
            yield warning(
                "On the sheet “%(sheet)s” these columns are not in the register and stay empty: "
                "%(headings)s.",
                sheet=sheet.name,
                headings="、".join(f"{each.letter} {each.heading}" for each in sheet.unknown),
            )
    untouched = [sheet.name for sheet in form.sheets if sheet not in [each for each, _, _ in parts]]
    if untouched:
        yield warning(
            "These sheets were left as they are: %(sheets)s.", sheets="、".join(untouched)
        )
    if result.formulas:
        yield warning(
            "These columns compute their values themselves and were left to do so: %(headings)s.",
            headings="、".join(dict.fromkeys(column.heading for column in result.formulas)),
        )
    if result.replaced:
        yield warning(
            "%(count)s rows of people that stood in the form were replaced.", count=result.replaced
        )
    if result.added:
        yield warning(
            "%(count)s rows were added, in the style of the last row of the form.",
            count=result.added,
        )


def _left_out(count: int) -> Iterator[Sentence]:
    if count:
        yield warning(
            "%(count)s of the chosen people belong to no branch that a sheet is named after, and "
            "were left out.",
            count=count,
        )
