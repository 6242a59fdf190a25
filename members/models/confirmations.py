"""Rounds in which the branches of a committee confirm their rosters as at a day (名册核对)."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from hashlib import blake2s
from typing import Any, Self

from django.db import models, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, OrganizationPeriod, in_scopes, scopes
from branches.rules import hierarchy, roles, tree
from members.models.accounts import account, whoever
from members.models.placements import Placement
from members.models.searching import probationary_on
from members.rules.confirmations import (
    Answer,
    NewRound,
    Running,
    answering_objections,
    closing_objections,
    opening_objections,
    withdrawing_objections,
)
from registry.calendar import PartialDate
from registry.fields import ByteOrderedCharField
from registry.language import refuse
from registry.models import Record, VersionedRecord


class ConfirmationRoundQuerySet(models.QuerySet["ConfirmationRound"]):
    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        """The rounds that a user's organisations have opened."""
        return self.filter(in_scopes(scopes(user, verb), "organization__path"))

    def asking(self, user: Any, verb: str = roles.VIEW) -> Self:
        """The rounds that ask a branch of the user, whoever has opened them."""
        return self._that_ask(in_scopes(scopes(user, verb), "organization__path"))

    def concerning(self, user: Any, verb: str = roles.VIEW) -> Self:
        """The rounds that a user's organisations have opened, or that ask a branch of his."""
        own = in_scopes(scopes(user, verb), "organization__path")
        return self.filter(own | Q(pk__in=self.model.objects.asking(user, verb).values("pk")))

    def asking_under(self, top: Organization) -> Self:
        """The rounds that ask a branch at or below ``top``, whoever has opened them."""
        return self._that_ask(
            Q(organization__path__gte=top.path, organization__path__lt=top.end_path)
        )

    def open(self) -> Self:
        return self.filter(closed_on__isnull=True)

    def _that_ask(self, branches: Q) -> Self:
        asked = asked_branches().filter(
            branches,
            Q(valid_until__isnull=True) | Q(valid_until__gt=OuterRef("as_at")),
            valid_from__lte=OuterRef("as_at"),
            path__gte=OuterRef("path"),
            path__lt=OuterRef("end_path"),
        )
        return self.filter(Exists(asked))


def asked_branches() -> Any:
    """The periods of branches that stand today: whoever is dissolved meanwhile is not asked."""
    return OrganizationPeriod.objects.filter(
        kind=hierarchy.BRANCH, organization__dissolved_on__isnull=True
    )


