"""What belongs to a complete record of a member.

After the items of the national collection of member information (2017), as far as this register
keeps them. What cannot apply, such as the job of somebody retired, is not asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from members.rules.codes import FULL
from registry.sentences import Sentence


@dataclass(frozen=True)
class Item:
    """One thing to know. ``weight`` says how much its lack counts."""

    field: str
    label: str
    weight: int = 1
    only_if: tuple[str, str] | None = None  # field and value
    or_else: str = ""  # another field that tells as much


_IN_SERVICE = ("category", "in_service")

ITEMS = (
    Item("name", Sentence("name"), 3),
    Item("sex", Sentence("sex"), 2),
    Item("ethnicity", Sentence("ethnic group"), 2),
    Item("id_number", Sentence("ID number"), 3),
    Item("born_on", Sentence("born on"), 3),
    Item("native_place", Sentence("native place")),
    Item("education", Sentence("education"), 2),
    Item("work_began_on", Sentence("began work on"), only_if=_IN_SERVICE),
    Item("unit", Sentence("unit or employer"), only_if=_IN_SERVICE, or_else="employer"),
    Item("job_title", Sentence("job title"), only_if=_IN_SERVICE),
    Item("category", Sentence("category"), 2),
    Item("kind", Sentence("full or probationary"), 3),
    Item("joined_on", Sentence("joined on"), 3),
    Item("full_member_on", Sentence("full member on"), 3, only_if=("kind", FULL)),
    Item("phone", Sentence("phone"), 2),
    Item("address", Sentence("address")),
)
LABELS = {item.field: item.label for item in ITEMS}
WEIGHTS = {item.field: item.weight for item in ITEMS}


def missing(facts: Mapping[str, object]) -> tuple[str, ...]:
    """Return the fields that ``facts`` lacks, in the order of the form.

    Only whether there is a value is asked, so an encrypted one will do.
    """
    return tuple(
        item.field
        for item in ITEMS
        if not facts.get(item.field)
        and not (item.or_else and facts.get(item.or_else))
        and (item.only_if is None or facts.get(item.only_if[0]) == item.only_if[1])
    )


def share(lacking: Collection[str]) -> int:
    """Return how complete a record is that lacks these fields, in percent, rounded down.

    100 only where nothing is missing. Raises KeyError for a field that nobody asks for.
    """
    total = sum(WEIGHTS.values())
    return 100 * (total - sum(WEIGHTS[field] for field in lacking)) // total
