"""换届提醒函 and 督办: what an office has sent about elections that are due or overdue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, in_scopes, may, scopes
from branches.rules import roles
from members.models import choices
from members.models.terms.terms import OfOrganizations, Term
from members.rules import terms
from registry.language import refuse
from registry.models import Counter, Record


class NoticeQuerySet(OfOrganizations):
    """A notice is seen by who sent it and by who got it."""

    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Any:
        ranges = scopes(user, verb)
        return self.filter(
            in_scopes(ranges, "issuer__path") | in_scopes(ranges, "term__organization__path")
        )


class Notice(Record):
    """One letter about one term, under its number of the issuer's year; never changed."""

    term = models.ForeignKey(
        Term, models.PROTECT, related_name="notices", verbose_name=_("term of office")
    )
    kind = models.CharField(_("kind of notice"), max_length=20, choices=choices.notice_kinds)
    issuer = models.ForeignKey(
        Organization, models.PROTECT, related_name="term_notices", verbose_name=_("issued by")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    issued_on = models.DateField(_("issued on"))
    due_on = models.DateField(_("due on"))  # as it was known then: the letter names it
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made out by"),
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice of an election")
        verbose_name_plural = _("notices of elections")
        ordering = ["issuer", "-year", "-number"]
        constraints = [
            models.UniqueConstraint(
                name="term_notice_number_once_per_year", fields=["issuer", "year", "number"]
            ),
            models.UniqueConstraint(
                name="term_notice_once_per_day", fields=["term", "kind", "issuer", "issued_on"]
            ),
        ]

    def __str__(self) -> str:
        return f"〔{self.year}〕{self.number}号"

    @property
    def log_chain(self) -> str:
        return f"organization:{self.term.organization_id}"

    @classmethod
    @transaction.atomic
    def issue(
        cls, chosen: Sequence[Term], kind: str, issuer: Organization, on: date, *, by: Any
    ) -> list[Notice]:
        """Issue a notice about each of ``chosen`` and return them in their order.

        What was issued on the same day comes back as it is. Raises ValidationError with every
        objection, and then none is issued.
        """
        if not may(by, roles.ISSUE, issuer.path):
            text = _now("Notices of %(issuer)s are issued by its clerks. Ask one of them.")
            raise ValidationError(text % {"issuer": issuer})
        rows = Term.objects.select_for_update(of=("self",), no_key=True).with_due(on).on(on)
        keys = [term.pk for term in chosen]
        held = {each.pk: each for each in rows.filter(pk__in=keys).select_related("organization")}
        _refuse([held.get(key) for key in keys], kind, issuer, on)
        there = {
            each.term_id: each
            for each in cls.objects.filter(term__in=held, kind=kind, issuer=issuer, issued_on=on)
        }
        fresh = [held[key] for key in keys if key not in there]
        name = f"term_{kind}:{issuer.pk}:{on.year}"
        for term, number in zip(fresh, Counter.take(name, len(fresh)), strict=True):
            notice = cls(
                term=term,
                kind=kind,
                issuer=issuer,
                year=on.year,
                number=number,
                issued_on=on,
                due_on=term.due_then,
                issued_by=by if getattr(by, "pk", None) else None,
            )
            notice.save()
            there[term.pk] = notice
        return [there[key] for key in keys]


def _refuse(held: Sequence[Any], kind: str, issuer: Organization, on: date) -> None:
    if not held:
        raise ValidationError(_now("Nothing is chosen. Choose the terms that the notices are of."))
    if None in held:
        text = _now("A term that was chosen does not run on %(day)s. Open the list again.")
        raise ValidationError(text % {"day": on})
    outside = [
        term.organization
        for term in held
        if not issuer.path < term.organization.path < issuer.end_path
    ]
    if outside:
        text = _now("%(names)s do not stand below %(issuer)s. Take them out of the selection.")
        raise ValidationError(text % {"names": "、".join(map(str, outside[:20])), "issuer": issuer})
    refuse(
        sentence
        for term in held
        for sentence in terms.notice_objections(kind, f"{term.organization}", term.due_then, on)
    )


def latest_of(keys: Sequence[int], user: Any) -> dict[int, Notice]:
    """Return the last notice about each of these terms that ``user`` may see."""
    rows = Notice.objects.visible_to(user).filter(Q(term__in=keys)).order_by("issued_on", "pk")
    return {each.term_id: each for each in rows}
