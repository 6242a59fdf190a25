"""Hands out a prepared file to the one user for whom it was made."""

from __future__ import annotations

from django.contrib import admin
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry import access
from registry.downloads import attachment
from registry.models import PreparedFile


@require_safe
def prepared_file(request: HttpRequest, file_id: int) -> HttpResponseBase:
    """The file as a download; somebody else's does not exist."""
    kept = PreparedFile.objects.visible_to(request.user).filter(pk=file_id).first()
    if kept is None:
        raise Http404(_("There is no such file, or it has been erased. Make it again."))
    return attachment(kept.name, bytes(kept.file), kept.content_type)


admin.site.page(  # type: ignore[attr-defined]
    "files/<int:file_id>/", prepared_file, "prepared_file", access.VIEW
)
