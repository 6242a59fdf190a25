"""Terms of office (任期): of which body, since when, until when, postponed by whom."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import DateField, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, in_scopes, scopes
from branches.rules import roles, tree
from members.models import choices
from members.rules import offices, terms
from registry.language import refuse
from registry.models import Record, VersionedRecord
from registry.sentences import Sentence


class OfOrganizations(models.QuerySet[Any]):
    """Rows that belong to an organisation and go with it through the tree."""

    at = "organization__path"

    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        return self.filter(in_scopes(scopes(user, verb), self.at))

    def under(self, top: Organization) -> Self:
        """The rows of ``top`` and everything below it."""
        ends = tree.end_of(top.path)
        return self.filter(**{f"{self.at}__gte": top.path, f"{self.at}__lt": ends})


class TermQuerySet(OfOrganizations):
    def on(self, day: date) -> Self:
        """The terms that run on ``day``: at most one of each body."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day), began_on__lte=day)

    def with_due(self, day: date) -> Self:
        """These terms with ``due_then``: the due day as it was known on ``day``."""
        known = Postponement.objects.filter(term=OuterRef("pk"), approved_on__lte=day)
        latest = known.order_by("-until").values("until")[:1]
        return self.annotate(
            due_then=Coalesce(Subquery(latest), F("due_on"), output_field=DateField())
        )


