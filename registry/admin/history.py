"""The history page of a record, in the words of the clerks: when, who, which field, old → new.

It reads the log, so it shows what was done by a page, a sheet or a command alike. Names of other
records stand there only as far as the reader may see them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.admin.utils import unquote
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry import access
from registry.models import Entry
from registry.models.job_rows import RowState
from registry.models.log import Action
from registry.sheets import codes

UNSEEN = "—"
LINES = 50
# What the log tells beside the fields of a record.
BESIDE_FIELDS: dict[str, str | Promise] = {
    "address": gettext_lazy("from machine"),
    "locked": gettext_lazy("locked"),
    "dues settled to": gettext_lazy("settled to"),
    codes.REGISTERED_ELSEWHERE: gettext_lazy("ID number registered elsewhere"),
    "rows": gettext_lazy("rows"),
    "filter": gettext_lazy("filter"),
    "search": gettext_lazy("search"),
    "columns": gettext_lazy("columns"),
    "format": gettext_lazy("kind of file"),
    "numbers": gettext_lazy("protected values"),
    **dict(RowState.choices),
}


@dataclass(frozen=True)
class Change:
    """One field of one entry, as a clerk reads it."""

    label: str | Promise
    old: str
    new: str


@dataclass(frozen=True)
class Line:
    """One entry of the log as the history page shows it."""

    at: Any
    user: str
    action: str
    subject: str | Promise  # what it was about, where that is not the record itself
    changes: Sequence[Change]
    reason: str


class HistoryPage:
    """Mixin of an admin: the page “history”, for those who carry the verb on the record."""

    history_verb: str | None = access.VIEW_HISTORY

    def has_history_permission(self, request: HttpRequest, obj: models.Model) -> bool:
        return self.history_verb is not None and access.may_on(request.user, self.history_verb, obj)

    def history_of(self, obj: models.Model) -> Iterable[tuple[type[models.Model], Iterable[int]]]:
        """The records whose entries the page of ``obj`` shows: itself, and what is part of it."""
        return [(type(obj), [obj.pk])]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        admin: Any = self
        obj = admin.get_object(request, unquote(object_id))
        if obj is None:
            missing: HttpResponse = admin._get_obj_does_not_exist_redirect(
                request, admin.opts, object_id
            )
            return missing
        if not self.has_history_permission(request, obj):
            raise PermissionDenied
        about = Q()
        for model, ids in self.history_of(obj):
            about |= Q(model=model._meta.label_lower, object_id__in=list(ids))
        entries = Entry.objects.filter(about).select_related("user").order_by("-id")
        page = Paginator(entries, LINES).get_page(request.GET.get("p"))
        context = {
            **admin.admin_site.each_context(request),
            "title": _("History of %(name)s") % {"name": obj},
            "opts": admin.opts,
            "original": obj,
            "object": obj,
            "page": page,
            "lines": lines_of(list(page), obj, request.user),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/record_history.html", context)


def lines_of(entries: Sequence[Entry], record: models.Model, user: Any) -> list[Line]:
    """Return ``entries`` in words; of other records only the names that ``user`` may see."""
    names = _names_in(entries, user)
    own = record._meta.label_lower
    return [
        Line(
            at=timezone.localtime(entry.at),
            user=str(entry.user or _("on the server")),
            action=str(entry.get_action_display()),
            subject="" if entry.model == own else _subject(entry.model),
            changes=[
                _in_words(entry.model, change, names)
                for change in entry.changes
                if not _names_the_record(entry.model, change, record)
                and not _begins_empty(entry, change)
            ],
            reason=entry.reason,
        )
        for entry in entries
    ]


def label_of(model: str, name: str) -> str | Promise:
    """Return what a field is called on the form; its own name where there is no such field."""
    field = _field(model, name)
    if field is None:
        return BESIDE_FIELDS.get(name, name)
    if hasattr(field, "verbose_name"):
        return str(field.verbose_name)
    return str(field.related_model._meta.verbose_name)  # a row that belongs to the record


def in_words(model: str, name: str, value: Any) -> str:
    """Return a logged value as a clerk reads it: a choice by its label, yes or no, a date."""
    field = _field(model, name)
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(dict(getattr(field, "flatchoices", None) or ()).get(value, value))


def _field(model: str, name: str) -> Any:
    try:
        return _model(model)._meta.get_field(name)
    except (LookupError, FieldDoesNotExist, ValueError):
        return None


def _model(label: str) -> type[models.Model]:
    return apps.get_model(label)


def _subject(model: str) -> str | Promise:
    try:
        return _model(model)._meta.verbose_name or model
    except (LookupError, ValueError):
        return model


def _target(model: str, name: str) -> type[models.Model] | None:
    field = _field(model, name)
    if not isinstance(field, models.ForeignKey):
        return None
    target: Any = field.related_model
    return target  # type: ignore[no-any-return]


def _names_in(entries: Iterable[Entry], user: Any) -> dict[tuple[type, str], str]:
    """Return the names of all records that the entries point at, with one question per model."""
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for entry in entries:
        for name, *values in entry.changes:
            if target := _target(entry.model, name):
                wanted[target] |= {value for value in values if value not in (None, "")}
    names = {}
    for target, ids in wanted.items():
        rows: Any = target._default_manager.all()
        if hasattr(rows, "visible_to"):
            rows = rows.visible_to(user, access.VIEW)
        for row in rows.filter(pk__in=ids):
            names[target, str(row.pk)] = str(row)
    return names


def _in_words(model: str, change: Sequence[Any], names: dict[tuple[type, str], str]) -> Change:
    name, old, new = [*change, "", ""][:3]
    if target := _target(model, name):
        old, new = (
            "" if value in (None, "") else names.get((target, str(value)), UNSEEN)
            for value in (old, new)
        )
        return Change(label_of(model, name), old, new)
    return Change(label_of(model, name), in_words(model, name, old), in_words(model, name, new))


def _begins_empty(entry: Entry, change: Sequence[Any]) -> bool:
    """Whether a field of a new record holds nothing, or a no that nobody has said."""
    return entry.action == Action.ADD and [*change, "", ""][2] in (None, "", False)


def _names_the_record(model: str, change: Sequence[Any], record: models.Model) -> bool:
    """Whether the change only says that the entry is part of the record whose page this is."""
    return _target(model, change[0]) is type(record) and record.pk in change[1:]
