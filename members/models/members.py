"""Members and the verbs by which they come, move and go."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.models import Organization, PartyGroup, in_scopes, scopes
from branches.rules import hierarchy, roles
from members.models import choices
from members.models.dues.standings import DuesStanding
from members.models.findings import Finding
from members.models.headcounts import Headcount, Shift, on_roll_now
from members.models.people import Person
from members.models.standing.leaving import ComesAndGoes
from members.models.standing.questions import StandingQuestions
from members.rules import membership, placements
from members.rules.codes import FULL, PROBATIONARY
from registry.fields import PartialDateField
from registry.language import refuse
from registry.models import ChainHead, Counter

NUMBER = "member"


class MemberQuerySet(StandingQuestions):
    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        """The members on whose branch ``user`` has ``verb``; wrong entries among them."""
        return self.filter(in_scopes(scopes(user, verb), "organization__path"))

    def on_roll(self) -> Self:
        """Who is on the roll now. For a past day ask the stays: ``Placement.objects.on(day)``."""
        return self.filter(on_roll_now())

    def under(self, organization: Organization) -> Self:
        """Members of ``organization`` and of everything below it, now."""
        return self.filter(
            organization__path__gte=organization.path, organization__path__lt=organization.end_path
        )

    def in_roster_order(self) -> Self:
        return self.order_by("organization__path", "display_order", "pk")

    def last_place_in(self, organization: Organization) -> int:
        """Return the place behind everybody in the branch; 0 where its clerk keeps no order.

        Without one the roster goes by posts, and whoever has no place stands behind the others.
        """
        last = self.filter(organization=organization).aggregate(last=Max("display_order"))["last"]
        return last + 1 if last else 0


class Member(ComesAndGoes, Person):
    """A member on the register. Never deleted: who goes, leaves for a reason."""

    number = models.CharField(_("number"), max_length=12, unique=True, editable=False)
    staff_number = models.CharField(
        _("staff number"), max_length=30, blank=True, help_text=_("As the office's own lists know.")
    )
    kind = models.CharField(
        pgettext_lazy("member", "kind"), max_length=20, choices=choices.kinds, default=FULL
    )
    category = models.CharField(
        _("category"), max_length=20, choices=choices.categories, default="in_service"
    )
    joined_on = PartialDateField(
        _("joined"),
        null=True,
        blank=True,
        help_text=_("The day of the branch assembly that accepted."),
    )
    full_member_on = PartialDateField(_("full member since"), null=True, blank=True)
    probation_extended_by = models.PositiveSmallIntegerField(
        _("probation extended by"), default=0, db_default=0, help_text=_("In months.")
    )
    party_age_correction = models.SmallIntegerField(
        _("correction of the Party age"), default=0, help_text=_("Months, with their sign.")
    )
    joined_in = models.CharField(_("joined in branch"), max_length=100, blank=True)
    sponsors = models.CharField(_("sponsors"), max_length=100, blank=True)
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="members",
        verbose_name=_("branch"),
        limit_choices_to={"kind": hierarchy.BRANCH, "dissolved_on__isnull": True},
    )
    party_group = models.ForeignKey(
        PartyGroup,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("Party group"),
    )
    file_kept_at = models.CharField(_("personnel file kept at"), max_length=100, blank=True)
    floating = models.BooleanField(_("floating"), default=False)
    floating_to = models.CharField(_("floating to"), max_length=100, blank=True)
    lost_contact_since = PartialDateField(_("contact lost since"), null=True, blank=True)
    lost_contact_reason = models.CharField(
        _("why contact was lost"),
        max_length=20,
        blank=True,
        default="",
        db_default="",
        editable=False,
        choices=choices.lost_reasons,
    )
    hardship = models.BooleanField(_("in hardship"), default=False)
    display_order = models.PositiveIntegerField(_("order"), default=0)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    left_on = models.DateField(_("left on"), null=True, editable=False)
    suspended_on = models.DateField(_("suspended on"), null=True, editable=False)
    leaving_reason = models.CharField(
        _("reason for leaving"),
        max_length=30,
        blank=True,
        editable=False,
        choices=choices.leaving_reasons,
    )
    wrong_entry_reason = models.CharField(
        _("why the entry was wrong"), max_length=200, blank=True, editable=False
    )

    former = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="later",
        verbose_name=_("former record"),
    )
    # On the former record: its ID number is free for the later one from then on.
    readmitted_on = models.DateField(_("admitted anew on"), null=True, editable=False)

    objects = MemberQuerySet.as_manager()

    class Meta(Person.Meta):
        verbose_name = _("member")
        verbose_name_plural = _("members")
        indexes = [
            *Person.Meta.indexes,
            models.Index(
                fields=["organization", "display_order", "id"],
                name="member_in_roster_order",
            ),
            models.Index(
                fields=["organization", "kind"],
                condition=on_roll_now(),
                name="member_on_roll_by_branch",
            ),
            # Few of many: without these the lists of standing would read everybody.
            models.Index(
                fields=["lost_contact_since"],
                condition=Q(lost_contact_since__isnull=False),
                name="member_out_of_touch",
            ),
            models.Index(
                fields=["suspended_on"],
                condition=Q(suspended_on__isnull=False),
                name="member_suspended",
            ),
            models.Index(
                fields=["organization"], condition=Q(floating=True), name="member_floating"
            ),
            models.Index(fields=["staff_number"], name="member_by_staff_number"),
            models.Index(fields=["joined_on"], name="member_by_joining"),
            models.Index(fields=["born_on"], name="member_by_birth"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="member_id_number_once",
                fields=["id_digest"],
                condition=~Q(id_digest="") & Q(wrong_entry=False, readmitted_on__isnull=True),
                violation_error_message=_(
                    "This ID number is registered already. Look for the person before you add one."
                ),
            ),
            models.CheckConstraint(
                name="member_left_with_a_reason",
                condition=Q(left_on__isnull=True, suspended_on__isnull=True)
                | ~Q(leaving_reason=""),
                violation_error_message=_("Whoever leaves does so for a reason. Choose one."),
            ),
        ]

    def clean(self) -> None:
        super().clean()
        if self.lost_contact_since is None:
            self.lost_contact_reason = ""
        group = self.party_group
        if group and self.organization_id and group.organization_id != self.organization_id:
            raise ValidationError(
                {"party_group": _("This Party group is part of another branch. Choose again.")}
            )

    def check_facts(self, on: date) -> None:
        """Raise ValidationError with every error of the rules about this record, as of ``on``."""
        refuse(membership.objections(self.facts(), on))

    # Verbs

    @transaction.atomic
    def admit(self, on: date, *, began: str = "opening", today: date | None = None) -> None:
        """Enter this new member into his branch from ``on``, under a new number."""
        self.organization = self._held(self.organization)
        self._refuse_place(self.organization, on)
        self.number = self.number or number_of(Counter.take(NUMBER)[0])
        self.full_clean()
        self.check_facts(today or on)
        self.display_order = self.display_order or Member.objects.last_place_in(self.organization)
        self.save()
        self.placements.create(organization=self.organization, placed_from=on, began=began)
        self.review(today or on)
        Headcount.add(self._shift(self.organization, 1))

    @transaction.atomic
    def correct(self, on: date) -> None:
        """Save what a clerk has corrected on ``on``, and look for what is odd in it."""
        self._held()
        before = type(self).objects.get(pk=self.pk)
        if before.organization_id != self.organization_id:
            raise ValueError("The branch changes by move_to() only.")
        self.full_clean()
        self.check_facts(on)
        self.save()
        self.review(on)
        if self.is_on_roll and before.kind != self.kind:
            sign = 1 if self.kind == FULL else -1
            Headcount.add(Shift(self.organization_id, sign, -sign))

    @transaction.atomic
    def move_to(self, organization: Organization, on: date) -> None:
        """Belong to ``organization`` from ``on``; the stay in the old branch ends that day."""
        organization = self._held(organization)
        if organization.pk == self.organization_id:
            raise ValidationError(
                {
                    "organization": _now("%(name)s belongs to this branch already.")
                    % {"name": self.name}
                }
            )
        self._refuse_unless_on_roll()
        self._refuse_place(organization, on)
        old = self.organization
        # Both branches' logs are held in one order, whichever way the member goes.
        ChainHead.hold(f"organization:{old.pk}", f"organization:{organization.pk}")
        self._end_stay(on, placements.MOVED)
        self.organization, self.party_group = organization, None
        self.display_order = Member.objects.last_place_in(organization)
        self.save()
        self.placements.create(organization=organization, placed_from=on, began=placements.MOVED)
        Headcount.add(self._shift(old, -1), self._shift(organization, 1))
        self._take_files_along()

    @transaction.atomic
    def mark_wrong(self, reason: str) -> None:
        """Mark the entry as made by mistake: it counts nowhere, and its ID number is free again."""
        if not reason.strip():
            raise ValidationError({"reason": _now("Say why the entry was wrong.")})
        if self.wrong_entry:
            raise ValidationError(_now("%(name)s is marked so already.") % {"name": self.name})
        self._held()
        counted = self.is_on_roll
        former, self.former = self.former, None
        self.wrong_entry, self.wrong_entry_reason = True, reason.strip()[:200]
        self.save()
        if former is not None:  # nobody was admitted anew
            former.readmitted_on = None
            former.save()
        # A stay that never was holds on no day.
        for stay in self.placements.all():
            stay.placed_until, stay.ended = stay.placed_from, "wrong_entry"
            stay.save()
        DuesStanding.follow([self.pk])
        if counted:
            Headcount.add(self._shift(self.organization, -1))

    def review(self, on: date) -> None:
        """Open a finding for each new oddity of this record, and close those that are mended."""
        odd = {
            each.code: each.field for each in membership.objections(self.facts(), on) if each.code
        }
        known = {each.code: each for each in self.findings.filter(mended_on__isnull=True)}
        for code, finding in known.items():
            if code not in odd:
                finding.mended_on = on
                finding.save(update_fields=["mended_on"])
        for code, field in odd.items():
            if code not in known:
                Finding.objects.create(member=self, code=code, field=field, found_on=on)

    def _take_files_along(self) -> None:
        """Let a file of development that is still open be where the member is."""
        for file in self.development_files.open():
            file.follow_to(self.organization)

    def _shift(self, organization: Organization, sign: int) -> Shift:
        """What this member's coming (1) or going (-1) changes in the headcount of a branch."""
        full = self.kind == FULL
        return Shift(organization.pk, sign if full else 0, 0 if full else sign)

    # Answers

    @property
    def is_on_roll(self) -> bool:
        return not (self.left_on or self.suspended_on or self.wrong_entry)

    @property
    def is_probationary(self) -> bool:
        return self.kind == PROBATIONARY

    @property
    def extended(self) -> bool:
        return self.probation_extended_by > 0

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"

    def facts(self) -> membership.Facts:
        """Return what the rules need to know of this record."""
        return membership.Facts(
            **{
                fact.name: getattr(self, fact.name)
                for fact in dataclasses.fields(membership.Facts)
                if hasattr(self, fact.name)
            }
        )

    def age(self, on: date) -> int | None:
        """Age in whole years on ``on``."""
        return membership.age(self.born_on, on) if self.born_on else None

    def party_age(self, on: date) -> tuple[int, int] | None:
        """Party age (党龄) on ``on`` in years and months; None before full membership."""
        if not self.full_member_on:
            return None
        return membership.party_age(self.full_member_on, self.party_age_correction, on)


def number_of(count: int) -> str:
    """Return the public number of the ``count``-th member ever entered: D00000017."""
    return f"D{count:08}"
