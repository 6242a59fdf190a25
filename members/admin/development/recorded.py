"""What a step has recorded, in words: pairs of a label and a text, as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from members.admin.development.boxes import VOTES
from members.rules import vote
from members.rules.development import Recorded, Step
from registry.language import said


def in_words(step: Step, facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return label and text of everything that ``facts`` hold of what ``step`` records."""
    found = []
    for record in step.records:
        text = _votes(facts) if record.kind == "votes" else _text(record, facts.get(record.code))
        if text:
            found.append((said(record.label), text))
    return found


def _text(record: Recorded, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if record.kind == "names":
        return "、".join(_person(each) for each in value)
    if record.kind == "yes_no":
        return _("yes") if value else _("no")
    if record.choices and value in record.choices:
        return said(record.choices[value].label)
    return str(value)


def _person(person: Any) -> str:
    return str(person.get("name", "")) if isinstance(person, Mapping) else str(person)


def _votes(facts: Mapping[str, Any]) -> str:
    parts = [
        _("%(label)s %(number)s") % {"label": label, "number": facts[name]}
        for name, label, _help in VOTES
        if facts.get(name) is not None
    ]
    excused = [each.get("reason", "") for each in facts.get("excused") or ()]
    for reason in dict.fromkeys(excused):
        entry = vote.EXCUSES.get(reason)
        label = said(entry.label) if entry else reason
        parts.append(
            _("excused (%(why)s) %(number)s") % {"why": label, "number": excused.count(reason)}
        )
    return _(", ").join(parts)
