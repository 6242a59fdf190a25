"""The form of one step: its day, just what it records, and the reason where one is needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import blake2s
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from members.admin.deeds import DeedForm
from members.admin.development.boxes import EXCUSED, Boxes, boxes_for, facts_of
from members.models import DevelopmentFile
from members.rules import development
from registry.calendar import PartialDate
from registry.forms import PartialDateFormField
from registry.language import said
from registry.plain_text import PlainTexts
from registry.sentences import ERROR, Sentence

CONFIRMED = "confirmed"  # a hidden box: the warnings that stood on the page when it was sent
YEARS = range(1900, 2101)  # what a file may hold; the rules judge the rest
# Said of what the clerk has just ticked himself, so that nobody has to confirm it.
SELF_SAID = frozenset({"historical"})


@dataclass(frozen=True)
class Part:
    """Boxes that stand together on the page: in rows of two, as numbers, or person by person."""

    heading: str | Promise = ""
    rows: list[list[Any]] | None = None
    numbers: list[Any] | None = None
    people: list[list[Any]] | None = None
    anchor: str = ""  # of what is said about all of them
    errors: Any = ""


class StepForm(PlainTexts, DeedForm):
    """What one step of one file needs. ``warned`` are the warnings that nobody has confirmed."""

    on = PartialDateFormField(
        label=_("day"),
        required=False,
        help_text=_(
            "As 2026-11-20. From old papers also 2019-03 or 2019, or empty where nobody knows it."
        ),
    )
    historical = forms.BooleanField(
        label=_("entered afterwards from old papers"),
        required=False,
        help_text=_("What would be refused today is then recorded with a reason."),
    )
    reason = forms.CharField(
        label=_("why"),
        required=False,
        max_length=200,
        widget=forms.TextInput,
        help_text=_("Where the step is late, early, entered afterwards or leaves a gap before it."),
    )

    def __init__(
        self,
        data: Any,
        *,
        file: DevelopmentFile,
        step: development.Step,
        user: Any,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.file, self.step = file, step
        self.asked = [boxes_for(record, user) for record in step.records]
        for boxes in self.asked:
            self.fields.update(boxes.fields)
        self.order_fields(["on", *self._names_of_boxes(), "historical", "reason"])
        self.is_judged = False
        self.warned: list[Sentence] = []
        self.warnings: dict[str, list[str]] = defaultdict(list)  # by box

    def _names_of_boxes(self) -> list[str]:
        return [name for boxes in self.asked for name in boxes.fields]

    @property
    def parts(self) -> list[Part]:
        """The boxes between the day and the reason, in their order, as the page shows them."""
        parts: list[Part] = []
        plain: list[Any] = []
        for boxes in self.asked:
            bound = [self[name] for name in boxes.fields]
            if not boxes.stand_together:
                plain += bound
                continue
            parts += [Part(rows=_in_pairs(plain))] if plain else []
            plain = []
            parts += _together(boxes, bound)
        return [*parts, Part(rows=_in_pairs(plain))] if plain else parts

    def clean_on(self) -> PartialDate | None:
        on: PartialDate | None = self.cleaned_data["on"]
        if on is not None and on.year not in YEARS:
            raise ValidationError(
                _now("%(day)s is no day of a file. Check the year."), "year", {"day": on}
            )
        return on

    def for_the_verb(self) -> dict[str, Any]:
        """Return what a verb asks for, as far as the boxes could be read."""
        typed = self.cleaned_data
        facts: dict[str, Any] = {}
        for boxes in self.asked:
            facts |= facts_of(boxes.record, typed)
        return {
            "on": typed.get("on"),
            "facts": facts,
            "historical": bool(typed.get("historical")),
            "reason": typed.get("reason") or "",
        }

    def show(self, objections: Iterable[Sentence]) -> None:
        """Put each objection at its box; where the box itself could not be read, that stands."""
        self.is_judged = True
        unread = set(self.errors)
        for sentence in dict.fromkeys(objections):
            text, name = said(sentence), sentence.field
            if sentence.level != ERROR:
                self.warned.append(sentence)
                if name in self.fields:
                    self.warnings[name].append(text)
            elif name not in unread:
                self.add_error(name if name in self.fields else None, text)

    @property
    def asks_to_confirm(self) -> bool:
        """Whether a warning stands that was not on the page which was sent."""
        seen = str(self.data.get(CONFIRMED, "")).split()
        return any(key_of(each) not in seen for each in self.warned if each.code not in SELF_SAID)

    @property
    def confirms(self) -> str:
        """What the page sends back to say that its warnings have been read."""
        return " ".join(key_of(each) for each in self.warned)

    @property
    def said_of_all(self) -> list[str]:
        """The warnings as sentences, for the top of the page."""
        return [said(each) for each in dict.fromkeys(self.warned)]


def _together(boxes: Boxes, bound: list[Any]) -> list[Part]:
    heading = said(boxes.record.label)
    if boxes.record.kind == "votes":
        excused = [box for box in bound if box.name.startswith(EXCUSED)]
        counted = [box for box in bound if box not in excused]
        return [
            Part(heading, numbers=counted),
            Part(_now("excused, and so not among those due"), numbers=excused),
        ]
    *each, whole = bound
    people = [each[start : start + 4] for start in range(0, len(each), 4)]
    return [Part(heading, people=people, anchor=whole.id_for_label, errors=whole.errors)]


def _in_pairs(bound: list[Any]) -> list[list[Any]]:
    """Two boxes to a row; a long text has one of its own."""
    rows: list[list[Any]] = []
    for box in bound:
        if rows and len(rows[-1]) == 1 and not (_is_wide(box) or _is_wide(rows[-1][0])):
            rows[-1].append(box)
        else:
            rows.append([box])
    return rows


def _is_wide(box: Any) -> bool:
    return isinstance(box.field.widget, forms.Textarea)


def key_of(sentence: Sentence) -> str:
    """Return what a warning is told by: other words, other days, another key."""
    return blake2s(str(sentence).encode(), digest_size=6).hexdigest()


def initial_of(file: DevelopmentFile, step: development.Step, today: date) -> dict[str, Any]:
    """Return what stands in the boxes beforehand: today, or what the register knows already."""
    member = file.member
    if step.code == "assembly" and member is not None and member.joined_on:
        return {"on": member.joined_on, "historical": True}
    return {"on": PartialDate.of(today)}