class ConfirmationRound(VersionedRecord):
    """One round: all branches that stood below an organisation on a day are asked.

    ``path`` and ``end_path`` are where the organisation stood on that day, so that a branch that
    moves away later is still asked here.
    """

    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="confirmation_rounds",
        verbose_name=_("organisation"),
    )
    name = models.CharField(_("name of the round"), max_length=100)
    as_at = models.DateField(_("rosters as at"))
    last_day = models.DateField(_("last day"))
    path = ByteOrderedCharField(max_length=64, editable=False)
    end_path = ByteOrderedCharField(max_length=64, editable=False)
    opened_on = models.DateField(_("opened on"), editable=False)
    opened_by = whoever(_("opened by"))
    closed_on = models.DateField(_("closed on"), null=True, editable=False)
    closed_by = whoever(_("closed by"))

    objects = ConfirmationRoundQuerySet.as_manager()

    unlogged = frozenset({"version", "path", "end_path"})

    class Meta:
        verbose_name = _("round of confirmation")
        verbose_name_plural = _("rounds of confirmation")
        ordering = ["-opened_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="round_lasts_until_its_day_or_later",
                condition=Q(last_day__gte=F("as_at")),
                violation_error_message=_(
                    "The last day comes before the day of the rosters. Check both days."
                ),
            ),
            models.UniqueConstraint(
                name="round_open_once",
                fields=["organization"],
                condition=Q(closed_on__isnull=True),
                violation_error_message=_("A round is open already. Close that one first."),
            ),
            models.UniqueConstraint(
                name="round_name_once",
                fields=["organization", "name"],
                violation_error_message=_(
                    "A round of this name was opened already. Call it otherwise."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    # Verbs

    @classmethod
    @transaction.atomic
    def open(
        cls,
        organization: Organization,
        name: str,
        as_at: date,
        last_day: date,
        today: date,
        by: Any = None,
    ) -> Self:
        """Ask the branches below ``organization`` for their rosters as at a day, until another.

        Raises ValidationError with every objection.
        """
        then = organization.on(as_at)
        new = NewRound(organization.kind, name, as_at, last_day, stood=then is not None)
        refuse(opening_objections(new, today))
        path = then.path if then else ""
        opened = cls(
            organization=organization,
            name=name.strip(),
            as_at=as_at,
            last_day=last_day,
            path=path,
            end_path=tree.end_of(path),
            opened_on=today,
            opened_by=account(by),
        )
        opened.full_clean()
        opened.save()
        return opened

    @transaction.atomic
    def close(self, today: date, by: Any = None) -> None:
        """End the round: nothing is confirmed or withdrawn any more."""
        self._hold()
        refuse(closing_objections(self.running()))
        self.closed_on, self.closed_by = today, account(by)
        self.save()

    @transaction.atomic
    def confirm(
        self, branch: Organization, today: date, by: Any = None, *, remark: str = ""
    ) -> Confirmation:
        """Keep that the branch's roster is right, with what it holds now.

        Raises ValidationError with every objection: two clerks at once are one after the other.
        """
        return self._answer(branch, today, by, right=True, remark=remark)

    @transaction.atomic
    def report(
        self, branch: Organization, remark: str, today: date, by: Any = None
    ) -> Confirmation:
        """Keep what is wrong in the branch's roster; once mended it is confirmed after all."""
        return self._answer(branch, today, by, right=False, remark=remark)

    @transaction.atomic
    def withdraw(self, branch: Organization) -> None:
        """Take back what the branch has said."""
        self._hold()
        said = self.said_by(branch)
        refuse(withdrawing_objections(self.running(branch), said.as_answer() if said else None))
        if said:
            said.delete()

    def _answer(
        self, branch: Organization, today: date, by: Any, *, right: bool, remark: str
    ) -> Confirmation:
        self._hold()
        before = self.said_by(branch)
        refuse(
            answering_objections(
                self.running(branch),
                before.as_answer() if before else None,
                right=right,
                remark=remark,
            )
        )
        mark = rosters_on(self.as_at, [branch.pk])[branch.pk]
        said = before or Confirmation(round=self, organization=branch)
        said.right, said.remark = right, remark.strip()
        said.confirmed_on, said.confirmed_by = today, account(by)
        said.full, said.probationary, said.digest = mark.full, mark.probationary, mark.digest
        said.full_clean()
        said.save()
        return said

    def _hold(self) -> None:
        """Lock the round until the transaction ends, and read it as it is now."""
        type(self).objects.select_for_update(no_key=True).get(pk=self.pk)
        self.refresh_from_db()

    # Answers

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    def asked(self) -> Any:
        """What the branches that are asked were on the day of the rosters, in tree order."""
        return asked_branches().on(self.as_at).under(self.path).order_by("path")

    def said_by(self, branch: Organization) -> Confirmation | None:
        return self.confirmations.filter(organization=branch).first()

    def running(self, branch: Organization | None = None) -> Running:
        """Return the round as the rules see it, of one branch."""
        return Running(
            name=self.name,
            committee=f"{self.organization}",
            as_at=self.as_at,
            closed_on=self.closed_on,
            asked=branch is None or self.asked().filter(organization=branch).exists(),
        )

    def open_branches(self) -> Any:
        """The branches that are asked and have not confirmed; those that have reported among
        them."""
        right = self.confirmations.filter(right=True)
        return self.asked().exclude(organization__in=right.values("organization"))


class ConfirmationQuerySet(models.QuerySet["Confirmation"]):
    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        """Seen by the branch, and by the committee that has asked."""
        ranges = scopes(user, verb)
        return self.filter(
            in_scopes(ranges, "organization__path") | in_scopes(ranges, "round__organization__path")
        )


class Confirmation(Record):
    """What one branch has said in a round of its roster, and what the roster held then."""

    round = models.ForeignKey(
        ConfirmationRound,
        models.PROTECT,
        related_name="confirmations",
        verbose_name=_("round of confirmation"),
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="confirmations", verbose_name=_("branch")
    )
    right = models.BooleanField(_("roster is right"))
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    confirmed_on = models.DateField(_("confirmed on"))
    confirmed_by = whoever(_("confirmed by"))
    full = models.PositiveIntegerField(_("full members"))
    probationary = models.PositiveIntegerField(_("probationary members"))
    # Of the roster as it was when it was confirmed: another one now means later changes.
    digest = models.CharField(max_length=64, editable=False)

    objects = ConfirmationQuerySet.as_manager()

    unlogged = frozenset({"digest"})

    class Meta:
        verbose_name = _("confirmation of a roster")
        verbose_name_plural = _("confirmations of rosters")
        ordering = ["round", "organization__path"]
        constraints = [
            models.UniqueConstraint(
                name="confirmation_once",
                fields=["round", "organization"],
                violation_error_message=_("This branch has confirmed its roster already."),
            ),
            models.CheckConstraint(
                name="wrong_roster_has_a_remark", condition=Q(right=True) | ~Q(remark="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.round}"

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"

    def as_answer(self) -> Answer:
        by = f"{self.confirmed_by}" if self.confirmed_by else _now("on the server")
        return Answer(self.right, self.confirmed_on, by)


# Which rosters hold what


@dataclass(frozen=True)
class RosterMark:
    """How many a roster holds, and a digest of who and with which dates."""

    full: int
    probationary: int
    digest: str


# What two rosters have in common that are the same; the rest of a record may change any day.
_FACTS = ("number", "name", "sex", "ethnicity", "id_digest", "born_on", "joined_on")


def rosters_on(day: date, branches: Collection[int]) -> dict[int, RosterMark]:
    """Return what the roster of each branch holds as at ``day``, as the register knows it now.

    One question for any number of branches.
    """
    stays = Placement.objects.on(day).filter(organization__in=branches, member__wrong_entry=False)
    became_full = Case(
        When(member__full_member_on__lte=PartialDate.of(day), then=F("member__full_member_on"))
    )
    asked = stays.annotate(
        is_probationary=Case(
            When(probationary_on(day, "member__"), then=Value(1)), default=Value(0)
        ),
        became_full=became_full,
    ).values_list(
        "organization", "is_probationary", "became_full", *(f"member__{fact}" for fact in _FACTS)
    )
    found = {pk: RosterMark(0, 0, "") for pk in branches}
    digests = {pk: blake2s() for pk in branches}
    for branch, probationary, *facts in asked.order_by("organization", "member").iterator():
        mark = found[branch]
        found[branch] = RosterMark(
            mark.full + (not probationary), mark.probationary + bool(probationary), ""
        )
        line = [probationary, *("" if fact is None else f"{fact}" for fact in facts)]
        digests[branch].update(json.dumps(line, ensure_ascii=False).encode())
    return {
        pk: RosterMark(mark.full, mark.probationary, digests[pk].hexdigest())
        for pk, mark in found.items()
    }


def changed_since(said: Collection[Confirmation], as_at: date) -> set[int]:
    """Return the branches whose roster as at the day is no longer what was confirmed."""
    now = rosters_on(as_at, [each.organization_id for each in said])
    return {
        each.organization_id for each in said if now[each.organization_id].digest != each.digest
    }
