"""换届提醒函 and 督办: what an office has sent about elections that are due or overdue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, in_scopes, may, scopes
from branches.rules import roles
from members.models import choices
from members.models.terms.terms import OfOrganizations, Term
from members.rules import terms
from registry.language import said
from registry.models import Counter, Record

TOLD = 20  # of many with the same objection so many are named


class NoticeQuerySet(OfOrganizations):
    """A notice is seen by who sent it and by who got it."""

    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Any:
        ranges = scopes(user, verb)
        return self.filter(in_scopes(ranges, "issuer__path") | in_scopes(ranges, self.at))


class Notice(Record):
    """One letter to one organisation, under its number of the issuer's year; never changed."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="notices_got", verbose_name=_("organisation")
    )
    kind = models.CharField(_("kind of notice"), max_length=20, choices=choices.notice_kinds)
    issuer = models.ForeignKey(
        Organization, models.PROTECT, related_name="notices_sent", verbose_name=_("issued by")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    issued_on = models.DateField(_("issued on"))
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
        ordering = ["-issued_on", "issuer", "kind", "-number"]
        constraints = [
            models.UniqueConstraint(
                name="notice_number_once_per_year", fields=["issuer", "kind", "year", "number"]
            ),
            models.UniqueConstraint(
                name="notice_once_per_day", fields=["organization", "kind", "issuer", "issued_on"]
            ),
        ]

    def __str__(self) -> str:
        return f"〔{self.year}〕{self.number}号"

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"

    @classmethod
    @transaction.atomic
    def issue(
        cls, chosen: Sequence[Term], kind: str, issuer: Organization, on: date, *, by: Any
    ) -> list[Notice]:
        """Issue a notice to each organisation of ``chosen`` about all its terms among them, and
        return them in the order of the tree.

        What was issued on the same day comes back as it is. Raises ValidationError with every
        objection, and then none is issued.
        """
        if not may(by, roles.ISSUE, issuer.path):
            text = _now("Notices of %(issuer)s are issued by its clerks. Ask one of them.")
            raise ValidationError(text % {"issuer": issuer})
        rows = Term.objects.select_for_update(of=("self",), no_key=True).with_due(on).on(on)
        asked = {term.pk for term in chosen}
        held = rows.filter(pk__in=asked).select_related("organization")
        found = list(held.order_by("organization__path", "body"))
        _refuse(found, kind, issuer, on, missing=len(found) < len(asked))
        by_organization: dict[Organization, list[Any]] = {}
        for term in found:
            by_organization.setdefault(term.organization, []).append(term)
        sent = cls.objects.filter(organization__in=by_organization, kind=kind, issuer=issuer)
        there = {each.organization_id: each for each in sent.filter(issued_on=on)}
        fresh = [each for each in by_organization if each.pk not in there]
        numbers = Counter.take(f"notice_{kind}:{issuer.pk}:{on.year}", len(fresh))
        for organization, number in zip(fresh, numbers, strict=True):
            notice = cls(
                organization=organization,
                kind=kind,
                issuer=issuer,
                year=on.year,
                number=number,
                issued_on=on,
                issued_by=by if getattr(by, "pk", None) else None,
            )
            notice.save()
            there[organization.pk] = notice
            for term in by_organization[organization]:
                NoticeLine(notice=notice, term=term, due_on=term.due_then).save()
        return [there[organization.pk] for organization in by_organization]


class NoticeLine(Record):
    """A term that a notice names, with its due day as it was known then."""

    notice = models.ForeignKey(
        Notice, models.CASCADE, related_name="lines", verbose_name=_("notice of an election")
    )
    term = models.ForeignKey(
        Term, models.PROTECT, related_name="notices", verbose_name=_("term of office")
    )
    due_on = models.DateField(_("due on"))

    class Meta:
        verbose_name = _("line of a notice")
        verbose_name_plural = _("lines of notices")
        ordering = ["notice", "term__body"]
        constraints = [
            models.UniqueConstraint(name="notice_names_a_term_once", fields=["notice", "term"])
        ]

    def __str__(self) -> str:
        return f"{self.notice}: {self.term}"

    @property
    def log_chain(self) -> str:
        return self.notice.log_chain


def _refuse(
    found: Sequence[Any], kind: str, issuer: Organization, on: date, *, missing: bool
) -> None:
    errors: list[str] = []
    if not found and not missing:
        errors.append(_now("Nothing is chosen. Choose the terms that the notices are of."))
    if missing:
        text = _now("A term that was chosen does not run on %(day)s. Open the list again.")
        errors.append(text % {"day": on})
    outside = [
        f"{term.organization}"
        for term in found
        if not issuer.path < term.organization.path < issuer.end_path
    ]
    if outside:
        text = _now("%(names)s: not below %(issuer)s. Take them out of the selection.")
        names = "、".join(dict.fromkeys(outside[:TOLD]))
        errors.append(text % {"names": names, "issuer": issuer})
    errors += [
        said(sentence)
        for term in found
        for sentence in terms.notice_objections(kind, f"{term.organization}", term.due_then, on)
    ][:TOLD]
    if errors:
        raise ValidationError(errors)


def latest_of(keys: Sequence[int], user: Any) -> dict[int, Notice]:
    """Return the last notice about each of these terms that ``user`` may see."""
    seen = Notice.objects.visible_to(user)
    lines = NoticeLine.objects.filter(term__in=keys, notice__in=seen).select_related("notice")
    return {each.term_id: each.notice for each in lines.order_by("notice__issued_on", "notice")}
