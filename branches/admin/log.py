"""The log for auditors: who did what, and when. People stand in it by number, never by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.filters import AuditFilter
from branches.models import AuditEntry
from branches.rules import roles
from registry.admin import Place
from registry.admin.filtering import FilteredChangeList, FilteredModelAdmin
from registry.admin.history import in_words, label_of

# Apps whose records tell of people, by name also in what they were changed from and to.
OF_PEOPLE = {"members"}
# Columns elsewhere that hold the name or number of a person; of a search also what was sought.
PERSONAL = {
    "branches.organization": {"contact", "phone", "address"},
    "branches.unit": {"head_name"},
    "": {"id_number", "phone", "search"},
}
HIDDEN = "…"


def is_of_people(entry: AuditEntry) -> bool:
    return entry.model.split(".")[0] in OF_PEOPLE


def model_of(entry: AuditEntry) -> type[models.Model] | None:
    try:
        return apps.get_model(entry.model) if entry.model else None
    except LookupError:
        return None  # of a kind that this release no longer keeps


def public_numbers(entries: Iterable[AuditEntry]) -> dict[tuple[str, int], str]:
    """Return the public numbers of the people that the entries are about."""
    asked: defaultdict[str, set[int]] = defaultdict(set)
    for entry in entries:
        if is_of_people(entry) and entry.object_id:
            asked[entry.model].add(entry.object_id)
    numbers: dict[tuple[str, int], str] = {}
    for label, ids in asked.items():
        model = apps.get_model(label)
        if any(field.name == "number" for field in model._meta.concrete_fields):
            rows = model._base_manager.filter(pk__in=ids).values_list("pk", "number")
            numbers |= {(label, pk): number for pk, number in rows}
    return numbers


class AuditList(FilteredChangeList):
    def get_results(self, request: HttpRequest) -> None:
        """The numbers of the people of one page are read by one question."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        numbers = public_numbers(self.result_list)
        for entry in self.result_list:
            entry.number = numbers.get((entry.model, entry.object_id))


@admin.register(AuditEntry)
class AuditAdmin(FilteredModelAdmin):
    filterset_class = AuditFilter
    list_display = ("moment", "user", "action", "record", "what_changed", "reason", "in_chain")
    list_display_links = None
    list_select_related = ("user",)
    ordering = ("-id",)
    sortable_by = ()
    view_verb = roles.VIEW_LOG
    add_verb = change_verb = history_verb = export_verb = None

    def get_urls(self) -> list[Any]:
        """One list and no page of a single entry, which would show names."""
        return [url for url in super().get_urls() if url.name == "branches_auditentry_changelist"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[FilteredChangeList]:
        return AuditList

    def moment(self, entry: AuditEntry) -> str:
        return f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}"

    moment.short_description = _("when")  # type: ignore[attr-defined]

    def record(self, entry: AuditEntry) -> str:
        model = model_of(entry)
        kind = str(model._meta.verbose_name) if model else entry.model
        if is_of_people(entry):
            number = getattr(entry, "number", None)
            return f"{kind} {number or f'#{entry.object_id}'}"
        return f"{kind} {entry.label}".strip()

    record.short_description = _("record")  # type: ignore[attr-defined]

    def in_chain(self, entry: AuditEntry) -> str:
        return entry.chain

    in_chain.short_description = _("chain")  # type: ignore[attr-defined]

    def what_changed(self, entry: AuditEntry) -> str:
        return "; ".join(
            self._change(entry, change) for change in entry.changes if len(change) == 3
        )

    what_changed.short_description = _("changes")  # type: ignore[attr-defined]

    def _change(self, entry: AuditEntry, change: list[Any]) -> str:
        name, old, new = change
        label = label_of(entry.model, name)
        if is_of_people(entry) or name in PERSONAL.get(entry.model, ()):
            return str(label)
        shown = [in_words(entry.model, name, value) or HIDDEN for value in (old, new)]
        if old in (None, ""):
            return f"{label}: {shown[1]}"
        return _now("%(field)s: %(old)s → %(new)s") % {
            "field": label,
            "old": shown[0],
            "new": shown[1],
        }


admin.site.places.append(  # type: ignore[attr-defined]
    Place(_("Log"), "branches_auditentry_changelist", roles.VIEW_LOG, 90, "log")
)
