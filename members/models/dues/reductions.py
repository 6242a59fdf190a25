"""Reductions (减免): months in which a member pays less, nothing, or to somebody else."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models import choices
from members.models.dues.bases import OfMembers
from members.models.dues.months import ends_after_it_begins, kept_as_month
from members.models.members import Member
from members.rules.dues import PAID_ELSEWHERE, REDUCED
from members.rules.dues_months import written
from registry.models import Record
from registry.money import ZERO, YuanField


class Reduction(Record):
    """An approved reduction of one member, from one month up to, not including, another.

    Only who pays elsewhere may do so without a known end. Written by the verbs of ``assessing``.
    """

    member = models.ForeignKey(
        Member, models.CASCADE, related_name="reductions", verbose_name=_("member")
    )
    month_from = models.DateField(_("from month"))
    month_until = models.DateField(
        _("until month"), null=True, blank=True, help_text=_("The first month after it.")
    )
    kind = models.CharField(_("kind of reduction"), max_length=20, choices=choices.reduction_kinds)
    amount = YuanField(
        _("reduced to"), default=ZERO, help_text=_("Yuan a month; 0 unless it is only reduced.")
    )
    approved_by = models.CharField(_("approved by"), max_length=100)
    approved_on = models.DateField(_("approved on"))
    reason = models.CharField(_("reason"), max_length=200)

    objects = OfMembers.as_manager()

    class Meta:
        verbose_name = _("reduction of dues")
        verbose_name_plural = _("reductions of dues")
        ordering = ["member", "month_from"]
        indexes = [models.Index(fields=["month_until", "month_from"], name="reduction_by_month")]
        constraints = [
            kept_as_month("reduction_from_a_month", "month_from"),
            kept_as_month("reduction_until_a_month", "month_until"),
            ends_after_it_begins("reduction_ends_after_it_begins"),
            models.CheckConstraint(
                name="reduction_to_an_amount",
                condition=Q(kind=REDUCED, amount__gt=ZERO) | ~Q(kind=REDUCED) & Q(amount=ZERO),
                violation_error_message=_(
                    "A reduction says to which amount; an exemption has none."
                ),
            ),
            models.CheckConstraint(
                name="reduction_for_a_period",
                condition=Q(month_until__isnull=False) | Q(kind=PAID_ELSEWHERE),
                violation_error_message=_("A reduction is approved for a period. Name its end."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {written(self.month_from)}: {self.get_kind_display()}"

    @property
    def log_chain(self) -> str:
        return self.member.log_chain
