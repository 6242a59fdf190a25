"""The receipt of one payment, as a file."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.views.decorators.http import require_safe

from branches.rules import roles
from members.admin.rosters import paper_response
from members.models import Payment
from members.papers.dues.receipt import RECEIPT
from members.papers.printing import print_paper
from registry.papers.catalogue import Asked
from registry.papers.writing import PDF


@require_safe
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt of a payment that a branch of the user has taken, and that holds."""
    payments = Payment.objects.visible_to(request.user, roles.VIEW_DUES)
    payment = payments.select_related("member").filter(pk=pk).first()
    if payment is None:
        raise Http404(_now("There is no such payment."))
    asked = Asked(
        day=timezone.localdate(),
        reader=request.user,
        printed_by=f"{request.user}",
        at=timezone.localtime(),
        more={"payment": payment.pk},
    )
    try:
        return paper_response(print_paper(RECEIPT, payment.member, asked, PDF))
    except ValidationError as error:
        raise Http404(" ".join(error.messages)) from error


admin.site.page(  # type: ignore[attr-defined]
    "dues/receipts/<int:pk>/", receipt, "dues_receipt", roles.VIEW_DUES
)
