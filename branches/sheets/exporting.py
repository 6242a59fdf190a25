"""The list of organisations on its way out, through the columns that also read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from branches.models import Organization
from branches.rules import hierarchy
from branches.sheets.organizations import OrganizationResource
from registry.sheets.exporting import columns_of, parts_of
from registry.sheets.writing import SheetValue

CHUNK = 500


def kind_as_written(organization: Organization) -> str:
    """Return kind and sort as one cell says both: 联合党支部, else 机关党委."""
    kind = hierarchy.KINDS[organization.kind].chinese
    if organization.sort == hierarchy.ORDINARY:
        return kind
    return hierarchy.SORTS[organization.sort].chinese + kind


_BESIDE_FIELDS: dict[str, Callable[[Organization], SheetValue]] = {
    "kind": kind_as_written,
    "parent_code": lambda each: each.parent.code if each.parent else None,
    "parent_name": lambda each: each.parent.name if each.parent else None,
    "unit": lambda each: "、".join(unit.name for unit in each.units.all()),
}


class OrganizationExport:
    """The columns of ``OrganizationResource``."""

    columns = columns_of(OrganizationResource)
    standard = tuple(
        "code name short_name kind parent_code parent_name unit founded_on contact phone "
        "address".split()
    )

    def lines(
        self, rows: Any, names: Sequence[str], *, full: bool, for_programs: bool
    ) -> Iterator[Sequence[SheetValue]]:
        read = rows.select_related("parent").prefetch_related("units")
        number = 0
        for part in parts_of(read, CHUNK):
            for organization in part:
                number += 1
                yield [
                    number if name == "row_number" else _value(organization, name, for_programs)
                    for name in names
                ]


def _value(organization: Organization, name: str, for_programs: bool) -> Any:
    if name == "kind" and for_programs:
        return organization.kind
    if name in _BESIDE_FIELDS:
        return _BESIDE_FIELDS[name](organization)
    return getattr(organization, name)
