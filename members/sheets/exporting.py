"""The list of members on its way out, through the columns of their rosters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from members.sheets.members import MemberResource
from members.sheets.values import MemberValues
from registry.sheets.exporting import columns_of
from registry.sheets.writing import SheetValue

# What rosters have in several columns and the register in one; that one goes out.
_PARTS = ("second_sponsor", "second_note", "third_note")


class MemberExport:
    """The columns of ``MemberResource``, as they stand on ``on`` for ``user``."""

    columns = columns_of(MemberResource, leave_out=_PARTS)
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

    def lines(
        self, rows: Any, names: Sequence[str], *, full: bool, for_programs: bool
    ) -> Iterator[Sequence[SheetValue]]:
        values = MemberValues(self.user, full=full, on=self.on, raw=for_programs)
        for line in values.rows(rows, names):
            yield tuple(line.values())
