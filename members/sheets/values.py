"""What stands in the columns of a sheet for members: one place for lists, forms and exports.

The columns are those of ``MemberResource``; the register is read in chunks with a fixed number of
questions each, so that memory and questions do not grow with the members.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import count
from typing import Any

from branches.models import Organization
from branches.models.grants import may
from branches.rules import hierarchy, roles, tree
from members.models import Member, Office, Placement
from members.rules import membership
from members.sheets.members import MemberResource
from registry.calendar import PartialDate
from registry.sheets.exporting import parts_of
from registry.sheets.resources import CellField

CHUNK = 500

Row = tuple[Any, ...]
_ALWAYS = ("pk", "organization", "organization__path")
_PK, _BRANCH, _PATH = range(len(_ALWAYS))
# The organisations that a form calls the member's committee; a 党组 leads, a 党总支 is below one.
_COMMITTEES = (hierarchy.WORK_COMMITTEE, hierarchy.PARTY_COMMITTEE, hierarchy.ORGAN_COMMITTEE)

_SPONSORS = ("sponsors", "second_sponsor")


class MemberValues:
    """The values of members on the day ``on``, as ``user`` may see them.

    Protected values are masked, save with ``full`` for the members on whose branch the user may
    export them in full. ``raw`` is for programs: the kind as its code, the branch as its code, days
    in ISO.
    """

    def __init__(self, user: Any, *, full: bool, on: date, raw: bool = False) -> None:
        self.user, self.full, self.on, self.raw = user, full, on, raw
        self._opened: dict[str, bool] = {}
        self._committees: dict[str, tuple[str, str]] = {}

    def rows(self, queryset: Any, names: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Yield the values of each member in the order of ``queryset``, by the name of the column.

        ``names`` are fields of ``MemberResource``, or ``unit``. An empty value is None, a date
        known to the day or month a ``PartialDate``, an age a number, everything else is text.
        """
        reading = _Reading()
        columns = [(name, self._column(name, names, reading)) for name in names]
        for part in parts_of(queryset.prefetch_related(None), CHUNK):
            chunk = list(part.values_list(*_ALWAYS, *reading.attributes))
            self._prepare(chunk, names)
            for row in chunk:
                yield {name: value(row) for name, value in columns}

    def _prepare(self, chunk: Sequence[Row], names: Sequence[str]) -> None:
        """Read what hangs on the members of a chunk: superiors, posts, when the stay began."""
        paths = {row[_PATH] for row in chunk}
        for path in paths - self._opened.keys():
            self._opened[path] = self.full and may(self.user, roles.EXPORT_FULL, path)
        pks = [row[_PK] for row in chunk]
        if {"committee", "committee_code"} & set(names):
            self._find_committees(paths - self._committees.keys())
        if "party_post" in names:
            self._posts = Office.objects.on(self.on).called(pks, self.on)
        if "placed_from" in names:
            # The day of opening stock is the day of an upload, not that of a transfer.
            moved = Placement.objects.on(self.on).filter(member__in=pks).exclude(began="opening")
            self._moved = dict(moved.values_list("member", "placed_from"))

    def _find_committees(self, paths: set[str]) -> None:
        above = {path for each in paths for path in tree.ancestors_of(each)}
        found = {
            path: (name, code)
            for path, name, code in Organization.objects.filter(
                path__in=above, kind__in=_COMMITTEES
            ).values_list("path", "name", "code")
        }
        for path in paths:
            nearest = (found[each] for each in reversed(tree.ancestors_of(path)) if each in found)
            self._committees[path] = next(nearest, ("", ""))

    def _column(self, name: str, names: Sequence[str], reading: _Reading) -> Callable[[Row], Any]:
        """Return what makes the value of one column from what has been read of a member."""
        if name == "row_number":
            numbers = count(1)
            return lambda row: next(numbers)
        if name in _SPONSORS and _SPONSORS[1] in names:
            return self._sponsor(_SPONSORS.index(name), reading)
        if name in _DERIVED:
            return _DERIVED[name](self, reading)
        if name == "organization" and self.raw:
            return reading.value_of("organization__code")
        if name == "kind" and self.raw:
            return reading.value_of("kind")
        if name == "unit":
            return reading.value_of("unit__name")
        field = MemberResource.fields[name]
        if field.attribute is None:
            return lambda row: None
        return self._written(name, field, reading.value_of(field.attribute))

    def _written(
        self, name: str, field: CellField, value_of: Callable[[Row], Any]
    ) -> Callable[[Row], Any]:
        mask = Member.masks.get(name)
        render = field.widget.render

        def written(row: Row) -> Any:
            value = value_of(row)
            if value is None or value == "":
                return None
            if mask and not self._opened[row[_PATH]]:
                return mask(value)
            if isinstance(value, PartialDate):
                return str(value) if self.raw else value
            return render(value)

        return written

    # Columns that no field of the member holds

    def _sponsor(self, place: int, reading: _Reading) -> Callable[[Row], Any]:
        """The first or the others, where the sheet has a column for each."""
        sponsors = reading.value_of("sponsors")

        def sponsor(row: Row) -> str | None:
            first, _, others = sponsors(row).partition("、")
            return (first, others)[place] or None

        return sponsor

    def _age(self, reading: _Reading) -> Callable[[Row], Any]:
        born_on = reading.value_of("born_on")
        return lambda row: (born := born_on(row)) and membership.age(born, self.on)

    def _party_age(self, reading: _Reading) -> Callable[[Row], Any]:
        full_member_on = reading.value_of("full_member_on")
        correction = reading.value_of("party_age_correction")

        def party_age(row: Row) -> int | None:
            age = membership.party_age(full_member_on(row), correction(row), self.on)
            return age and age[0]

        return party_age

    def _committee(self, reading: _Reading) -> Callable[[Row], Any]:
        return lambda row: self._committees[row[_PATH]][0] or None

    def _committee_code(self, reading: _Reading) -> Callable[[Row], Any]:
        return lambda row: self._committees[row[_PATH]][1] or None

    def _party_post(self, reading: _Reading) -> Callable[[Row], Any]:
        return lambda row: "、".join(self._posts[row[_PK], row[_BRANCH]]) or None

    def _placed_from(self, reading: _Reading) -> Callable[[Row], Any]:
        def placed_from(row: Row) -> Any:
            day = self._moved.get(row[_PK])
            return day and (str(day) if self.raw else PartialDate.of(day))

        return placed_from

    def _standing(self, reading: _Reading) -> Callable[[Row], Any]:
        suspended_on = reading.value_of("suspended_on")
        return lambda row: "停止党籍" if suspended_on(row) else "正常"


class _Reading:
    """The attributes that the columns need, each read once."""

    def __init__(self) -> None:
        self.attributes: list[str] = []

    def value_of(self, attribute: str) -> Callable[[Row], Any]:
        if attribute not in self.attributes:
            self.attributes.append(attribute)
        place = len(_ALWAYS) + self.attributes.index(attribute)
        return lambda row: row[place]


_DERIVED: dict[str, Callable[[MemberValues, _Reading], Callable[[Row], Any]]] = {
    "age": MemberValues._age,
    "party_age": MemberValues._party_age,
    "committee": MemberValues._committee,
    "committee_code": MemberValues._committee_code,
    "party_post": MemberValues._party_post,
    "placed_from": MemberValues._placed_from,
    "standing": MemberValues._standing,
}
