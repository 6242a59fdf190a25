"""Text as people type it: what cannot be seen is taken out, what cannot be printed is refused."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

PICTURES = "\U0001f000"  # from here on: emoji, not signs of any script of names or posts


def plain_text(text: str, *, lines: bool = False) -> tuple[str, bool]:
    """Return ``text`` without invisible signs, and whether it held any.

    Raises ValidationError for control signs and pictures. ``lines`` allows line breaks and tabs.
    """
    seen = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    for sign in seen:
        category = unicodedata.category(sign)
        if lines and sign in "\r\n\t":
            continue
        picture = category == "So" and sign >= PICTURES
        if category in {"Cc", "Cs", "Zl", "Zp"} or picture:
            raise ValidationError(
                _("The text holds %(sign)s, which cannot be printed. Take it out."),
                code="sign",
                params={"sign": f"“{sign}”" if picture else f"U+{ord(sign):04X}"},
            )
    return seen, seen != text


class PlainTexts:
    """Mixin of a form: its texts are plain; ``cleaned_of_signs`` names those that were cleaned."""

    not_text: frozenset[str] = frozenset()  # passwords are taken as they are

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        form: Any = self
        self.cleaned_of_signs: list[str] = []
        for name, value in list(form.cleaned_data.items()):
            if not isinstance(value, str) or name in self.not_text:
                continue
            try:
                lines = isinstance(form.fields[name].widget, forms.Textarea)
                form.cleaned_data[name], changed = plain_text(value, lines=lines)
            except ValidationError as error:
                form.add_error(name, error)
                continue
            if changed:
                self.cleaned_of_signs.append(name)

    def said_of_signs(self) -> str:
        """Return the sentence that tells what was taken out of the text; "" for nothing."""
        if not self.cleaned_of_signs:
            return ""
        form: Any = self
        labels = ", ".join(str(form.fields[name].label) for name in self.cleaned_of_signs)
        return _("Invisible signs were taken out of: %(fields)s.") % {"fields": labels}
