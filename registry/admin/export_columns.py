"""What the page of an export offers: the columns of a list, their order, the kind of file."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from django import forms
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist, ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.admin.preferences import forget, keep, preferences_of
from registry.fields import EncryptedTextField
from registry.sheets.exporting import ExportColumn, ExportSource, parts_of
from registry.sheets.writing import FORMATS, XLSX, SheetValue

CHUNK = 500
PLACE = "place-"  # of a column, among the fields of the form
MOST_CHOICES = 20


class ListExport:
    """The columns of an admin's own list, with what they show and nothing else of a row."""

    def __init__(self, model_admin: Any, request: HttpRequest) -> None:
        self.admin, self.request = model_admin, request
        self.standard = self._plain(model_admin.get_list_display(request))
        available = self._plain(getattr(model_admin, "columns_available", ()))
        self.columns = {
            name: ExportColumn(capfirst(str(label_for_field(name, model_admin.model, model_admin))))
            for name in dict.fromkeys((*self.standard, *available))
        }

    def _plain(self, names: Sequence[Any]) -> tuple[str, ...]:
        """Columns with a name; one that holds a protected value is masked by nobody here."""
        return tuple(name for name in names if isinstance(name, str) and not self._is_sealed(name))

    def _is_sealed(self, name: str) -> bool:
        try:
            return isinstance(self.admin.opts.get_field(name), EncryptedTextField)
        except FieldDoesNotExist:
            return False

    def lines(
        self, rows: Any, names: Sequence[str], *, full: bool, for_programs: bool
    ) -> Iterator[Sequence[SheetValue]]:
        for part in parts_of(rows, CHUNK):
            records = list(part)
            self.admin.complete(self.request, records)
            for record in records:
                yield [self._value(name, record) for name in names]

    def _value(self, name: str, record: Any) -> SheetValue:
        try:
            field, _attribute, value = lookup_field(name, record, self.admin)
        except ObjectDoesNotExist:
            return None
        if field is not None:
            value = dict(getattr(field, "flatchoices", ())).get(value, value)
        return _as_cell(value)


def _as_cell(value: Any) -> SheetValue:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, SafeString):
        return html.unescape(strip_tags(value))
    if value is None or isinstance(value, SheetValue):
        return value
    return str(value)


@dataclass(frozen=True)
class Chosen:
    """What goes out, as the form was filled in and as it is kept under a name."""

    names: Sequence[str]
    file_format: str = XLSX

    @classmethod
    def kept(cls, said: Any, source: ExportSource) -> Self:
        """Return a kept choice, less the columns that there are no more."""
        names = [name for name in said.get("names", ()) if name in source.columns]
        file_format = said.get("file_format")
        return cls(names or list(source.standard), file_format if file_format in FORMATS else XLSX)


class KeptChoices:
    """What a user has chosen for the exports of one list, each under a name of his own."""

    def __init__(self, user: Any, model_label: str) -> None:
        self.user, self.key = user, f"export:{model_label}"

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def get(self, name: str, source: ExportSource) -> Chosen:
        """Return the choice of this name; the standard one where there is none."""
        return Chosen.kept(self._all().get(name, {}), source)

    def keep(self, name: str, chosen: Chosen) -> None:
        """Keep a choice, in the place of an older one of this name."""
        if not name:
            raise ValidationError(_("Give the choice a name."))
        choices = self._all() | {name: asdict(chosen)}
        if len(choices) > MOST_CHOICES:
            text = _("%(most)s choices are kept already. Delete one of them first.")
            raise ValidationError(text % {"most": MOST_CHOICES})
        keep(self.user, self.key, choices)

    def delete(self, name: str) -> None:
        choices = {each: kept for each, kept in self._all().items() if each != name}
        if choices:
            keep(self.user, self.key, choices)
        else:
            forget(self.user, self.key)

    def _all(self) -> dict[str, Any]:
        return dict(preferences_of(self.user).get(self.key, {}))


class ExportForm(forms.Form):
    """A number beside a column puts it into the file, in this order; an empty box leaves it out."""

    file_format = forms.ChoiceField(
        label=gettext_lazy("kind of file"),
        choices=[(name, kind.label) for name, kind in FORMATS.items()],
        widget=forms.RadioSelect,
    )
    full = forms.BooleanField(
        label=gettext_lazy("With full ID numbers, phones and addresses"), required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("What do you need it for?"), required=False, max_length=200
    )
    choice_name = forms.CharField(
        label=gettext_lazy("Keep this choice as"), required=False, max_length=50
    )

    def __init__(
        self, data: Any, *, source: ExportSource, chosen: Chosen, choice_name: str
    ) -> None:
        initial: dict[str, Any] = {"file_format": chosen.file_format, "choice_name": choice_name}
        initial |= {PLACE + name: place for place, name in enumerate(chosen.names, 1)}
        super().__init__(data, initial=initial, label_suffix="")
        self.order = list(dict.fromkeys((*chosen.names, *source.columns)))
        for name in self.order:
            self.fields[PLACE + name] = forms.IntegerField(
                label=source.columns[name].heading, required=False, min_value=1, max_value=999
            )

    @property
    def column_fields(self) -> list[Any]:
        """The boxes of the columns, those that are chosen first and in their order."""
        return [self[PLACE + name] for name in self.order]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        places = {name: cleaned.get(PLACE + name) for name in self.order}
        named = [name for name in self.order if places[name]]
        if not named and not self.errors:
            raise ValidationError(_("Choose at least one column: write a number beside it."))
        cleaned["names"] = sorted(named, key=lambda name: places[name] or 0)
        return cleaned

    @property
    def chosen(self) -> Chosen:
        return Chosen(self.cleaned_data["names"], self.cleaned_data["file_format"])
