"""Hands out a prepared file to the one user for whom it was made."""

from __future__ import annotations

from django.contrib import admin
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry import access
from registry.downloads import attachment
from registry.models import PreparedFile


@require_safe
def prepared_file(request: HttpRequest, file_id: int) -> HttpResponseBase:
    """The file as a download; somebody else's does not exist."""
    kept = PreparedFile.objects.visible_to(request.user).made().filter(pk=file_id).first()
    if kept is None:
        raise _missing()
    return attachment(kept.name, bytes(kept.file), kept.content_type)


@require_safe
def prepared_file_page(request: HttpRequest, file_id: int) -> HttpResponseBase:
    """How far a large file is, and the way to it when it is there."""
    mine = PreparedFile.objects.visible_to(request.user).filter(pk=file_id)
    kept = mine.defer("file").first()
    if kept is None:
        raise _missing()
    context = {
        **admin.site.each_context(request),
        "title": kept.name,
        "kept": kept,
        "is_there": mine.made().exists(),
    }
    return TemplateResponse(request, "admin/prepared_file.html", context)


def _missing() -> Http404:
    return Http404(_("There is no such file, or it has been erased. Make it again."))


admin.site.page(  # type: ignore[attr-defined]
    "files/<int:file_id>/page/", prepared_file_page, "prepared_file_page", access.VIEW
)
admin.site.page(  # type: ignore[attr-defined]
    "files/<int:file_id>/", prepared_file, "prepared_file", access.VIEW
)
