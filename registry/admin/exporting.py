"""The page “export” of every list: its rows, as it filters and orders them, into a file.

Only rows on which the user has the verb go out, masked; in full only for who may do so on all of
them, with a reason. A large list is made by the worker, and waits for its user as a file.
"""

from __future__ import annotations

import io
import json
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR
from django.core.exceptions import PermissionDenied, ValidationError
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
METHODS = ["GET", "HEAD", "POST"]


class ExportPage:
    """Mixin of an admin. What goes out is its list's columns, unless it names another source."""

    admin_site: Any
    opts: Any
    export_verb: str | None = access.EXPORT

    # What an admin may say of its own

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

    # The list

    def may_export(self, request: HttpRequest) -> bool:
        model_admin: Any = self
        return (
            self.export_verb is not None
            and model_admin.has_view_permission(request)
            and access.may(request.user, self.export_verb)
        )

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = super().changelist_view(request, *args, **kwargs)  # type: ignore[misc]
        context = getattr(response, "context_data", None)
        if context and "cl" in context and self.may_export(request):
            context["export_url"] = self._url("export") + context["cl"].get_query_string(
                remove=[PAGE_VAR]
            )
        return response

    def get_urls(self) -> list[Any]:
        page = path(
            "export/",
            self.admin_site.admin_view(self.export_view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_export",
        )
        return [page, *super().get_urls()]  # type: ignore[misc]

    def _url(self, page: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}")

    # The page

    @method_decorator(require_http_methods(METHODS))
    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        if not self.may_export(request):
            raise PermissionDenied
        open_choice = _taken_from(request, CHOICE)
        changes = self.readable_list(request)
        if changes is None:
            text = _("The filters cannot be read, so nothing was exported. Correct them.")
            messages.error(request, text)
            return HttpResponseRedirect(f"{self._url('changelist')}?{request.GET.urlencode()}")
        kept = KeptChoices(request.user, self.opts.label_lower)
        if "delete" in request.POST:
            kept.delete(open_choice)
            return self._back(request)
        chosen = kept.get(open_choice, self.export_source(request))
        export = self.export(request, changes, chosen)
        form = ExportForm(
            request.POST or None,
            source=export.source,
            chosen=chosen,
            initial={"choice_name": open_choice},
        )
        if form.is_valid():
            answer = self._answer(request, changes, form, kept)
            if answer is not None:
                return answer
        return self._page(request, changes, export, form, kept, open_choice)

    def readable_list(self, request: HttpRequest) -> Any:
        """Return the list as its address asks for it; None where that cannot be read."""
        model_admin: Any = self
        if any("\x00" in value for value in request.GET.values()):
            return None
        try:
            changes = model_admin.get_changelist_instance(request)
        except UnreadableQuestion:
            return None
        filterset = getattr(changes, "filterset", None)
        return changes if filterset is None or filterset.is_valid() else None

    def export(self, request: HttpRequest, changes: Any, chosen: Chosen) -> Export:
        rows = changes.queryset.visible_to(request.user, self.export_verb)
        return Export(
            self.export_title(changes),
            self.export_source(request),
            rows,
            chosen.names,
            chosen.file_format,
        )

    def _answer(
        self, request: HttpRequest, changes: Any, form: ExportForm, kept: KeptChoices
    ) -> HttpResponseBase | None:
        """Return what a valid form gets; None where it has got an error."""
        if "save" in request.POST:
            return self._keep(request, form, kept)
        export = self.export(request, changes, form.chosen)
        count = export.rows.count()
        reason = ""
        if form.cleaned_data["full"]:
            reason = request.session.get(REASON) or form.cleaned_data["reason"]
            export = replace(export, full=True)
            for objection in objections_to_full(request.user, export.rows, reason):
                form.add_error("full", objection)
        if count > MOST:
            text = _("More than %(most)s rows do not fit into one file. Filter the list.")
            form.add_error(None, text % {"most": f"{MOST:,}"})
        if not form.is_valid():
            return None
        if reason:
            request.session[REASON] = reason
        if count > AT_ONCE:
            return self._make_later(request, export, count, reason)
        with acting(request.user, reason):
            data = self.made(request, changes, export)
        return attachment(export.file_name, data, export.content_type)

    def made(self, request: HttpRequest, changes: Any, export: Export, tell: Any = None) -> bytes:
        """Return the file, once the log says that it goes out."""
        record = self.export_record(changes)
        told = {
            "filter": "; ".join(chip["text"] for chip in filter_chips(changes)),
            "search": self.search_as_logged(request.GET.get(SEARCH_VAR, "")),
        }
        where = {} if record else {"chain": f"user:{request.user.pk}"}
        export.log(export.rows.count(), told, record, **where)
        buffer = io.BytesIO()
        export.write(buffer, *([tell] if tell else []))
        return buffer.getvalue()

    def _keep(
        self, request: HttpRequest, form: ExportForm, kept: KeptChoices
    ) -> HttpResponseBase | None:
        name = form.cleaned_data["choice_name"]
        try:
            if not name:
                raise ValidationError(_("Give the choice a name."))
            kept.keep(name, form.chosen)
        except ValidationError as error:
            form.add_error("choice_name", error)
            return None
        messages.success(request, _("The choice “%(name)s” is kept.") % {"name": name})
        return self._back(request, name)

    def _back(self, request: HttpRequest, choice: str = "") -> HttpResponseRedirect:
        """Go to the page anew, with a choice open in it."""
        asked = request.GET.copy()
        if choice:
            asked[CHOICE] = choice
        return HttpResponseRedirect(f"{request.path}?{asked.urlencode()}")

    def _make_later(
        self, request: HttpRequest, export: Export, count: int, reason: str
    ) -> HttpResponseRedirect:
        prepared = PreparedFile.keep(request.user, export.file_name, export.content_type, b"")
        PreparedFile.objects.filter(pk=prepared.pk).update(all_rows=count)
        order = {
            "model": self.opts.label_lower,
            "asked": request.GET.urlencode(),
            "chosen": asdict(Chosen(export.names, export.file_format)),
            "full": export.full,
            "reason": reason,
            "language": translation.get_language(),
        }
        make_export.enqueue(prepared.pk, encryption.sealed(json.dumps(order), ORDER))
        return HttpResponseRedirect(reverse("admin:prepared_file_page", args=[prepared.pk]))

    def _page(
        self,
        request: HttpRequest,
        changes: Any,
        export: Export,
        form: ExportForm,
        kept: KeptChoices,
        open_choice: str,
    ) -> TemplateResponse:
        asked = request.GET.urlencode()
        source = export.source
        protected = any(column.protected for column in source.columns.values())
        choices = [
            {
                "name": name,
                "url": f"?{asked}&{urlencode({CHOICE: name})}",
                "here": name == open_choice,
            }
            for name in kept
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Export: %(list)s") % {"list": export.title},
            "opts": self.opts,
            "form": form,
            "count": export.rows.count(),
            "chips": filter_chips(changes),
            "query": request.GET.get(SEARCH_VAR, ""),
            "list_url": f"{self._url('changelist')}?{asked}",
            "choices": choices,
            "standard_url": f"?{asked}",
            "open_choice": open_choice if open_choice in kept else "",
            "may_be_full": protected and access.may(request.user, access.EXPORT_FULL),
            "protected": protected,
            "known_reason": request.session.get(REASON, ""),
            "at_once": AT_ONCE,
        }
        return TemplateResponse(request, "admin/export.html", context)


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
            prepared.file = _made_for(prepared, order)
            prepared.save(update_fields=["file"])
    except BaseException:
        prepared.delete()  # its page then says that there is no such file
        raise


def _made_for(prepared: PreparedFile, order: dict[str, Any]) -> bytes:
    model_admin: Any = admin.site.get_model_admin(apps.get_model(order["model"]))
    request = HttpRequest()
    request.method, request.user = "GET", prepared.user
    request.GET = QueryDict(order["asked"])  # type: ignore[assignment]
    changes = model_admin.readable_list(request)
    if changes is None or not model_admin.may_export(request):
        raise PermissionDenied
    chosen = Chosen(**order["chosen"])
    export = model_admin.export(request, changes, chosen)
    if order["full"]:
        rows = export.rows.visible_to(prepared.user, access.EXPORT_FULL)
        export = replace(export, rows=rows, full=True)

    def tell(count: int) -> None:
        PreparedFile.objects.filter(pk=prepared.pk).update(done_rows=count)

    made: bytes = model_admin.made(request, changes, export, tell)
    return made
