"""Assesses the dues of a year for everybody below an organisation."""

from __future__ import annotations

import json as json_text
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.commands import organization_of
from branches.rules import roles
from members.models.dues.proposals import STATES, WITHOUT_BASE, Proposal
from members.models.dues.yearly import YearlyRun
from members.rules.dues_months import written
from registry.commands import account, unusable
from registry.language import said
from registry.models import StaleRecord, acting


class Command(BaseCommand):
    help = "Assess the dues of a year by the bases given for it, or else by those of last year."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int, metavar="YEAR")
        parser.add_argument(
            "--organization", metavar="CODE", required=True, help="its members, and all below it"
        )
        parser.add_argument("--check", action="store_true", help="report only; write nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")
        parser.add_argument("--as", dest="username", metavar="USER", help="act as this account")

    def handle(
        self,
        *,
        year: int,
        organization: str,
        check: bool,
        json: bool,
        username: str | None,
        **options: Any,
    ) -> None:
        user = account(username)
        run = YearlyRun(organization_of(organization, user, roles.COLLECT_DUES), _year(year))
        proposals = self._looked_at(run.proposals())
        if check:
            counts = Counter(each.state for each in proposals)
        else:
            try:
                with acting(user):
                    counts = run.confirm(proposals)
            except StaleRecord as error:
                text = _("Somebody has assessed the same members meanwhile. Run it again.")
                raise unusable(text) from error
        told = {state: counts[state] for state in STATES}
        if json:
            self.stdout.write(json_text.dumps(told))
            self.stdout.flush()
        text = _(
            "Members proposed: %(proposed)s, changed: %(changed)s, unchanged: %(unchanged)s, "
            "without a base: %(without_base)s."
        )
        self.stderr.write(text % told)

    def _looked_at(self, proposals: Iterable[Proposal]) -> Iterator[Proposal]:
        """Hand proposals on, and name those that a clerk should look at."""
        later: Counter[date] = Counter()
        for each in proposals:
            if sentence := _worth_a_look(each):
                self.stderr.write(f"{each.number} {each.name}: {sentence}")
            if each.begins_late:
                later[each.month_from] += 1
            yield each
        text = _("Members who begin in %(month)s, as the months before it are closed: %(count)s.")
        for month, count in sorted(later.items()):
            self.stderr.write(text % {"month": written(month), "count": count})


def _worth_a_look(proposal: Proposal) -> str:
    """Return why a clerk should look at a proposal; "" where he need not."""
    if proposal.objection:
        return said(proposal.objection)
    if proposal.state == WITHOUT_BASE:
        return _("No base is known. Enter one for this year.")
    if proposal.differs_much and proposal.found:
        text = _("%(before)s yuan a month become %(now)s, a change of more than 20 %%.")
        return text % {"before": proposal.before, "now": proposal.found.monthly}
    return ""


def _year(year: int) -> int:
    """Return a year that dues can be assessed for; the command ends with 2 for another."""
    latest = timezone.localdate().year + 1
    if 2008 <= year <= latest:
        return year
    text = _("Dues cannot be assessed for %(year)s. Choose a year between 2008 and %(latest)s.")
    raise unusable(text % {"year": year, "latest": latest})
