"""The list of members on its way out, through the columns of their rosters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from members.models import own_fields_for
from members.sheets.members import MemberResource
from members.sheets.values import MemberValues
from registry.sheets.columns import OWN
from registry.sheets.exporting import ExportColumn, columns_of
from registry.sheets.writing import SheetValue

# What rosters have in several columns and the register in one; that one goes out.
_PARTS = ("second_sponsor", "second_note", "third_note")


class MemberExport:
    """The columns of ``MemberResource`` and the own fields that ``user`` sees, as on ``on``."""

    columns: Mapping[str, ExportColumn] = columns_of(MemberResource, leave_out=_PARTS)
    for_programs = tuple(
        "number staff_number name sex ethnicity id_number born_on native_place education "
        "education_channel degree work_began_on joined_on full_member_on kind category "
        "organization party_group party_post employer job_title phone office_phone address "
        "sponsors note".split()
    )
    # People read the name of the branch; with its code beside it, each of several 第一党支部
    # comes back as itself.
    standard = (
        "row_number",
        *for_programs[: for_programs.index("organization")],
        "organization_code",
        *for_programs[for_programs.index("organization") :],
    )

    def __init__(self, user: Any, on: date) -> None:
        self.user, self.on = user, on
        own = own_fields_for(user, "")
        self.columns = {
            **type(self).columns,
            **{f"{OWN}{field.name}": ExportColumn(field.name) for field in own},
        }

    def lines(
        self, rows: Any, names: Sequence[str], *, full: bool, for_programs: bool
    ) -> Iterator[Sequence[SheetValue]]:
        values = MemberValues(self.user, full=full, on=self.on, raw=for_programs)
        for line in values.rows(rows, names):
            yield tuple(line.values())
