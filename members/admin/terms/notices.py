"""The letters that were sent about elections, each to be printed again."""

from __future__ import annotations

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.views.decorators.http import require_safe

from branches.rules import roles
from members.admin.asking import AskingForm, asking, record_to
from members.admin.doors import address_of
from members.admin.rosters import paper_response
from members.admin.terms.pages import page
from members.models import Notice
from members.papers.terms.notices import FORMS, print_notices
from registry.models import acting
from registry.papers.compiling import PaperError

SHOWN = 100


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    organization, asked = asking(request, AskingForm, roles.VIEW)
    below = Q(
        organization__path__gte=organization.path, organization__path__lt=organization.end_path
    )
    rows = Notice.objects.visible_to(request.user).filter(below | Q(issuer=organization))
    rows = rows.select_related("organization", "issuer", "issued_by").prefetch_related("lines")
    shown = Paginator(rows.order_by("-issued_on", "-number", "pk"), SHOWN).get_page(
        request.GET.get("page", "")[:9]
    )
    return page(
        request,
        "notices",
        organization,
        "terms_notices",
        asking=asked,
        notices=list(shown),
        shown=shown,
        query="",
        forms=FORMS,
    )


@require_safe
def notice_file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """One letter once more, as it was sent."""
    rows = Notice.objects.select_related("organization", "issuer")
    notice = record_to(request, roles.PRINT, rows, pk)
    back = HttpResponseRedirect(address_of("terms_notices", notice.organization))
    if form not in FORMS:
        messages.error(request, _now("This paper has no form “%(form)s”.") % {"form": form[:20]})
        return back
    try:
        with acting(request.user, ""):
            return paper_response(
                print_notices([notice], notice.organization, form, timezone.localtime())
            )
    except PaperError as error:
        messages.error(request, f"{error}")
        return back


admin.site.page(  # type: ignore[attr-defined]
    "terms/notices/", notices, "terms_notices", roles.VIEW
)
admin.site.page(  # type: ignore[attr-defined]
    "terms/notices/<int:pk>/<str:form>/", notice_file, "terms_notice", roles.PRINT
)
