"""The boxes of a step's form: one or several for each thing that the step records.

What comes back from them is what the step's ``facts`` keep: values as JSON has them, by the codes
of the records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from members.models import DevelopmentFile, Member
from members.rules import vote
from members.rules.development import Recorded
from registry.admin.autocomplete import ScopedAutocomplete
from registry.forms import DayField, unspaced
from registry.language import labelled, said

# Written in sentences, not in a word.
LONG = frozenset({"opinion", "opinions", "outcome", "resolution"})
LONGEST, LONGEST_LONG = 200, 1000
MOST = 99_999  # nobody counts more people, days or hours
MOST_EXCUSED = 999  # of one reason
PEOPLE = 2  # of each step that names some
EXCUSED = "excused_"
NOTHING = ("", "---------")
YES_OR_NO = (NOTHING, ("yes", _("yes")), ("no", _("no")))
VOTES: tuple[tuple[str, Any, Any], ...] = (
    ("entitled", _("entitled"), _("Full members with a vote, the excused among them.")),
    ("due", _("due"), _("Empty: the entitled less the excused.")),
    ("present", _("present"), ""),
    ("votes_for", _("votes for"), _("Of those in the room.")),
    ("votes_against", _("votes against"), ""),
    ("abstained", _("abstained"), ""),
    ("written_for", _("written opinions for"), _("Sent before the meeting, on top of the votes.")),
    ("written_against", _("written opinions against"), ""),
)


class WholeNumberField(forms.CharField):
    """A whole number; a text that is none is quoted."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "amount"})
    default_error_messages = {
        "unreadable": _("“%(value)s” is not a whole number. Write it in digits, such as 12.")
    }

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]
        text = unspaced(str(value)) if value not in (None, "") else ""
        if not text:
            return None
        digits = text.removeprefix("-")
        if not (digits.isdecimal() and len(digits) <= len(str(MOST))):
            raise ValidationError(
                self.error_messages["unreadable"], "number_unreadable", {"value": value}
            )
        return int(text)


@dataclass(frozen=True)
class Boxes:
    """The boxes of one record, by their names; several stand together under a heading."""

    record: Recorded
    fields: Mapping[str, forms.Field]

    @property
    def stand_together(self) -> bool:
        return self.record.kind in {"names", "votes"}


def boxes_for(record: Recorded, user: Any) -> Boxes:
    """Return the boxes that ask ``record``; people are chosen among those whom ``user`` sees."""
    made = _BOXES[record.kind](record, user)
    return Boxes(record, made)


def facts_of(record: Recorded, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the boxes of ``record`` say, without what is empty."""
    reader = _READERS.get(record.kind)
    if reader:
        return reader(record.code, typed)
    value = typed.get(record.code)
    return {} if value in (None, "") else {record.code: value}


def _label(record: Recorded) -> str:
    return said(record.label)


def _text(record: Recorded, user: Any) -> dict[str, forms.Field]:
    long = record.code in LONG
    return {
        record.code: forms.CharField(
            label=_label(record),
            required=False,  # the rules ask for it, and let old papers have gaps
            max_length=LONGEST_LONG if long else LONGEST,
            widget=forms.Textarea(attrs={"rows": 3}) if long else forms.TextInput,
        )
    }


def _choice(record: Recorded, user: Any) -> dict[str, forms.Field]:
    entries = (record.choices or {}).values()
    options = [NOTHING, *((entry.code, said(entry.label)) for entry in entries)]
    return {record.code: forms.ChoiceField(label=_label(record), required=False, choices=options)}


def _date(record: Recorded, user: Any) -> dict[str, forms.Field]:
    return {record.code: DayField(label=_label(record), required=False)}


def _number(record: Recorded, user: Any) -> dict[str, forms.Field]:
    return {record.code: WholeNumberField(label=_label(record), required=False)}


def _yes_no(record: Recorded, user: Any) -> dict[str, forms.Field]:
    return {record.code: forms.ChoiceField(label=_label(record), required=False, choices=YES_OR_NO)}


def _read_yes_no(code: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    value = typed.get(code)
    return {code: value == "yes"} if value else {}


def _votes(record: Recorded, user: Any) -> dict[str, forms.Field]:
    boxes: dict[str, forms.Field] = {
        name: WholeNumberField(label=label, required=False, help_text=help_text)
        for name, label, help_text in VOTES
    }
    excused = {
        f"{EXCUSED}{code}": WholeNumberField(label=label, required=False)
        for code, label in labelled(vote.excuse_choices())
    }
    return boxes | excused


def _read_votes(code: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: typed[name] for name, _label, _help in VOTES if typed.get(name) is not None}
    excused = [
        {"reason": reason}
        for reason in vote.EXCUSES
        for _one in range(min(typed.get(f"{EXCUSED}{reason}") or 0, MOST_EXCUSED))
    ]
    if excused:
        found["excused"] = excused
    if "due" not in found and "entitled" in found:
        found["due"] = vote.due_of(found["entitled"], len(excused))
    return found


def _names(record: Recorded, user: Any) -> dict[str, forms.Field]:
    """Each person from the register or, where he stands outside, by his name."""
    boxes: dict[str, forms.Field] = {}
    seen = Member.objects.visible_to(user).on_roll()
    for number in range(1, PEOPLE + 1):
        name = f"{record.code}_{number}"
        boxes[name] = forms.ModelChoiceField(
            label=_("member"),
            required=False,
            queryset=seen,
            widget=ScopedAutocomplete(DevelopmentFile._meta.get_field("member"), admin.site),
        )
        boxes[f"{name}_name"] = forms.CharField(
            label=_("or the name of somebody outside this register"),
            required=False,
            max_length=50,
        )
        boxes[f"{name}_full"] = forms.BooleanField(
            label=_("full member, of somebody outside"), required=False
        )
        boxes[f"{name}_warned"] = forms.BooleanField(
            label=_("on probation within the Party"), required=False
        )
    # What is said of all of them together stands here.
    boxes[record.code] = forms.Field(required=False, widget=forms.HiddenInput)
    return boxes


def _read_names(code: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    found = []
    for number in range(1, PEOPLE + 1):
        name = f"{code}_{number}"
        member, written = typed.get(name), typed.get(f"{name}_name") or ""
        if member is None and not written:
            continue
        found.append(
            {
                "name": member.name if member else written,
                "member": member.pk if member else None,
                "full_member": typed.get(f"{name}_full", False),
                "under_probation_in_party": typed.get(f"{name}_warned", False),
            }
        )
    return {code: found} if found else {}


_BOXES = {
    "text": _text, "choice": _choice, "date": _date, "number": _number, "yes_no": _yes_no,
    "votes": _votes, "names": _names,
}  # fmt: skip
_READERS = {"yes_no": _read_yes_no, "votes": _read_votes, "names": _read_names}
