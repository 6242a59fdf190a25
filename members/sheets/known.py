"""Whom the register knows of the people in an upload, asked in bulk and within the clerk's rows."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import ExpressionWrapper, F, IntegerField, Q, TextField
from django.db.models.expressions import RawSQL

from branches.models import scopes
from members.models import Member, Office, id_digest
from members.models.own_values import OWN
from members.rules.offices import Held
from registry import encryption
from registry.calendar import PartialDate
from registry.fields import EncryptedTextField, PartialDateField
from registry.sheets.rows import StagedRow

MANY = 5_000
CHUNK = 500  # values in one question; SQLite takes no more than some thousand

# What is asked of each: enough to tell what differs, and what is missing or odd afterwards.
COLUMNS = (
    "pk", "number", "name", "version", "organization_id", "party_group_id", "unit_id", "left_on",
    "suspended_on", "id_digest", "phone_digest", "staff_number", "sex", "ethnicity", "id_number",
    "born_on", "native_place", "education", "education_channel", "degree", "work_began_on",
    "employer", "job_title", "rank", "leading_cadre", "phone", "office_phone", "address", "kind",
    "category", "joined_on", "full_member_on", "party_age_correction", "joined_in", "sponsors",
    "file_kept_at", "floating", "floating_to", "lost_contact_since", "hardship", "note",
    "probation_extended_by", OWN,
)  # fmt: skip
DATES = frozenset(
    name
    for name in COLUMNS
    if name != "pk" and isinstance(Member._meta.get_field(name), PartialDateField)
)
SEALED = {
    name: field.purpose
    for name in COLUMNS
    if name != "pk" and isinstance(field := Member._meta.get_field(name), EncryptedTextField)
}

# A member as the database keeps him: dates as codes, protected values sealed. Making a record of
# each, and opening what most rows do not ask for, would take longer than all the rest.
Registered = dict[str, Any]


def value_of(member: Registered, name: str) -> Any:
    """Return what a record would hold in this column."""
    value = member[name]
    if name in DATES:
        return PartialDate.from_code(value) if value else None
    return encryption.opened(value, SEALED[name]) if value and name in SEALED else value


def is_on_roll(member: Registered) -> bool:
    return not (member["left_on"] or member["suspended_on"])


def in_chunks(values: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    every = sorted(set(values))
    for start in range(0, len(every), size):
        yield every[start : start + size]


def among(column: str, texts: list[str]) -> Any:
    """Return the condition that a column holds one of many texts, given as one parameter: Django
    would take longer to number thousands of them than the database to look them up."""
    if connection.vendor == "postgresql":
        chosen = RawSQL("SELECT unnest(%s::text[])", [texts])
    else:
        chosen = RawSQL("SELECT value FROM json_each(%s)", [json.dumps(texts)])
    return Q(**{f"{column}__in": chosen})


class Known:
    """Members by their keys. Who is not within the clerk's rows is known by his digest only."""

    def __init__(self, rows: Sequence[StagedRow], user: Any, verb: str) -> None:
        raw = {name: ExpressionWrapper(F(name), IntegerField()) for name in DATES}
        raw |= {name: ExpressionWrapper(F(name), TextField()) for name in SEALED}
        self.names = {name: f"raw_{name}" for name in raw}
        # Somebody who was admitted anew is known by the later record.
        every = Member._base_manager.filter(wrong_entry=False, readmitted_on__isnull=True)
        self.every = every.annotate(**{self.names[name]: value for name, value in raw.items()})
        self.ranges = scopes(user, verb)
        self.digests = {
            number: id_digest(number) for row in rows if (number := row.values.get("id_number"))
        }
        self.wanted = frozenset(self.digests.values())
        self.by_digest: dict[str, Registered] = {}
        self.elsewhere: set[str] = set()
        self.by_pk: dict[int, Registered] = {}
        for mine, member in self._asked("id_digest", self.digests.values()):
            if mine:
                self.by_digest[member["id_digest"]] = member
            else:
                self.elsewhere.add(member["id_digest"])
        self.by_number = {
            member["number"]: member for member in self._mine("number", _said(rows, "number"))
        }
        self.by_staff_number: dict[str, list[Registered]] = defaultdict(list)
        for member in self._mine("staff_number", _said(rows, "staff_number")):
            self.by_staff_number[member["staff_number"]].append(member)
        self.by_name: dict[str, list[Registered]] = defaultdict(list)
        self._ask_names([row for row in rows if not self.by_keys(row)])

    def _asked(
        self, column: str, values: Iterable[Any], **which: Any
    ) -> Iterator[tuple[bool, Registered]]:
        """Yield whether it is one of the clerk's, and the member."""
        columns = [self.names.get(name, name) for name in COLUMNS]
        for chunk in in_chunks((value for value in values if value), MANY):
            found = self.every.filter(among(column, chunk), **which)
            for path, *row in found.values_list("organization__path", *columns):
                member = dict(zip(COLUMNS, row, strict=True))
                mine = any(
                    low <= path and (high is None or path < high) for low, high in self.ranges
                )
                if mine:
                    member = self.by_pk.setdefault(member["pk"], member)
                yield mine, member

    def _mine(self, column: str, values: Iterable[Any], **which: Any) -> Iterator[Registered]:
        for mine, member in self._asked(column, values, **which):
            if mine:
                yield member

    def _ask_names(self, rows: Sequence[StagedRow]) -> None:
        """Look for people of the same name and about the same birth.

        Namesakes are many, so they are asked for in the order of births, a span at a time.
        """
        named = [row for row in rows if row.values.get("name")]
        born = sorted(
            (row for row in named if row.values.get("born_on")),
            key=lambda row: row.values["born_on"].code,
        )
        for start in range(0, len(born), CHUNK):
            span = born[start : start + CHUNK]
            first, last = span[0].values["born_on"], span[-1].values["born_on"]
            between = (first.year * 10_000, PartialDate.of(last.last_day).code)
            for member in self._mine("name", _said(span, "name"), born_on__range=between):
                self._remember(member)
        for member in self._mine("name", _said(named, "name"), born_on__isnull=True):
            self._remember(member)
        unborn = [row for row in named if not row.values.get("born_on")]
        for member in self._mine("name", _said(unborn, "name")):
            self._remember(member)

    def ask_also(self, names: Iterable[str]) -> None:
        """Look for people of these names besides, whatever row may mean them."""
        for member in self._mine("name", names):
            self._remember(member)

    def _remember(self, member: Registered) -> None:
        if member["id_digest"] in self.wanted:  # he came in after the numbers were asked
            self.by_digest.setdefault(member["id_digest"], member)
        if member not in (namesakes := self.by_name[member["name"]]):
            namesakes.append(member)

    def by_keys(self, row: StagedRow) -> list[Registered]:
        """Return whom the keys of a row name, each once."""
        values = row.values
        found = []
        if number := values.get("id_number"):
            found.append(self.by_digest.get(self.digests[number]))
        if number := values.get("number"):
            found.append(self.by_number.get(number))
        if number := values.get("staff_number"):
            found += self.by_staff_number.get(number, ())
        if len(found) < 2:
            return [member for member in found if member]
        return list({member["pk"]: member for member in found if member}.values())

    def alike(self, row: StagedRow, organization_id: int | None) -> list[Registered]:
        """Return those of the same name whose birth does not differ.

        Where a birth is unknown, only those of the same branch.
        """
        namesakes = self.by_name.get(row.values.get("name", ""))
        if not namesakes:
            return []
        born = row.values.get("born_on")
        return [
            member
            for member in namesakes
            if (
                overlap(born, value_of(member, "born_on"))
                if born and member["born_on"]
                else member["organization_id"] == organization_id
            )
        ]

    def is_elsewhere(self, row: StagedRow) -> bool:
        number = row.values.get("id_number")
        return bool(number) and self.digests[number] in self.elsewhere


def overlap(one: PartialDate, other: PartialDate) -> bool:
    return one.could_be(other.first_day, other.last_day)


def _said(rows: Iterable[StagedRow], name: str) -> set[Any]:
    return {value for row in rows if (value := row.values.get(name))}


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
