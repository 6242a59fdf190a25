"""Votes of an election: who stands, who was there, and what was counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from members.models import choices
from members.models.members import Member
from members.models.standing.discipline import without_rights
from members.models.terms.elections import Election, PartOfElection
from members.models.terms.terms import hold
from members.rules import elections, offices
from members.rules.codes import FULL
from registry.language import refuse
from registry.sentences import Sentence

# What a ballot without a post elects.
SEAT_OF = {offices.COMMITTEE: "member", offices.DISCIPLINE: "discipline_committee_member"}


class Ballot(PartOfElection):
    """One vote of an election, and what was counted of it; nothing is counted yet: all empty.

    ``post`` is empty for the members of a body, who are chosen from a fifth more candidates.
    """

    election = models.ForeignKey(
        Election, models.CASCADE, related_name="ballots", verbose_name=_("election")
    )
    body = models.CharField(_("body"), max_length=20, choices=choices.elected_bodies)
    post = models.CharField(
        _("post"),
        max_length=30,
        choices=choices.posts,
        blank=True,
        help_text=_("Empty for the members of the body."),
    )
    seats = models.PositiveSmallIntegerField(_("seats"))
    entitled = models.PositiveIntegerField(_("entitled to vote"), null=True, blank=True)
    excused = models.JSONField(_("excused"), default=dict, blank=True)
    due = models.PositiveIntegerField(_("due"), null=True, blank=True)
    present = models.PositiveIntegerField(_("present"), null=True, blank=True)
    returned = models.PositiveIntegerField(_("ballots that came back"), null=True, blank=True)

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        ordering = ["election", "body", "id"]
        constraints = [
            models.UniqueConstraint(
                name="ballot_once",
                fields=["election", "body", "post"],
                violation_error_message=_("There is such a vote in this election already."),
            ),
            models.CheckConstraint(
                name="ballot_for_a_seat",
                condition=Q(seats__gte=1),
                violation_error_message=_("A body has one seat or more."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_body_display()}: {self.get_post_display() or _now('members')}"

    def clean(self) -> None:
        post = offices.POSTS.get(self.post)
        if post is not None and post.body != self.body:
            raise ValidationError(
                {"post": _now("This post belongs to another body. Choose one of this body.")}
            )

    # Verbs

    @transaction.atomic
    def name(
        self,
        member: Member | None,
        name_from_elsewhere: str = "",
        *,
        post: str = "",
        on: date | None = None,
    ) -> Candidate:
        """Let somebody stand; ``post`` is what he would be, where it is not a plain member.

        ``on`` is the day on which he is named, without one the day the election was opened.

        Raises ValidationError with every objection.
        """
        self._may_still_name()
        name = member.name if member else name_from_elsewhere
        others = [each.name for each in self.candidates.select_related("member")]
        refuse(
            elections.standing_objections(
                name,
                probationary=bool(member and member.is_probationary),
                without_rights=bool(
                    member and without_rights(member.pk, on or self.election.opened_on)
                ),
                others=others,
            )
        )
        candidate = Candidate(
            ballot=self,
            member=member,
            name_from_elsewhere="" if member else name_from_elsewhere,
            post=post or self.post or SEAT_OF[self.body],
        )
        candidate.full_clean()
        candidate.save()
        return candidate

    @transaction.atomic
    def strike(self, candidate: Candidate) -> None:
        """Take somebody off the list."""
        self._may_still_name()
        candidate.delete()

    def _may_still_name(self) -> None:
        hold(self.election.organization)
        self.election.refuse_if_concluded()
        taken = self.election.taken()
        closed = elections.ASSEMBLY if self.is_one_for_one else elections.REPLY
        if self.present is not None or (closed in taken and not self.is_one_for_one):
            raise ValidationError(
                _now("The list of candidates is closed. Take back the steps after it first.")
            )

    @transaction.atomic
    def count_votes(
        self, here: elections.Attendance, returned: int, votes: Mapping[int, int]
    ) -> elections.Result:
        """Enter what was counted on the election day, and return who is elected.

        ``votes`` are the votes in favour by the key of the candidate. Raises ValidationError with
        every reason why the vote does not count; then nothing is kept.
        """
        hold(self.election.organization)
        self.election.refuse_if_concluded()
        found = []
        if elections.ASSEMBLY not in self.election.taken():
            found.append(
                Sentence(
                    "The assembly was not held yet. Enter its day first.",
                    code="assembly_not_held",
                )
            )
        if elections.REPORT in self.election.taken():
            found.append(
                Sentence(
                    "The result was sent up already. Take that step back first.",
                    code="result_sent_up",
                )
            )
        candidates = list(self.candidates.select_related("member"))
        counted = {each: votes.get(each.pk, 0) for each in candidates}
        ballot = self.as_counted(here, returned, {e.name: n for e, n in counted.items()})
        found += elections.attendance_objections(here)
        found += elections.ballot_objections(ballot)
        refuse(found)
        result = elections.result(ballot)
        self.entitled, self.due, self.present = here.entitled, here.due, here.present
        self.excused = {reason: number for reason, number in here.excused.items() if number}
        self.returned = returned
        self.full_clean()
        self.save()
        for candidate, number in counted.items():
            candidate.votes = number
            candidate.elected = candidate.name in result.elected
            candidate.save()
        return result

    def discard(self) -> None:
        """Forget what was counted."""
        self.entitled = self.due = self.present = self.returned = None
        self.excused = {}
        self.save()
        for candidate in self.candidates.all():
            candidate.votes, candidate.elected = None, False
            candidate.save()

    # Answers

    def may_vote(self, day: date) -> int | None:
        """Return how many of a branch's members may vote on ``day``; None above a branch, where
        delegates do. Whose rights are suspended is counted out, and never named."""
        branch = self.election.organization
        if not branch.holds_members:
            return None
        full = Member.objects.on_roll().filter(organization=branch, kind=FULL)
        return full.count() - full.without_rights(day).count()

    def as_counted(
        self, here: elections.Attendance, returned: int, votes: Mapping[str, int]
    ) -> elections.Ballot:
        return elections.Ballot(
            seats=self.seats,
            present=here.present,
            returned=returned,
            votes=votes,
            one_for_one=self.is_one_for_one,
        )

    def result(self) -> elections.Result | None:
        """Return who is elected; None while nothing is counted."""
        if self.present is None or self.returned is None:
            return None
        votes = {each.name: each.votes or 0 for each in self.candidates.all()}
        return elections.result(
            elections.Ballot(
                self.seats, self.present, self.returned, votes, one_for_one=self.is_one_for_one
            )
        )

    @property
    def is_one_for_one(self) -> bool:
        return bool(self.post)


class Candidate(PartOfElection):
    """Somebody who stands in a vote, the votes for him, and whether he is elected."""

    ballot = models.ForeignKey(
        Ballot, models.CASCADE, related_name="candidates", verbose_name=_("ballot")
    )
    member = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="candidacies",
        verbose_name=_("member"),
    )
    name_from_elsewhere = models.CharField(
        _("name"), max_length=50, blank=True, help_text=_("Of somebody who is no member here.")
    )
    post = models.CharField(_("post, if elected"), max_length=30, choices=choices.posts)
    votes = models.PositiveIntegerField(_("votes"), null=True, blank=True)
    elected = models.BooleanField(_("elected"), default=False)

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        ordering = ["ballot", "id"]
        constraints = [
            models.CheckConstraint(
                name="candidate_is_somebody",
                condition=Q(member__isnull=False) ^ ~Q(name_from_elsewhere=""),
                violation_error_message=_(
                    "A candidate is a member or a name from elsewhere. Fill one of them."
                ),
            ),
            models.UniqueConstraint(
                name="candidate_once_in_a_ballot",
                fields=["ballot", "member"],
                condition=Q(member__isnull=False),
                violation_error_message=_("This member stands for these seats already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        post = offices.POSTS.get(self.post)
        if post is not None and post.body != self.ballot.body:
            raise ValidationError(
                {"post": _now("This post belongs to another body. Choose one of this body.")}
            )

    @property
    def name(self) -> str:
        return self.member.name if self.member else self.name_from_elsewhere

    @property
    def election(self) -> Election:
        return self.ballot.election
