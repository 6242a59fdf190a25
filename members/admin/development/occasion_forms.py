"""The forms of an occasion: what is said once for all, and a row of boxes for each person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from members.admin.development.boxes import (
    EXCUSED,
    WholeNumberField,
    boxes_for,
    facts_of,
)
from members.models import DevelopmentFile
from members.rules import development, vote
from members.rules.development import together
from members.rules.development.recorded import AGREED, ON_TIME, QUALIFIED
from registry.forms import DayField
from registry.plain_text import PlainTexts

VOTES = "votes"
# What an occasion mostly ends with, so that only the exceptions are chosen by hand.
USUAL = {"assembly": AGREED, "full_assembly": ON_TIME, "political_review": QUALIFIED}
SHORT = {
    "votes_for": _("for"),
    "votes_against": _("against"),
    "abstained": _("abstained"),
    "written_for": _("written for"),
    "written_against": _("written against"),
    "extended_months": _("months"),
    "resolution": _("resolution"),
}


class OccasionForm(PlainTexts, forms.Form):
    """What is said once: day, place, who led it, how many were entitled and how many came."""

    on = DayField(label=_("day"), error_messages={"required": _("Write the day on which it was.")})

    def __init__(self, data: Any, *, step: development.Step, user: Any, **options: Any) -> None:
        super().__init__(data, label_suffix="", **options)
        self.step = step
        self.asked = [boxes_for(record, user) for record in together.of_all(step)]
        self.voted = together.is_voted(step)
        for boxes in self.asked:
            self.fields.update(boxes.fields)
        if self.voted:
            self.fields.update(_room(step, user))

    @property
    def plain(self) -> list[Any]:
        """The boxes that stand first, in their order."""
        return [self["on"], *(self[name] for boxes in self.asked for name in boxes.fields)]

    @property
    def room(self) -> list[Any]:
        """How many were entitled and how many came."""
        return [self["entitled"], self["present"]] if self.voted else []

    @property
    def excused(self) -> list[Any]:
        return [self[f"{EXCUSED}{code}"] for code in vote.EXCUSES] if self.voted else []

    @property
    def due(self) -> int | None:
        """How many were due, as far as what was typed can be read; never typed itself."""
        if not (self.voted and self.is_bound and self.errors is not None):
            return None
        entitled = self.cleaned_data.get("entitled")
        excused = sum(self.cleaned_data.get(box.name) or 0 for box in self.excused)
        return None if entitled is None else vote.due_of(entitled, excused)

    def facts(self) -> dict[str, Any]:
        """Return what is recorded of everybody."""
        typed = self.cleaned_data
        found: dict[str, Any] = {}
        for boxes in self.asked:
            found |= facts_of(boxes.record, typed)
        if self.voted:
            record = next(each for each in self.step.records if each.kind == VOTES)
            found |= facts_of(record, typed)
        return found

    def object_to(self, error: ValidationError) -> dict[int, list[str]]:
        """Put what a verb objects to at its boxes; return by file what is said of one person."""
        of_one: dict[int, list[str]] = {}
        for name, found in error.update_error_dict({}).items():
            messages = ValidationError(found).messages
            key = name.removeprefix("file_")
            if name.startswith("file_") and key.isdecimal():
                of_one[int(key)] = messages
                continue
            box = name if name in self.fields else NON_FIELD_ERRORS
            self.add_error(None if box == NON_FIELD_ERRORS else box, messages)
        return of_one


def _room(step: development.Step, user: Any) -> dict[str, forms.Field]:
    record = next(each for each in step.records if each.kind == VOTES)
    asked = dict(boxes_for(record, user).fields)
    for name in (*together.HANDS, "due"):
        asked.pop(name)
    for name in ("entitled", "present"):
        asked[name].required = True
        asked[name].error_messages["required"] = _now("Count them; the votes are judged by it.")
    return asked


class PersonForm(PlainTexts, forms.Form):
    """The boxes of one person; whoever is not ticked is not judged."""

    def __init__(self, data: Any, file: DevelopmentFile, step: development.Step, user: Any) -> None:
        super().__init__(data, prefix=f"p{file.pk}", label_suffix="")
        self.file, self.step = file, step
        self.asked = [boxes_for(record, user) for record in together.of_each(step)]
        if together.is_voted(step):
            for name in together.HANDS:
                self.fields[name] = WholeNumberField(label=SHORT[name], required=False)
        for boxes in self.asked:
            self.fields.update(boxes.fields)
        if "result" in self.fields:
            self.fields["result"].initial = USUAL.get(step.code, AGREED)
        self.fields["reason"] = forms.CharField(label=_("why"), required=False, max_length=200)
        for name, asked in self.fields.items():
            if isinstance(asked.widget, forms.Textarea):
                asked.widget = forms.TextInput()
            label = SHORT.get(name, asked.label)
            asked.label = label
            asked.widget.attrs["aria-label"] = f"{file.name}: {label}"

    def facts(self) -> dict[str, Any]:
        """Return what is recorded of this person; of a vote, an empty box is nobody."""
        typed = self.cleaned_data
        found: dict[str, Any] = {}
        if together.is_voted(self.step):
            hands = {name: typed.get(name) for name in together.HANDS}
            if any(number is not None for number in hands.values()):
                found = {name: number or 0 for name, number in hands.items()}
        for boxes in self.asked:
            found |= facts_of(boxes.record, typed)
        return found


@dataclass
class PersonLine:
    """One person on the page: his boxes, whether he is ticked, what is said of him."""

    file: DevelopmentFile
    form: PersonForm
    ticked: bool
    url: str
    waits: bool  # for this step; who does not was taken by somebody else meanwhile
    due_by: date | None = None
    late: bool = False
    objections: list[str] = field(default_factory=list)


def labels_of(lines: Iterable[PersonLine]) -> list[str]:
    """Return the headings of the boxes, which are the same for everybody."""
    first = next(iter(lines), None)
    return [f"{box.label}" for box in first.form] if first else []
