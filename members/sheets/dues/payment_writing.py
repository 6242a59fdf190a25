"""Payments of an upload into the ledger, branch by branch, and back out of it as reversals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from branches.models import Organization
from branches.models.reorganizing import hold_tree
from members.models import Member, Payment, Taking
from members.sheets.dues.writing import ByVerb, UndoneByVerb
from members.sheets.known import in_chunks
from registry.models.job_rows import Undo
from registry.sentences import Sentence
from registry.sheets.resources import Overtaken
from registry.sheets.rows import StagedRow
from registry.sheets.undoing import failed, kept

_ELSEWHERE = Sentence("It was not taken by one of your branches.")


def taking_of(row: StagedRow) -> Taking:
    """Return the payment that a judged row means."""
    said = row.outcome
    return Taking(
        member_id=said["member"],
        amount=Decimal(said["amount"]),
        paid_on=date.fromisoformat(said["paid_on"]),
        months={date.fromisoformat(month): Decimal(each) for month, each in said["months"].items()},
        kind=said["kind"],
        method=said["method"],
        receipt_number=said["receipt_number"],
    )


class PaymentWriting(ByVerb):
    """Payments on their way into the ledger; those of a branch are booked at once."""

    def write(self) -> None:
        hold_tree(shared=True)
        self._refuse_overtaken()
        by_branch: dict[int, list[StagedRow]] = defaultdict(list)
        for row in self.rows:
            by_branch[row.outcome["organization"]].append(row)
        visible = Organization.objects.visible_to(self.context.user, self.context.verb)
        branches = visible.in_bulk(by_branch)
        booked: dict[int, int] = {}
        for key, rows in sorted(by_branch.items()):
            if key not in branches:
                raise Overtaken
            booked |= self._book(branches[key], rows)
        self.job.founded(booked)

    def _book(self, branch: Organization, rows: Sequence[StagedRow]) -> dict[int, int]:
        """Book the payments of one branch, once for each time that the job is applied."""
        try:
            payments = Payment.take_many(
                branch,
                [taking_of(row) for row in rows],
                self.context.today,
                taken_by=str(self.context.user)[:50] if self.context.user.pk else "",
                form_key=f"sheet {self.job.pk}.{self.job.times_applied} {branch.pk}",
            )
        except ValidationError as error:
            raise Overtaken(" ".join(error.messages)) from error
        return {row.key: each.pk for row, each in zip(rows, payments, strict=True) if row.key}

    def _refuse_overtaken(self) -> None:
        """Nobody has booked anything for these members since the rows were judged."""
        keys = {row.outcome["member"] for row in self.rows}
        latest: dict[int, int] = {}
        for chunk in in_chunks(keys):
            held = Member.objects.select_for_update(of=("self",), no_key=True)
            list(held.filter(pk__in=chunk).order_by("pk").values_list("pk"))
            payments = Payment.objects.filter(member__in=chunk).order_by()
            latest |= dict(payments.values_list("member").annotate(Max("pk")))
        if any(latest.get(row.outcome["member"], 0) != row.outcome["latest"] for row in self.rows):
            raise Overtaken


class PaymentUndoing(UndoneByVerb):
    """Reverses the payments that an upload has booked; those reversed already stay so."""

    def write(self) -> None:
        hold_tree(shared=True)
        mine = Payment.objects.visible_to(self.context.user, self.context.verb)
        keys = [row.target_id or 0 for row in self.rows]
        payments: dict[int, Payment] = {}
        for chunk in in_chunks(keys):
            payments |= mine.select_related("member", "organization").in_bulk(chunk)
        reason = _("Upload %(job)s taken back") % {"job": self.job}
        for row in self.rows:
            if row.key:
                self.results[row.key] = self._take_back(
                    row, payments.get(row.target_id or 0), reason
                )

    def _take_back(
        self, row: StagedRow, payment: Payment | None, reason: str
    ) -> tuple[str, Sentence | None]:
        if payment is None:
            return failed(str(row.values.get("name", "")), _ELSEWHERE)
        if Payment.objects.filter(reverses=payment).exists():
            return kept(str(payment), None)
        try:
            payment.reverse(reason, self.context.today)
        except ValidationError as error:
            return failed(str(payment), " ".join(error.messages))
        return Undo.RESTORED, None
