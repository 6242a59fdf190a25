"""What an occasion has recorded, in words: once for all, and person by person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from members.rules import vote
from members.rules.development import Recorded, Step, together
from registry.language import said

HANDS = {
    "votes_for": _("votes for"),
    "votes_against": _("votes against"),
    "abstained": _("abstained"),
    "written_for": _("written opinions for"),
    "written_against": _("written opinions against"),
}
_ROOM = {"entitled": _("entitled"), "due": _("due"), "present": _("present")}


def in_words(record: Recorded, value: Any) -> str:
    """Return the value of one record as a reader sees it; "" for none."""
    if value in (None, ""):
        return ""
    if record.choices and value in record.choices:
        return said(record.choices[value].label)
    if isinstance(value, bool):
        return _now("yes") if value else _now("no")
    return f"{value}"


def told_of_all(step: Step | None, facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what was recorded once, as pairs of label and text, without what is empty."""
    if step is None:
        return [(name, f"{value}") for name, value in facts.items()]
    pairs = [(said(each.label), in_words(each, facts.get(each.code))) for each in together.of_all(step)]
    if together.is_voted(step):
        pairs += [(f"{label}", f"{facts.get(name, '')}") for name, label in _ROOM.items()]
        reasons = Counter(each.get("reason") for each in facts.get("excused", ()))
        pairs += [
            (_now("excused: %(reason)s") % {"reason": said(vote.EXCUSES[reason].label)}, f"{number}")
            for reason, number in reasons.items()
            if reason in vote.EXCUSES
        ]
    return [(label, text) for label, text in pairs if text]


def headings_of_each(step: Step | None) -> list[str]:
    if step is None:
        return []
    hands = [f"{label}" for label in HANDS.values()] if together.is_voted(step) else []
    return hands + [said(each.label) for each in together.of_each(step)]


def told_of_each(step: Step | None, facts: Mapping[str, Any]) -> list[str]:
    """Return the texts under ``headings_of_each``."""
    if step is None:
        return []
    hands = [f"{facts.get(name, '')}" for name in HANDS] if together.is_voted(step) else []
    return hands + [in_words(each, facts.get(each.code)) for each in together.of_each(step)]
