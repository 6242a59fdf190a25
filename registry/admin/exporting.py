"""The page “export” of every list: its rows, as it filters and orders them, into a file.

Only rows on which the user has the verb go out, masked; in full only for who may do so on all of
them, with a reason. A large list is made by the worker, and waits for its user as a file.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models.options import Options
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_tasks import task

from registry import access, encryption
from registry.admin.export_columns import Chosen, ExportForm, KeptChoices, ListExport
from registry.admin.lists import UnreadableQuestion
from registry.admin.reasons import REASON
from registry.downloads import attachment
from registry.models import PreparedFile, acting
from registry.sheets.exporting import Export, ExportSource, objections_to_full
from registry.templatetags.registry_pages import filter_chips

AT_ONCE = 5_000  # rows; more are made in the background
MOST = 200_000  # rows in one file, as many as an upload may have
CHOICE = "choice"  # in the address: the kept choice that is open
ORDER = "export order"  # to the worker; sealed, since a search may hold an ID number


class ExportPage:
    """Mixin of an admin. What goes out is its list's columns, unless it names another source."""

    admin_site: Any
    opts: Options
    export_verb: str | None = access.EXPORT

    def export_source(self, request: HttpRequest) -> ExportSource:
        """Return the columns that may go out."""
        return ListExport(self, request)

    def export_title(self, changes: Any) -> str:
        """Return what the file is called, and what stands above its table."""
        return capfirst(str(self.opts.verbose_name_plural))

    def export_record(self, changes: Any) -> Any:
        """Return the record in whose chain of the log the export stands, if the list is of one."""
        return None

    def search_as_logged(self, text: str) -> str:
        """Return what was searched for, as the log may keep it."""
        return text

    def complete(self, request: HttpRequest, records: list[Any]) -> None:
        """Read for a part of the rows what their columns show beside the record."""

    def may_export(self, request: HttpRequest) -> bool:
        model_admin: Any = self
        seen: bool = model_admin.has_view_permission(request)
        return seen and self.export_verb is not None and access.may(request.user, self.export_verb)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = super().changelist_view(request, *args, **kwargs)  # type: ignore[misc]
        context = getattr(response, "context_data", None)
        if context and "cl" in context and self.may_export(request):
            asked = context["cl"].get_query_string(remove=[PAGE_VAR])
            context["export_url"] = _url(self, "export") + asked
        return response

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        page = path("export/", self.admin_site.admin_view(self.export_view), name=name)
        return [page, *super().get_urls()]  # type: ignore[misc]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        if not self.may_export(request):
            raise PermissionDenied
        choice = _taken_from(request, CHOICE)
        changes = readable_list(self, request)
        if changes is None:
            text = _("The filters cannot be read, so nothing was exported. Correct them.")
            messages.error(request, text)
            return HttpResponseRedirect(f"{_url(self, 'changelist')}?{request.GET.urlencode()}")
        return ExportRequest(self, request, changes).answer(choice)


