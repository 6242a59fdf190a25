"""The letters as files: one with lines to write on, or with full numbers for a reason."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.views.decorators.http import require_http_methods

from branches.rules import roles
from members.admin.rosters import LONGEST_REASON, paper_response
from members.admin.transfers.pages import address_of
from members.models import Transfer
from members.papers.transfers.letters import print_letters
from registry.models import acting
from registry.papers.catalogue import Asked
from registry.papers.compiling import PaperError


def printed(
    request: HttpRequest, chosen: Sequence[Transfer], *, reason: str | None = None
) -> HttpResponse:
    """Return the letters of ``chosen``, with full numbers where a ``reason`` is given.

    The caller has made sure that the user may print them so. Raises ValidationError for one that
    was not issued, and for full numbers without a reason.
    """
    in_full = reason is not None
    reason = (reason or "").strip()[:LONGEST_REASON]
    if in_full and not reason:
        raise ValidationError(_now("Say what the full numbers are needed for."))
    at = timezone.localtime()
    asked = Asked(
        day=at.date(),
        reader=request.user,
        printed_by=f"{request.user}",
        at=at,
        in_full=in_full,
        reason=reason,
    )
    with acting(request.user, reason):
        try:
            return paper_response(print_letters(chosen, asked))
        except PaperError as error:
            raise ValidationError(f"{error}") from None


@require_http_methods(["GET", "HEAD", "POST"])
def letter_file(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter: by GET with lines where the numbers go, by POST in full and for a reason."""
    in_full = request.method == "POST"
    rows = Transfer.objects.given_by(request.user, roles.PRINT).with_people()
    transfer = get_object_or_404(rows, pk=pk)
    may_open = Transfer.objects.given_by(request.user, roles.EXPORT_FULL).filter(pk=pk).exists()
    if in_full and not may_open:
        raise PermissionDenied
    try:
        return printed(
            request, [transfer], reason=request.POST.get("reason", "") if in_full else None
        )
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return HttpResponseRedirect(address_of(transfer))


admin.site.page(  # type: ignore[attr-defined]
    "transfers/<int:pk>/letter/", letter_file, "transfer_letter", roles.PRINT
)