class Term(VersionedRecord):
    """One term of a body of an organisation; ``due_on`` follows from its beginning and length."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="terms", verbose_name=_("organisation")
    )
    body = models.CharField(
        _("body"), max_length=20, choices=choices.elected_bodies, default=offices.COMMITTEE
    )
    began_on = models.DateField(_("began on"))
    years = models.PositiveSmallIntegerField(
        _("length in years"), null=True, blank=True, help_text=_("Empty for an appointed body.")
    )
    due_on = models.DateField(_("due on"), null=True, editable=False)
    ended_on = models.DateField(
        _("ended on"), null=True, blank=True, editable=False, help_text=_("The first day after it.")
    )
    document = models.CharField(_("document number"), max_length=100, blank=True)

    objects = TermQuerySet.as_manager()

    unlogged = frozenset({"version", "due_on"})

    class Meta:
        verbose_name = _("term of office")
        verbose_name_plural = _("terms of office")
        ordering = ["organization", "body", "began_on"]
        indexes = [models.Index(fields=["organization", "body", "began_on"], name="term_of_body")]
        constraints = [
            models.CheckConstraint(
                name="term_of_two_to_five_years",
                condition=Q(years__isnull=True)
                | Q(years__gte=terms.SHORTEST, years__lte=terms.LONGEST),
                violation_error_message=_("A term lasts two to five years. Check its length."),
            ),
            models.CheckConstraint(
                name="term_is_due_where_it_has_a_length",
                condition=Q(years__isnull=True, due_on__isnull=True)
                | Q(years__isnull=False, due_on__isnull=False),
            ),
            models.CheckConstraint(
                name="term_ends_after_it_begins",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gt=F("began_on")),
                violation_error_message=_("A term ends after it begins. Check both days."),
            ),
            models.UniqueConstraint(
                name="term_runs_once",
                fields=["organization", "body"],
                condition=Q(ended_on__isnull=True),
                violation_error_message=_("A term of this body runs already. End it first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.get_body_display()} {self.began_on}"

    # Verbs

    @classmethod
    @transaction.atomic
    def begin(
        cls,
        organization: Organization,
        body: str,
        began_on: date,
        years: int | None,
        today: date,
        *,
        document: str = "",
    ) -> Self:
        """Enter a term, and end the one before on the same day.

        Raises ValidationError with every objection.
        """
        term = cls(
            organization=organization, body=body, began_on=began_on, years=years, document=document
        )
        held = hold(organization)
        before = term.before()
        refuse(terms.objections(term.as_new(), term.seat(held, before), today))
        if before is not None and before.ended_on is None:
            before.ended_on = began_on
            before.save()
        term.due_on = terms.due_on(began_on, years)
        term.full_clean()
        term.save()
        return term

    def warnings(self, today: date) -> list[Sentence]:
        """Return what speaks against this new term, errors and warnings, before it is entered."""
        organization = Organization.objects.get(pk=self.organization_id)
        return terms.objections(self.as_new(), self.seat(organization, self.before()), today)

    @transaction.atomic
    def postpone(
        self, until: date, approved_by: str, approved_on: date, today: date, *, document: str = ""
    ) -> Postponement:
        """Put the election off to ``until``, as the superior has approved; over a year warns."""
        hold(self.organization)
        self.refresh_from_db()
        refuse(self.postponing(until, approved_by, approved_on, today))
        postponement = Postponement(
            term=self,
            until=until,
            approved_by=approved_by,
            approved_on=approved_on,
            document=document,
        )
        postponement.full_clean()
        postponement.save()
        return postponement

    def postponing(
        self, until: date, approved_by: str, approved_on: date, today: date
    ) -> list[Sentence]:
        """Return what speaks against a postponement, errors and warnings."""
        running = terms.Running(self.began_on, self.due_on, self.due(), self.ended_on)
        return terms.postponing_objections(running, until, approved_by, approved_on, today)

    @transaction.atomic
    def end(self, on: date, today: date) -> None:
        """End it without another, as where the body is done away with; ``on`` is the first day
        without it."""
        hold(self.organization)
        self.refresh_from_db()
        errors: dict[str, str] = {}
        words = {"day": on, "began": self.began_on, "ended": self.ended_on}
        if self.ended_on is not None:
            errors["__all__"] = _now("It ended on %(ended)s already.") % words
        if on > today:
            errors["on"] = _now("%(day)s is still to come. Enter it on that day.") % words
        if on <= self.began_on:
            text = _now("It began on %(began)s. Choose a later day than %(day)s.")
            errors["on"] = text % words
        if errors:
            raise ValidationError(errors)
        self.ended_on = on
        self.save()

    @transaction.atomic
    def withdraw(self) -> None:
        """Take back a term that was entered by mistake; the one before runs on."""
        hold(self.organization)
        if self.later().exists():
            raise ValidationError(_now("A later term follows. Withdraw the latest one first."))
        if self.notices.exists():
            raise ValidationError(
                _now("A notice was sent about it, which names its days. End the term instead.")
            )
        before, began_on = self.before(), self.began_on
        for each in self.postponements.all():
            each.delete()
        self.delete()
        if before is not None and before.ended_on == began_on:
            before.ended_on = None
            before.save()

    # Answers

    def due(self, day: date | None = None) -> date | None:
        """Return the day on which the election is due, as it was known on ``day`` or is now."""
        known = self.postponements.all()
        if day is not None:
            known = known.filter(approved_on__lte=day)
        latest = known.order_by("-until").first()
        return latest.until if latest else self.due_on

    def before(self) -> Term | None:
        """The latest term of this body that was entered, other than this one."""
        rows = Term.objects.filter(organization=self.organization, body=self.body)
        return rows.exclude(pk=self.pk).order_by("began_on").last()

    def later(self) -> TermQuerySet:
        return Term.objects.filter(
            organization=self.organization, body=self.body, began_on__gt=self.began_on
        )

    def as_new(self) -> terms.NewTerm:
        return terms.NewTerm(self.body, self.began_on, self.years)

    def seat(self, organization: Organization, before: Term | None) -> terms.Seat:
        """Return what the organisation was on the first day of the term, for the rules."""
        then = organization.on(self.began_on) or organization
        runs_on = before is not None and before.ended_on is None
        return terms.Seat(
            kind=then.kind,
            sort=then.sort,
            founded_on=organization.founded_on,
            dissolved_on=organization.dissolved_on,
            last_began_on=before.began_on if before else None,
            last_due_on=before.due() if before and runs_on else None,
        )

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"


class PostponementQuerySet(OfOrganizations):
    at = "term__organization__path"


class Postponement(Record):
    """An election put off with the superior's approval; the latest one holds."""

    term = models.ForeignKey(
        Term, models.CASCADE, related_name="postponements", verbose_name=_("term of office")
    )
    until = models.DateField(_("postponed to"))
    approved_by = models.CharField(_("approved by"), max_length=100)
    approved_on = models.DateField(_("approved on"))
    document = models.CharField(_("document number"), max_length=100, blank=True)

    objects = PostponementQuerySet.as_manager()

    class Meta:
        verbose_name = _("postponement of an election")
        verbose_name_plural = _("postponements of elections")
        ordering = ["term", "until"]
        constraints = [
            models.UniqueConstraint(
                name="postponed_once_to_a_day",
                fields=["term", "until"],
                violation_error_message=_("It is postponed to this day already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.term} → {self.until}"

    @property
    def log_chain(self) -> str:
        return self.term.log_chain


def hold(organization: Organization) -> Organization:
    """Lock an organisation until the transaction ends: two terms at a time, each sound by itself,
    would both run. Returns it as it is now."""
    rows = Organization.objects.select_for_update(no_key=True)
    return rows.get(pk=organization.pk)
