"""What protected values are needed for: asked once, it serves until the clerk logs out."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

REASON = "reveal_reason"  # in the session


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("What do you need it for?"),
        min_length=2,
        max_length=200,
        help_text=_("Asked once until you log out; it stands in the log with every value you see."),
    )
