"""What is recorded at a step, as the column keeps it and as the register completes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models

from members.models.members import Member
from members.models.standing.discipline import without_rights
from members.rules.codes import FULL
from registry.calendar import PartialDate
from registry.models.log import plain
from registry.models.records import Record
from registry.sentences import Sentence

OF_PEOPLE = ("mentors", "sponsors")


class KeepsFacts(Record):
    """A record whose ``facts`` the log shows as they are kept."""

    class Meta:
        abstract = True

    def _logged(self, field: models.Field[Any, Any], value: Any) -> Any:
        if field.name == "facts":
            return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
        return super()._logged(field, value)


def cleaned(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``facts`` as JSON has them: days as ISO text, nothing that is empty."""
    values = {name: _cleaned(value) for name, value in facts.items()}
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value).strip()
    if isinstance(value, (date, PartialDate)):
        return str(value)
    if isinstance(value, Mapping):
        return cleaned(value)
    if isinstance(value, (list, tuple)):
        return [_cleaned(each) for each in value]
    return value if isinstance(value, float) else plain(value)


def completed(facts: dict[str, Any], on: date) -> tuple[dict[str, Any], list[Sentence]]:
    """Return ``facts`` with what the register knows of the members named there, and objections.

    Whoever is named by ``member``, his key, gets the name and the kind that the register has, and
    whether his rights are suspended on ``on``; of those who are it is never kept, for then the
    step is refused.
    """
    found: list[Sentence] = []
    for name in OF_PEOPLE:
        if isinstance(facts.get(name), list):
            people = [_of_one(each, name, on, found) for each in facts[name]]
            facts = {**facts, name: people}
    return facts, found


def _of_one(person: Any, field: str, on: date, found: list[Sentence]) -> Any:
    if not isinstance(person, dict) or person.get("member") is None:
        return person
    member = Member._base_manager.filter(pk=person["member"]).first()
    if member is None or not member.is_on_roll:
        found.append(
            Sentence(
                "“%(name)s” is not on the roll. Choose somebody who is.",
                field=field,
                code="named_not_on_roll",
                name=member.name if member else person.get("name", ""),
            )
        )
        return person
    known = {"name": member.name, "full_member": member.kind == FULL}
    if without_rights(member.pk, on):
        known["under_probation_in_party"] = True
    return {**person, **known}
