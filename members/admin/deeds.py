"""Pages on which something is done: what was typed, the verb that does it, what it objects to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _now

from registry.admin.saving import is_sent_again
from registry.language import said
from registry.login.kept_forms import typed_before
from registry.sentences import WARNING, Sentence


class DeedForm(forms.Form):
    """A form that a verb answers; what the verb objects to stands at its fields."""

    # The verbs name columns, the form may ask for them under another name.
    renamed: dict[str, str] = {}

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, label_suffix="", **options)

    def object_to(self, error: ValidationError) -> None:
        for name, found in error.update_error_dict({}).items():
            field = self.renamed.get(name, name)
            self.add_error(field if field in self.fields else NON_FIELD_ERRORS, found)


def typed(request: HttpRequest) -> Any:
    """Return what was typed: now, or before the session had ended."""
    return request.POST if request.method == "POST" else typed_before(request)


def is_done(request: HttpRequest, form: DeedForm, deed: Callable[..., Any]) -> bool:
    """Do ``deed`` with what the form says, and return whether it is done.

    What it objects to stands in the form. A form that is sent twice does it once.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        with transaction.atomic():
            if not is_sent_again(request):
                deed(**form.cleaned_data)
    except ValidationError as error:
        form.object_to(error)
        return False
    return True


def done(
    request: HttpRequest, address: str, text: str, objections: list[Sentence] | tuple[()] = ()
) -> HttpResponse:
    """Say what was done and what the rules warn about, and go on to ``address``."""
    messages.success(request, text)
    for each in objections:
        if each.level == WARNING:
            messages.warning(request, said(each))
    return HttpResponseRedirect(address)


def not_to_come(day: date) -> date:
    """Return ``day``; raise ValidationError where it is later than today."""
    if day > timezone.localdate():
        raise ValidationError(
            _now("%(day)s is still to come. Enter it on that day."), params={"day": day}
        )
    return day
