"""What is wrong with committees today: no secretary, too small, no certificate, a head apart."""

from __future__ import annotations

from collections import Counter

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from branches.rules import roles
from members.admin.asking import AskingForm, asking
from members.admin.doors import address_of
from members.admin.terms.pages import page
from members.models import choices
from members.models.terms.standing import heads_of, looked_at
from members.rules import committees

SHOWN = 100


@require_safe
def committees_page(request: HttpRequest) -> HttpResponse:
    organization, asked = asking(request, AskingForm, roles.VIEW)
    today = timezone.localdate()
    found = looked_at(organization, request.user, today)
    heads = heads_of(organization, request.user, today)
    numbers = Counter(each.code for each in found)
    numbers[committees.HEAD_ELSEWHERE] = len(heads.apart)
    code = request.GET.get("finding", "")
    if code not in committees.FINDINGS:
        code = ""
    labels = dict(choices.body_findings())
    rows = [each for each in found if not code or each.code == code]
    shown = Paginator(rows, SHOWN).get_page(request.GET.get("page", "")[:9])
    secretaries, known = heads.share
    return page(
        request,
        "committees",
        organization,
        "terms_committees",
        asking=asked,
        finding=code,
        tabs=[
            {
                "label": label,
                "number": numbers[each],
                "url": address_of("terms_committees", organization, finding=each),
                "here": each == code,
            }
            for each, label in labels.items()
        ],
        lines=[(each, labels[each.code]) for each in shown],
        shown=shown,
        heads=heads,
        secretaries=secretaries,
        known=known,
        show_heads=code in ("", committees.HEAD_ELSEWHERE),
        query=f"finding={code}",
    )


admin.site.page(  # type: ignore[attr-defined]
    "terms/committees/", committees_page, "terms_committees", roles.VIEW
)
