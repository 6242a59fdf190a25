"""The forms of the login: user name and password, and the code from the phone."""

from __future__ import annotations

import unicodedata

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.login.totp import DIGITS

REFUSED = _(
    "User name and password do not go together, or the account is locked. Check both; after five "
    "failures an account is locked for 30 minutes."
)


class LoginForm(AuthenticationForm):
    """One sentence for every refusal: it does not tell which accounts there are."""

    error_messages = {"invalid_login": REFUSED, "inactive": REFUSED}


class CodeForm(forms.Form):
    """The six digits that the phone shows."""

    code = forms.CharField(
        label=pgettext_lazy("second factor", "Code"),
        max_length=DIGITS + 10,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "autofocus": True,
                "class": "vTextField",
            }
        ),
    )

    def clean_code(self) -> str:
        """Return the code without spaces and with plain digits: input methods write full-width."""
        code = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        code = "".join(code.split())
        if not (code.isascii() and code.isdigit() and len(code) == DIGITS):
            raise ValidationError(
                _("A code has six digits. Type the one that the phone shows now."),
                code="code_unreadable",
            )
        return code

    def refuse(self) -> None:
        self.add_error(
            "code",
            _(
                "The code is not right, or the account is locked. Wait for the next one; after "
                "five failures an account is locked for 30 minutes."
            ),
        )
