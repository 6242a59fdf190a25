"""What the forms of people have in common: texts as they are kept, with a note of what changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _now

from members.admin.own_values import OwnValuesForm
from members.rules import identity, names
from registry.admin.masking import MaskedForm
from registry.admin.saving import RefusableForm
from registry.language import said
from registry.plain_text import plain_text
from registry.sheets.cells import CellError, read_phone


class PersonForm(RefusableForm, OwnValuesForm, MaskedForm):
    """OwnValuesForm before MaskedForm: it compares when the masks are in place already."""

    request: HttpRequest

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notes: list[str] = []  # what was changed in the typed text without asking

    def clean_name(self) -> str:
        name, warnings = names.cleaned_name(self.cleaned_data["name"])
        self.notes += [said(warning) for warning in warnings]
        return name

    def clean_id_number(self) -> str:
        number = identity.normalised(self.cleaned_data["id_number"])
        if "id_number" not in self.changed_data or not number:
            return number
        if len(number) == identity.OLD_LENGTH and number.isdecimal():
            self.notes.append(_now("The ID number of 15 digits was completed to 18."))
            number = identity.from_15(number)
        if not identity.objections(number):
            self.refuse_id_number(number)
        return number

    def refuse_id_number(self, number: str) -> None:
        """Raise ValidationError where somebody has ``number`` who stands in the way."""
        raise NotImplementedError

    def clean_phone(self) -> str:
        """Kept as a sheet keeps it: without the blanks of a pasted number."""
        phone = str(self.cleaned_data["phone"])
        if "phone" not in self.changed_data or not phone:
            return phone
        try:
            return read_phone(phone).value or ""
        except CellError as error:
            raise ValidationError(said(error.sentence), "phone_unreadable") from None

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, str) and value and name != "name":
                lines = isinstance(self.fields[name].widget, forms.Textarea)
                try:
                    text, changed = plain_text(value, lines=lines)
                except ValidationError as error:
                    self.add_error(name, error)
                    continue
                self.cleaned_data[name] = text
                if changed:
                    self.notes.append(
                        _now("%(field)s held invisible signs, which were removed.")
                        % {"field": self.fields[name].label}
                    )
