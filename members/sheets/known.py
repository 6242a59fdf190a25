"""Whom the register knows of the people in an upload, asked in bulk and within the clerk's rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from members.models import Member, Office, id_digest
from members.rules.offices import Held
from registry.calendar import PartialDate
from registry.sheets.rows import StagedRow

CHUNK = 500  # values in one question; SQLite takes no more than some thousand


def in_chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    every = sorted(set(values))
    for start in range(0, len(every), CHUNK):
        yield every[start : start + CHUNK]


class Known:
    """Members by their keys. Who is not within the clerk's rows is known by his digest only."""

    def __init__(self, rows: Sequence[StagedRow], user: Any, verb: str) -> None:
        mine = Member.objects.visible_to(user, verb).filter(wrong_entry=False)
        self.mine = mine.select_related("organization")
        self.digests = {
            number: id_digest(number) for row in rows if (number := row.values.get("id_number"))
        }
        self.by_digest = {
            member.id_digest: member for member in self._asked("id_digest", self.digests.values())
        }
        foreign = set(self.digests.values()) - self.by_digest.keys()
        self.elsewhere = {
            digest
            for chunk in in_chunks(foreign)
            for digest in Member._base_manager.filter(
                id_digest__in=chunk, wrong_entry=False
            ).values_list("id_digest", flat=True)
        }
        self.by_number = {
            member.number: member for member in self._asked("number", _said(rows, "number"))
        }
        self.by_staff_number: dict[str, list[Member]] = defaultdict(list)
        for member in self._asked("staff_number", _said(rows, "staff_number")):
            self.by_staff_number[member.staff_number].append(member)
        self.by_name: dict[str, list[Member]] = defaultdict(list)
        nameable = [row for row in rows if not self.by_keys(row)]
        for member in self._asked("name", _said(nameable, "name")):
            self.by_name[member.name].append(member)

    def _asked(self, column: str, values: Iterable[Any]) -> Iterator[Member]:
        for chunk in in_chunks(value for value in values if value):
            yield from self.mine.filter(**{f"{column}__in": chunk})

    def by_keys(self, row: StagedRow) -> list[Member]:
        """Return whom the keys of a row name, each once."""
        values = row.values
        found = [
            self.by_digest.get(self.digests.get(values.get("id_number", ""), "")),
            self.by_number.get(values.get("number", "")),
            *self.by_staff_number.get(values.get("staff_number", ""), ()),
        ]
        return list({member.pk: member for member in found if member}.values())

    def alike(self, row: StagedRow, organization_id: int | None) -> list[Member]:
        """Return those of the same name whose birth does not differ.

        Where a birth is unknown, only those of the same branch.
        """
        born = row.values.get("born_on")
        return [
            member
            for member in self.by_name.get(row.values.get("name", ""), ())
            if (
                overlap(born, member.born_on)
                if born and member.born_on
                else member.organization_id == organization_id
            )
        ]

    def is_elsewhere(self, row: StagedRow) -> bool:
        return self.digests.get(row.values.get("id_number", "")) in self.elsewhere


def overlap(one: PartialDate, other: PartialDate) -> bool:
    return one.could_be(other.first_day, other.last_day)


def _said(rows: Iterable[StagedRow], name: str) -> set[Any]:
    return {row.values[name] for row in rows if row.values.get(name)}


def offices_of(organization_ids: Iterable[int]) -> dict[int, list[tuple[int | None, Held]]]:
    """Return the posts held now at each organisation, with the member who holds them."""
    held: dict[int, list[tuple[int | None, Held]]] = defaultdict(list)
    for chunk in in_chunks(organization_ids):
        rows = Office.objects.filter(organization__in=chunk, held_until__isnull=True)
        for place, member, post, since in rows.values_list(
            "organization", "member", "post", "held_from"
        ):
            held[place].append((member, Held(post, since)))
    return held
