"""What the page of the yearly run says of one member, and of all that are confirmed together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import blake2s
from typing import NamedTuple, Self

from django.utils.translation import gettext as _now
from django.utils.translation import ngettext

from branches.rules import tree
from members.models import BaseComponent, DuesBase, Member
from members.models.dues.proposals import UNCHANGED, WITHOUT_BASE, Proposal
from members.models.dues.yearly import YearlyRun
from members.rules import dues
from members.rules.dues_months import written
from registry.language import said
from registry.money import ZERO

BADGES = {UNCHANGED: "good", WITHOUT_BASE: "warn"}


class Sum(NamedTuple):
    """How many assessments are confirmed together, what they add up to, and a digest of them."""

    people: int
    monthly: Decimal
    digest: str = ""

    @classmethod
    def of(cls, proposals: Sequence[Proposal]) -> Self:
        told = [(each.member_id, each.state, each.found) for each in proposals]
        monthly = sum((found.monthly for *_who, found in told if found), ZERO)
        return cls(len(told), monthly, blake2s(f"{told}".encode(), digest_size=8).hexdigest())

    @classmethod
    def read(cls, text: str) -> Self:
        """Return what a form has kept of a sum; nothing at all where it is none of ours."""
        count, _colon, rest = text.partition(":")
        monthly, _colon, digest = rest.partition(":")
        if not (count.isdecimal() and monthly.replace(".", "", 1).isdecimal()):
            return cls(0, ZERO)
        return cls(int(count), Decimal(monthly), digest)

    @property
    def kept(self) -> str:
        return f"{self.people}:{self.monthly}:{self.digest}"

    def __str__(self) -> str:
        text = ngettext(
            "%(count)s assessment of together %(monthly)s yuan a month",
            "%(count)s assessments of together %(monthly)s yuan a month",
            self.people,
        )
        return text % {"count": self.people, "monthly": f"{self.monthly:,}"}


@dataclass
class Line:
    """One member in the list."""

    proposal: Proposal
    member: Member
    given: DuesBase | None
    has_components: bool
    typed: str = ""
    errors: list[str] = field(default_factory=list)

    @property
    def income(self) -> str:
        """What is known of his income for the year, as his box begins."""
        return f"{self.given.amount}" if self.given else ""

    @property
    def version(self) -> int:
        return self.given.version if self.given else 0

    @property
    def takes_base(self) -> bool:
        """Whether a base of the whole year may still be given."""
        return self.proposal.kept is None or self.proposal.kept.alone

    @property
    def category(self) -> str:
        return said(dues.DUES_CATEGORIES[self.proposal.category].label)

    @property
    def rate(self) -> str:
        found = self.proposal.found
        return f"{(found.rate * 100).normalize():f} %" if found and found.rate is not None else ""

    @property
    def change(self) -> str:
        """By how much the monthly amount changes: +33 %."""
        found, before = self.proposal.found, self.proposal.before
        if found is None or not before or found.monthly == before:
            return ""
        return f"{(found.monthly - before) * 100 / before:+.0f} %"

    @property
    def badge(self) -> str:
        return "bad" if self.proposal.objection else BADGES.get(self.proposal.state, "")

    @property
    def state(self) -> str:
        return {
            "proposed": _now("to be assessed"),
            "changed": _now("changed by a new base"),
            "unchanged": _now("assessed already"),
            "without_base": _now("without a base"),
        }[self.proposal.state]

    @property
    def rests_on(self) -> str:
        """Where the base comes from."""
        if self.proposal.found is None or self.proposal.state == UNCHANGED:
            return ""
        if self.given:
            return _now("given for the year")
        last = self.proposal.last
        if last and last.category == self.proposal.category:
            return _now("as last year")
        return _now("as the rules set it")

    @property
    def notes(self) -> list[str]:
        """Why a clerk should look at it."""
        proposal, found = self.proposal, []
        if proposal.objection:
            found.append(said(proposal.objection))
        known = proposal.known
        if proposal.changed_category and known:
            text = _now("Assessed so far at the %(before)s.")
            found.append(text % {"before": said(dues.DUES_CATEGORIES[known.category].label)})
        if proposal.state != UNCHANGED and proposal.differs_much:
            found.append(_now("Changes by more than a fifth."))
        if proposal.begins_late:
            text = _now("Begins in %(month)s: the months before it are closed.")
            found.append(text % {"month": written(proposal.month_from)})
        return found


def lines_of(run: YearlyRun, proposals: Sequence[Proposal]) -> list[Line]:
    """Return the lines of the proposals on one page."""
    keys = [each.member_id for each in proposals]
    members = Member.objects.select_related("organization").only(
        "name", "number", "organization__name", "organization__short_name", "organization__path"
    )
    known = members.in_bulk(keys)
    bases = {
        each.member_id: each for each in DuesBase.objects.filter(member__in=keys, year=run.year)
    }
    with_components = _paths_with_components(run, {m.organization.path for m in known.values()})
    return [
        Line(each, member, bases.get(member.pk), member.organization.path in with_components)
        for each in proposals
        if (member := known.get(each.member_id))
    ]


def _paths_with_components(run: YearlyRun, paths: set[str]) -> set[str]:
    """Return those of ``paths`` at which an office counts the base by components."""
    lines = {path: {*tree.ancestors_of(path), path} for path in paths}
    keeping = set(
        BaseComponent.objects.filter(organization__path__in=set().union(*lines.values()))
        .in_month(run.first)
        .values_list("organization__path", flat=True)
    )
    return {path for path, line in lines.items() if line & keeping}
