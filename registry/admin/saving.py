"""How a form of the admin saves by a verb: what the verb refuses stands at its fields, and a
double click saves once.

Django's admin validates first and saves later, so an objection of the verb would come too late for
the form. Here it undoes the transaction and shows the same form once more, with the objections.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from registry import encryption
from registry.models import Preference, StaleRecord

TOKEN = "once"  # noqa: S105 - the name of a hidden field
SAVED_ONCE = "saved_once"
BESIDE = {"csrfmiddlewaretoken", "_save", "_continue", "_addanother"}
REMEMBERED = 20  # forms that one user may have open while he saves others


class Refused(Exception):
    """The verb has raised: nothing is saved, the form is shown again."""

    def __init__(self, error: ValidationError) -> None:
        super().__init__(error)
        self.error = error


class RefusableForm(forms.ModelForm):
    """A form that can be told what the verb has refused."""

    refused: ValidationError | None = None

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.refused is not None:
            for name, errors in _by_field(self.refused).items():
                self.add_error(name if name in self.fields else None, list(errors))
        return cleaned


def _by_field(error: ValidationError) -> dict[str, Any]:
    return error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}


class VerbSaving:
    """Mixin of an admin whose ``save_by_verb`` is a verb of the record; its form is refusable."""

    def save_by_verb(self, request: HttpRequest, record: Any, form: Any, *, change: bool) -> None:
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        try:
            self.save_by_verb(request, obj, form, change=bool(change))
        except ValidationError as error:
            raise Refused(error) from error
        except (IntegrityError, StaleRecord) as error:
            sentence = _("Somebody else saved the same at this moment. Look, and save again.")
            raise Refused(ValidationError(sentence, "stale")) from error
        if not change and _token_of(request):
            _remember(request, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """A form of this one request: it knows who asks, and what was refused a moment ago."""
        form = super().get_form(request, obj, **kwargs)  # type: ignore[misc]
        refused = getattr(request, "_refused", None)
        return type(form.__name__, (form,), {"refused": refused, "request": request})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        view: Any = super().changeform_view  # type: ignore[misc]
        context = {**(extra_context or {}), "once": secrets.token_urlsafe(16)}
        if request.method != "POST":
            return view(request, object_id, form_url, context)
        fresh, context["once"] = context["once"], _token_of(request) or context["once"]
        try:
            with transaction.atomic():
                if object_id is None and (saved := self._saved_before(request)) is not None:
                    if _typed(request) == saved.typed:
                        return self.response_add(request, saved.record)  # type: ignore[attr-defined]
                    # Back after saving, and something else typed: no double click.
                    context["once"] = fresh
                    raise Refused(ValidationError(_saved_already(saved.record), "saved_already"))
                return view(request, object_id, form_url, context)
        except Refused as refusal:
            request._refused = refusal.error  # type: ignore[attr-defined]
            return view(request, object_id, form_url, context)

    def _saved_before(self, request: HttpRequest) -> Saved | None:
        """Return what this very form has saved already, waiting if it is being saved."""
        token = _token_of(request)
        if not token:
            return None
        pk, typed = _tokens_of(request.user).value.get(token, (None, ""))
        record = self.get_queryset(request).filter(pk=pk).first() if pk else None  # type: ignore[attr-defined]
        return Saved(record, typed) if record else None


@dataclass(frozen=True)
class Saved:
    """The record that a form has become, and what was typed then."""

    record: models.Model
    typed: str


def _token_of(request: HttpRequest) -> str:
    return str(request.POST.get(TOKEN, ""))[:40]


def is_sent_again(request: HttpRequest) -> bool:
    """Return whether this very form was sent before, and remember it: for pages of no admin.

    Asked in the transaction of what the form does, so that a refused form may be sent again.
    """
    tokens, token = _tokens_of(request.user), _token_of(request)
    if token in tokens.value:
        return True
    if token:
        _keep(tokens, token, [None, ""])
    return False


def _typed(request: HttpRequest) -> str:
    """Return a digest of what was typed; the log of the user's forms holds no values."""
    typed = sorted((name, values) for name, values in request.POST.lists() if name not in BESIDE)
    return encryption.digest_of("typed", repr(typed))


def _saved_already(record: models.Model) -> str:
    return _(
        "This form was saved before, as “%(name)s”. Correct that record on its own page; save "
        "again only if this is another one."
    ) % {"name": record}


def _tokens_of(user: Any) -> Preference:
    """Return the forms that ``user`` has saved last, held until the transaction ends."""
    rows = Preference.objects.select_for_update()
    return rows.get_or_create(user=user, key=SAVED_ONCE, defaults={"value": {}})[0]


def _remember(request: HttpRequest, record: models.Model) -> None:
    _keep(_tokens_of(request.user), _token_of(request), [record.pk, _typed(request)])


def _keep(tokens: Preference, token: str, saved: list[Any]) -> None:
    tokens.value = dict(list(tokens.value.items())[1 - REMEMBERED :]) | {token: saved}
    tokens.save()
