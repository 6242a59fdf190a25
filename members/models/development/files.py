"""Files of development: one person's way from application to full membership."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.models import Organization, in_scopes, scopes
from branches.rules import hierarchy, roles
from members.models import choices
from members.models.development import register
from members.models.development.course import ChangingCourse
from members.models.members import Member
from members.models.people import Person
from members.models.searching import PersonQuestions
from members.rules import development
from registry.fields import PartialDateField


def under_way() -> Q:
    """The files that go on: not stopped, not archived, not entered by mistake."""
    return Q(stopped_on__isnull=True, archived_on__isnull=True, wrong_entry=False)


class DevelopmentFileQuerySet(PersonQuestions):
    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        """The files of the branches on which ``user`` has ``verb``; wrong entries among them."""
        return self.filter(in_scopes(scopes(user, verb), "organization__path"))

    def open(self) -> Self:
        """The files that go on: not stopped, not archived, not entered by mistake."""
        return self.filter(under_way())

    def under(self, organization: Organization) -> Self:
        """The files of ``organization`` and of everything below it, now."""
        return self.filter(
            organization__path__gte=organization.path, organization__path__lt=organization.end_path
        )

    def in_stage(self, stage: str) -> Self:
        return self.filter(stage=stage)

    def stopped(self) -> Self:
        """The files that were stopped and may go on again."""
        return self.filter(stopped_on__isnull=False, wrong_entry=False)


class DevelopmentFile(ChangingCourse):
    """One person's file, from the application until its papers are archived. Never deleted."""

    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="development_files",
        verbose_name=_("branch"),
        limit_choices_to={"kind": hierarchy.BRANCH, "dissolved_on__isnull": True},
    )
    staff_number = models.CharField(_("staff number"), max_length=30, blank=True)
    category = models.CharField(
        _("category"), max_length=20, choices=choices.categories, default="in_service"
    )
    front_line = models.BooleanField(
        _("front line"), default=False, help_text=_("Works at the front line of production.")
    )
    note = models.TextField(_("note"), max_length=2000, blank=True)
    rule_set = models.CharField(
        _("rules"), max_length=20, choices=choices.rule_sets, editable=False
    )
    began_on = PartialDateField(_("applied on"), null=True, editable=False)
    member = models.ForeignKey(
        "members.Member",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="development_files",
        verbose_name=_("member"),
    )
    # Derived from the steps, so that lists and the board need not read them.
    standing = models.CharField(
        pgettext_lazy("development", "standing"),
        max_length=20,
        choices=choices.standings,
        editable=False,
    )
    standing_since = PartialDateField(_("since"), null=True, editable=False)
    stage = models.CharField(_("stage"), max_length=20, choices=choices.stages, editable=False)
    probation_ends_on = PartialDateField(_("probation ends on"), null=True, editable=False)
    stopped_on = models.DateField(_("stopped on"), null=True, editable=False)
    stop_reason = models.CharField(
        _("why stopped"), max_length=30, blank=True, editable=False, choices=choices.stop_reasons
    )
    stop_note = models.CharField(_("note on stopping"), max_length=200, blank=True, editable=False)
    archived_on = models.DateField(_("archived on"), null=True, editable=False)
    wrong_entry_reason = models.CharField(
        _("why the entry was wrong"), max_length=200, blank=True, editable=False
    )

    objects = DevelopmentFileQuerySet.as_manager()

    unlogged = Person.unlogged | {"standing", "standing_since", "stage", "probation_ends_on"}

    class Meta:
        verbose_name = _("development file")
        verbose_name_plural = _("development files")
        indexes = [
            *Person.Meta.indexes,
            models.Index(
                fields=["organization", "stage"], condition=under_way(), name="file_by_branch"
            ),
            models.Index(fields=["staff_number"], name="file_by_staff_number"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="file_id_number_once",
                fields=["id_digest"],
                condition=~Q(id_digest="") & under_way(),
                violation_error_message=_(
                    "There is an open file with this ID number already. Look for the person."
                ),
            ),
            models.CheckConstraint(
                name="file_stopped_for_a_reason",
                condition=Q(stopped_on__isnull=True) | ~Q(stop_reason=""),
                violation_error_message=_("A file is stopped for a reason. Choose one."),
            ),
        ]

    @classmethod
    def for_member(cls, member: Member) -> Self:
        """Return a new file about a member on probation, whose papers are entered afterwards."""
        known = {name: getattr(member, name) for name in register.COPIED}
        return cls(**known, organization=member.organization, member=member)

    # Answers

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"

    @property
    def is_open(self) -> bool:
        return not (self.stopped_on or self.archived_on or self.wrong_entry)

    def missing(self) -> tuple[str, ...]:
        """Return what a complete record fills and this one lacks; membership is still to come."""
        to_come = {"kind", "joined_on", "full_member_on"}
        return tuple(field for field in super().missing() if field not in to_come)

    def plan(self, on: date) -> tuple[development.Planned, ...]:
        """Return for every step what the rules say of it on ``on``."""
        return tuple(development.plan(self.facts_for_rules(), on))