class ExportRequest:
    """What one user asks of the list of one admin, on its page or, later, in the worker."""

    def __init__(self, model_admin: Any, request: HttpRequest, changes: Any) -> None:
        self.admin, self.request, self.changes = model_admin, request, changes
        self.source: ExportSource = model_admin.export_source(request)
        self.title: str = model_admin.export_title(changes)
        self.rows = changes.queryset.visible_to(request.user, model_admin.export_verb)
        self.kept = KeptChoices(request.user, model_admin.opts.label_lower)

    def export(self, chosen: Chosen, *, full: bool) -> Export:
        return Export(self.title, self.source, self.rows, chosen.names, chosen.file_format, full)

    def made(self, export: Export, tell: Callable[[int], None] = lambda count: None) -> bytes:
        """Return the file, once the log says that it goes out."""
        told = {
            "filter": "; ".join(chip["text"] for chip in filter_chips(self.changes)),
            "search": self.admin.search_as_logged(self.request.GET.get(SEARCH_VAR, "")),
        }
        record = self.admin.export_record(self.changes)
        where = {} if record else {"chain": f"user:{self.request.user.pk}"}
        export.log(export.rows.count(), told, record, **where)
        buffer = io.BytesIO()
        export.write(buffer, tell)
        return buffer.getvalue()

    def answer(self, choice: str) -> HttpResponseBase:
        """Answer the page with the kept ``choice`` open in it, or what one of its buttons asks."""
        posted = self.request.POST
        if "delete" in posted:
            self.kept.delete(choice)
            return self._anew()
        form = ExportForm(
            posted or None,
            source=self.source,
            chosen=self.kept.get(choice, self.source),
            choice_name=choice,
        )
        answer = None
        if form.is_valid():
            answer = self._keep(form) if "save" in posted else self._file(form)
        return answer or self._page(form, choice)

    def _file(self, form: ExportForm) -> HttpResponseBase | None:
        """Return the file, or the page where it will be; None where the form has got an error."""
        export = self.export(form.chosen, full=form.cleaned_data["full"])
        count, reason = self.rows.count(), ""
        if export.full:
            reason = self.request.session.get(REASON) or form.cleaned_data["reason"]
            for objection in objections_to_full(self.request.user, self.rows, reason):
                form.add_error("full", objection)
        if count > MOST:
            text = _("More than %(most)s rows do not fit into one file. Filter the list.")
            form.add_error(None, text % {"most": f"{MOST:,}"})
        if form.errors:
            return None
        if reason:
            self.request.session[REASON] = reason
        if count > AT_ONCE:
            return self._make_later(export, form.chosen, count, reason)
        with acting(self.request.user, reason):
            return attachment(export.file_name, self.made(export), export.content_type)

    def _make_later(
        self, export: Export, chosen: Chosen, count: int, reason: str
    ) -> HttpResponseRedirect:
        prepared = PreparedFile.keep(
            self.request.user, export.file_name, export.content_type, b"", all_rows=count
        )
        order = {
            "model": self.admin.opts.label_lower,
            "asked": self.request.GET.urlencode(),
            "chosen": asdict(chosen),
            "full": export.full,
            "reason": reason,
            "language": translation.get_language(),
        }
        make_export.enqueue(prepared.pk, encryption.sealed(json.dumps(order), ORDER))
        return HttpResponseRedirect(reverse("admin:prepared_file_page", args=[prepared.pk]))

    def _keep(self, form: ExportForm) -> HttpResponseBase | None:
        name = form.cleaned_data["choice_name"]
        try:
            self.kept.keep(name, form.chosen)
        except ValidationError as error:
            form.add_error("choice_name", error)
            return None
        text = _("The choice “%(name)s” is kept.") % {"name": name}
        messages.success(self.request, text)
        return self._anew(name)

    def _anew(self, choice: str = "") -> HttpResponseRedirect:
        """Go to the page again, with a choice open in it."""
        asked = self.request.GET.copy()
        if choice:
            asked[CHOICE] = choice
        return HttpResponseRedirect(f"{self.request.path}?{asked.urlencode()}")

    def _page(self, form: ExportForm, choice: str) -> TemplateResponse:
        request, asked = self.request, self.request.GET.urlencode()
        protected = any(column.protected for column in self.source.columns.values())
        context = {
            **self.admin.admin_site.each_context(request),
            "title": _("Export: %(list)s") % {"list": self.title},
            "opts": self.admin.opts,
            "form": form,
            "count": self.rows.count(),
            "chips": filter_chips(self.changes),
            "query": request.GET.get(SEARCH_VAR, ""),
            "list_url": f"{_url(self.admin, 'changelist')}?{asked}",
            "standard_url": f"?{asked}",
            "choices": [
                {"name": name, "url": f"?{asked}&{urlencode({CHOICE: name})}"} for name in self.kept
            ],
            "open_choice": choice if choice in self.kept else "",
            "protected": protected,
            "may_be_full": protected and access.may(request.user, access.EXPORT_FULL),
            "known_reason": request.session.get(REASON, ""),
            "at_once": AT_ONCE,
        }
        return TemplateResponse(request, "admin/export.html", context)


def readable_list(model_admin: Any, request: HttpRequest) -> Any:
    """Return the list as its address asks for it; None where that cannot be read."""
    if any("\x00" in value for value in request.GET.values()):
        return None
    try:
        changes = model_admin.get_changelist_instance(request)
    except UnreadableQuestion:
        return None
    filterset = getattr(changes, "filterset", None)
    return changes if filterset is None or filterset.is_valid() else None


def _url(model_admin: Any, page: str) -> str:
    opts = model_admin.opts
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}")


def _taken_from(request: HttpRequest, name: str) -> str:
    """Take a parameter of ours out of the address, which the list would refuse."""
    asked = request.GET.copy()
    values = asked.pop(name, [""])
    asked.pop(PAGE_VAR, None)
    request.GET = asked  # type: ignore[assignment]
    return str(values[-1])


@task()
def make_export(file_id: int, sealed: str) -> None:
    """Make a file in the background: the list is asked again, as its user may see it by now."""
    prepared = PreparedFile.objects.select_related("user").filter(pk=file_id).first()
    if prepared is None:
        return
    order = json.loads(encryption.opened(sealed, ORDER))
    try:
        with translation.override(order["language"]), acting(prepared.user, order["reason"]):
            prepared.fill(_made_for(prepared, order))
    except BaseException:
        prepared.delete()  # its page then says that there is no such file
        raise


def _made_for(prepared: PreparedFile, order: dict[str, Any]) -> bytes:
    model_admin: Any = admin.site.get_model_admin(apps.get_model(order["model"]))
    request = HttpRequest()
    request.method, request.user = "GET", prepared.user
    request.GET = QueryDict(order["asked"])
    changes = readable_list(model_admin, request)
    if changes is None or not model_admin.may_export(request):
        raise PermissionDenied
    asked = ExportRequest(model_admin, request, changes)
    export = asked.export(Chosen(**order["chosen"]), full=order["full"])
    if export.full:
        rows = export.rows.visible_to(prepared.user, access.EXPORT_FULL)
        export = replace(export, rows=rows)
    return asked.made(export, prepared.tell)
