"""Two clerks at one record: the second save shows both values and loses no typing.

The form carries the version it was opened with, and how far the log of the record had come. What
the log tells since then is who changed which field from what to what, so only fields that both
have touched are asked about; the rest is merged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.admin.history import in_words
from registry.fields import EncryptedTextField
from registry.models import Entry

MINE, THEIRS = "mine", "theirs"
KEEP = "keep_"
# What the page of conflicts posts beside the form: the fields it asked about, and the version
# that the answers are good for.
ASKED, SETTLED = "asked", "settled"


@dataclass(frozen=True)
class Conflict:
    """One field that somebody else has changed since the form was opened."""

    name: str
    label: str
    mine: str
    theirs: str
    who: str
    at: datetime | None
    chosen: str  # mine, theirs, or nothing: the clerk has to say

    @property
    def choice(self) -> str:
        """The name of the two radio buttons."""
        return f"{KEEP}{self.name}"


class VersionedForm(forms.ModelForm):
    """A form that notices that its record has been saved since; the admin names both fields."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    instance: Any  # a VersionedRecord
    data: Any  # what was posted

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts: list[Conflict] = []
        self._now: dict[str, int] = {}
        self._now = {"version": self.instance.version, "seen": 0}
        if self.instance.pk is None:
            return
        newest = Entry.objects.about(self.instance).values_list("id", flat=True).first() or 0
        self._now = {"version": self.instance.version, "seen": newest}
        self.initial = {**self.initial, **self._now}
        self._before = {
            field.name: field.value_from_object(self.instance) for field in self._columns()
        }
        if self.is_bound:
            self._take_theirs()

    def _columns(self) -> Iterator[Any]:
        for field in self.instance._meta.concrete_fields:
            if field.name in self.fields and field.name not in {"version", "seen"}:
                yield field

    def _take_theirs(self) -> None:
        """Put what is kept in place of what was typed, where the clerk has chosen so."""
        data = self.data.copy()
        for field in self._columns():
            if data.get(f"{KEEP}{field.name}") == THEIRS:
                bound = self.fields[field.name]
                data[self.add_prefix(field.name)] = bound.prepare_value(self.initial[field.name])
        self.data = data

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.instance.pk is None:
            return cleaned
        if self._opened_version() != self._now["version"]:
            self._compare(self.cleaned_data.get("seen") or 0)
        return cleaned

    def _opened_version(self) -> Any:
        """The version that was typed upon, or that the clerk has settled every conflict with."""
        asked = self.data.getlist(ASKED)
        settled = self.data.get(SETTLED, "")
        if asked and settled.isdecimal() and all(self.data.get(f"{KEEP}{each}") for each in asked):
            return int(settled)
        return self.cleaned_data.get("version")

    @property
    def settles(self) -> int:
        """The version that the answers to the conflicts shown now are good for."""
        return self._now.get("version", 0)

    def _compare(self, seen: int) -> None:
        """Find what both have changed; take what only they have changed; go on with the newest."""
        since = self._changed_since(seen)
        merged = self.data.copy()
        for field in self._columns():
            name = field.name
            if name not in since or name not in self.cleaned_data:
                continue
            old, who, at = since[name]
            mine, theirs = self._logged(field, self.cleaned_data[name]), self._kept(field)
            if self._same(field, mine, theirs):
                continue
            if self._untouched(field, mine, old):
                self.cleaned_data[name] = self._value(field)
                merged[self.add_prefix(name)] = self.fields[name].prepare_value(self.initial[name])
                continue
            self.conflicts.append(
                Conflict(
                    name=name,
                    label=str(field.verbose_name),
                    mine=self._shown(field, self.cleaned_data[name]),
                    theirs=self._shown(field, self._value(field)),
                    who=who,
                    at=at,
                    chosen=self.data.get(f"{KEEP}{name}", ""),
                )
            )
        if self.conflicts:
            merged |= {self.add_prefix(name): str(value) for name, value in self._now.items()}
            self.data = merged
            self.add_error(
                None,
                ValidationError(
                    _(
                        "Somebody else has saved this record while you were typing. "
                        "Choose below what is right, and save again. Nothing you typed is lost."
                    ),
                    code="stale",
                ),
            )

    def _changed_since(self, seen: int) -> dict[str, tuple[Any, str, datetime | None]]:
        """Return who changed each field since, and what it was when this form was opened."""
        since: dict[str, tuple[Any, str, datetime | None]] = {}
        entries = Entry.objects.about(self.instance).filter(id__gt=seen).select_related("user")
        for entry in entries.order_by("id"):
            for name, old, _new in entry.changes:
                first = since.get(name, (old,))[0]
                who = str(entry.user or _("on the server"))
                since[name] = (first, who, timezone.localtime(entry.at))
        return since

    def _value(self, field: Any) -> Any:
        return self._before[field.name]

    def _kept(self, field: Any) -> Any:
        return self._logged(field, self._value(field))

    def _logged(self, field: Any, value: Any) -> Any:
        """Return a value as the log writes it, so that the two can be compared."""
        return self.instance._logged(field, getattr(value, "pk", value))

    def _same(self, field: Any, mine: Any, theirs: Any) -> bool:
        if isinstance(field, EncryptedTextField):
            return bool(self.cleaned_data[field.name] == self._value(field))
        return bool(mine == theirs)

    def _untouched(self, field: Any, mine: Any, old: Any) -> bool:
        if isinstance(field, EncryptedTextField):
            return field.name not in self.changed_data
        return bool(mine == old)

    def _shown(self, field: Any, value: Any) -> str:
        if field.is_relation:
            chosen = self.fields[field.name].queryset.filter(  # type: ignore[attr-defined]
                pk=getattr(value, "pk", value)
            )
            return str(chosen.first() or "—") if value else ""
        logged = self._logged(field, value)
        return in_words(self.instance._meta.label_lower, field.name, logged)
