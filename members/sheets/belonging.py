"""In which branch a row belongs: as its cells say, else as what stands around it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from branches.sheets.places import Place, Places, ambiguous, squeezed, unknown
from registry.sentences import Sentence, warning
from registry.sheets import codes
from registry.sheets.cells import QUESTION, quoted
from registry.sheets.lines import SECTION
from registry.sheets.resources import Context
from registry.sheets.rows import StagedRow, Told

_CHOICES = 20  # branches of one name that a clerk is offered


@dataclass(frozen=True)
class Belonging:
    """A branch, and whether the sheet itself has named it."""

    place: Place | None = None
    named: bool = False


class Belongings:
    """Answers for the rows of one upload."""

    def __init__(self, context: Context) -> None:
        self.places = Places(context.user, context.verb, context.scope_path)
        top = self.places.at(context.scope_path) if context.scope_path else None
        self.top = top if top and top.holds_members else None
        if not self.top and len(self.places.branches) == 1:
            self.top = self.places.branches[0]
        self.sheets = context.sheets
        self._around: dict[str, Place | None] = {}
        self._sections: dict[str, list[tuple[int, Place]]] = {}
        self._said: dict[tuple[str, str, str, str], tuple[Belonging, list[Told]]] = {}

    def of(self, row: StagedRow) -> Belonging:
        """Return the branch of a row; tell the row where its cells name none of the clerk's."""
        code = row.values.get("organization_code", "")
        text = row.values.get("organization", "")
        if code or text:
            return Belonging(self._named_by_cells(row, code, text), named=True)
        if place := self._section_above(row):
            return Belonging(place, named=True)
        if self.top:
            return Belonging(self.top)
        if place := self._around_sheet(row.sheet):
            return Belonging(place, named=True)
        return Belonging()

    def _named_by_cells(self, row: StagedRow, code: str, text: str) -> Place | None:
        """The same words are looked up once, however many rows say them."""
        committee = row.values.get("committee", "") or row.values.get("committee_code", "")
        words = (code, text, committee, row.answer(codes.BRANCH_AMBIGUOUS))
        if words not in self._said:
            before = len(row.judged)
            place = self._look_up(row, *words)
            self._said[words] = Belonging(place), row.judged[before:]
        else:
            row.judged += self._said[words][1]
        return self._said[words][0].place

    def _look_up(
        self, row: StagedRow, code: str, text: str, committee: str, answer: str
    ) -> Place | None:
        by_code = self.places.by_code.get(squeezed(code)) if code else None
        if code and not (by_code and by_code.holds_members):
            row.tell(unknown(code, self.places.nearest(code)), "organization_code")
            return None
        hits = self.places.find(text, committee) if text else []
        if by_code and hits and by_code not in hits and answer not in (by_code.code, hits[0].code):
            row.tell(
                _code_and_name_differ(code, text, by_code),
                "organization",
                [(each.code, each.name) for each in (by_code, hits[0])],
            )
            return by_code
        if by_code and not (hits and answer == hits[0].code):
            return by_code
        if not hits:
            row.tell(unknown(text, self.places.nearest(text)), "organization")
            return None
        chosen = [place for place in hits if place.code == answer]
        if len(hits) > 1 and not chosen:
            choices = [(each.code, each.name) for each in hits[:_CHOICES]]
            row.tell(ambiguous(text, hits), "organization", choices)
            return None
        return (chosen or hits)[0]

    def _section_above(self, row: StagedRow) -> Place | None:
        """Return the branch named by the last line above that stands across the table."""
        if row.sheet not in self._sections:
            self._sections[row.sheet] = [
                (number, place)
                for kind, number, text in self._sheet(row.sheet).get("lines", ())
                if kind == SECTION and (place := self.places.named_in(text))
            ]
        above = [place for number, place in self._sections[row.sheet] if number < row.number]
        return above[-1] if above else None

    def _around_sheet(self, name: str) -> Place | None:
        """Return the branch that the sheet's name, or a line above its headings, names."""
        if name not in self._around:
            lines = [name, *reversed(self._sheet(name).get("titles", ()))]
            found = (self.places.named_in(line) for line in lines)
            self._around[name] = next((place for place in found if place), None)
        return self._around[name]

    def _sheet(self, name: str) -> Mapping[str, Any]:
        return self.sheets.get(name, {})

    def taken_from_titles(self) -> list[Sentence]:
        """Return a warning for each sheet whose rows got their branch from its name or title."""
        return [
            warning(
                "The rows of the sheet “%(sheet)s” were taken for %(branch)s, which its name or "
                "title names.",
                code=codes.BRANCH_FROM_TITLE,
                sheet=name,
                branch=place.label,
            )
            for name, place in self._around.items()
            if place
        ]


def missing() -> Sentence:
    return Sentence(
        "The row names no branch. Upload the sheet for one branch, or add a column 所在党支部.",
        code=codes.BRANCH_MISSING,
    )


def _code_and_name_differ(code: str, text: str, place: Place) -> Sentence:
    return Sentence(
        "The code %(number)s is of “%(place)s”, but the row says “%(written)s”. "
        "Correct one of them.",
        level=QUESTION,
        code=codes.BRANCH_AMBIGUOUS,
        number=quoted(code),
        place=place.label,
        written=quoted(text),
    )
