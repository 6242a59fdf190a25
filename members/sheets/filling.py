"""What the cells of a row say of a member's fields, whether he is new or known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from members.rules.codes import FULL
from registry.sentences import ERROR, WARNING, Sentence
from registry.sheets import codes
from registry.sheets.cells import CLEAR_WORD
from registry.sheets.columns import OWN
from registry.sheets.resources import CellField
from registry.sheets.rows import StagedRow

# Fields of a member that a cell fills as it is; branch, group and posts take a look-up more.
FILLED = (
    "staff_number", "name", "sex", "ethnicity", "id_number", "born_on", "native_place",
    "education", "education_channel", "degree", "work_began_on", "employer", "job_title", "rank",
    "leading_cadre", "phone", "office_phone", "address", "kind", "category", "joined_on",
    "full_member_on", "party_age_correction", "joined_in", "sponsors", "file_kept_at", "floating",
    "floating_to", "lost_contact_since", "hardship", "note",
)  # fmt: skip
# What the rules about the dates of a membership ask.
FACTS = ("kind", "sex", "id_number", "born_on", "work_began_on", "joined_on", "full_member_on")


def filled(row: StagedRow, today: date) -> dict[str, Any]:
    """Return what the cells say of the member's fields.

    Without a day of full membership that is still to come: lists give the expected one.
    """
    values = row.values
    said = {name: values[name] for name in FILLED if name in values}
    full = said.get("full_member_on")
    if full and full.first_day > today:
        certain = values.get("kind") == FULL
        row.tell(
            Sentence(
                "“%(day)s” lies in the future. Enter the day of full membership when it has come.",
                level=ERROR if certain else WARNING,
                code=codes.DATE_IN_FUTURE,
                day=full.printed,
            ),
            "full_member_on",
        )
        del said["full_member_on"]
    return said


def own_values_of(row: StagedRow) -> dict[str, str]:
    """Return what the row says of the office's own fields; "" where a cell empties one."""
    own = [name for name in row.letters if name.startswith(OWN)]
    said = {name: row.values[name] for name in own if name in row.values}
    said |= {name: "" for name in own if name in row.cleared}
    return {name.removeprefix(OWN): " ".join(text.split()) for name, text in said.items()}


def refuse_clearing(row: StagedRow, fields: Mapping[str, CellField]) -> None:
    for name in row.cleared:
        if name in fields and not fields[name].clearable:
            row.tell(
                Sentence(
                    "“%(word)s” cannot empty this column. Delete the word.",
                    code=codes.CANNOT_BE_CLEARED,
                    word=CLEAR_WORD,
                ),
                name,
            )
