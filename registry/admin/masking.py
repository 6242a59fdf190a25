"""Protected values on a form: shown as a mask beside an empty box, which means unchanged."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from registry.fields import EncryptedTextField
from registry.masks import is_mask
from registry.models import Record

CLEARED = "\x00cleared"  # no text that a browser sends can be this: the field refuses controls


def encrypted_fields(model: type[models.Model]) -> dict[str, EncryptedTextField]:
    """Return the encrypted columns that stand in a box of their own on the form."""
    return {
        field.name: field
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField) and field.editable
    }


class MaskedInput(forms.TextInput):
    """The mask of what is kept, an empty box for another value, and a tick to clear it."""

    mask = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        typed = super().value_from_datadict(data, files, name)
        return CLEARED if f"{name}-clear" in data and not (typed or "").strip() else typed

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        value = "" if value == CLEARED else value
        box = super().render(name, value, attrs, renderer)
        if not self.mask:
            return box
        return format_html(
            '<span class="masked">{} <span class="mask">{}</span> '
            '<label class="clear"><input type="checkbox" name="{}-clear"> {}</label></span>',
            box,
            self.mask,
            name,
            _now("clear"),
        )


class MaskedFormField(forms.CharField):
    """Empty or its own mask: unchanged. ``kept`` is what the record holds."""

    widget = MaskedInput
    kept = ""
    default_error_messages = {
        "mask": _("“%(value)s” is a mask. Write the value in full, or leave the box empty.")
    }

    def to_python(self, value: Any) -> str:
        if value == CLEARED:
            return ""
        text = super().to_python(value)
        if not text or text == self.widget.mask:
            return self.kept
        if is_mask(text):
            raise ValidationError(self.error_messages["mask"], "mask", {"value": text})
        return text

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != self.kept
        except ValidationError:
            return True


class MaskedForm(forms.ModelForm):
    """A form on which no protected value leaves the server; declare it as an admin's ``form``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in encrypted_fields(type(self.instance)):
            field: Any = self.fields.get(name)
            if field is not None:
                field.kept = getattr(self.instance, name) or ""
                field.widget.mask = self.instance.masks[name](field.kept)
                self.initial[name] = ""


class MaskedAdmin:
    """Mixin: protected columns become masked boxes, and masks where they are only read."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, EncryptedTextField):
            return MaskedFormField(
                label=db_field.verbose_name,
                required=False,
                max_length=200,
                widget=MaskedInput(attrs={"class": "vTextField", "autocomplete": "off"}),
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]

    def for_readers(self, request: HttpRequest, obj: Any, fieldsets: Any) -> Any:
        """Who may only look sees ``masked_…`` in place of each protected field."""
        if obj is None or self.has_change_permission(request, obj):  # type: ignore[attr-defined]
            return fieldsets
        protected = set(encrypted_fields(type(obj)))
        return [
            (name, {**options, "fields": _masked(options["fields"], protected)})
            for name, options in fieldsets
        ]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)  # type: ignore[misc]
        return self.for_readers(request, obj, fieldsets)


def _masked(fields: Any, protected: set[str]) -> list[Any]:
    return [
        _masked(field, protected)
        if isinstance(field, (list, tuple))
        else (f"masked_{field}" if field in protected else field)
        for field in fields
    ]


def mask_of(record: Record, name: str) -> str:
    """Return the mask of one protected field of ``record``; nothing where it holds nothing."""
    value = getattr(record, name)
    return str(record.masks[name](value)) if value else ""
