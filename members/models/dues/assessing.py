"""The verbs by which what one member owes changes: assessed, corrected, reduced.

None of them reaches back into a month that is closed for the branch it is owed to.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from branches.models.reorganizing import Objections, hold_tree
from members.models.dues.assessments import Assessment, Figures, figures
from members.models.dues.closed_months import keep_closed
from members.models.dues.policies import policy_for
from members.models.dues.reductions import Reduction
from members.models.dues.standings import DuesStanding
from members.models.members import Member
from members.rules import dues
from members.rules.dues_months import written
from registry.calendar import first_of_month
from registry.language import said


@transaction.atomic
def assess(
    member: Member, month: date, income: Decimal, *, reason: str = "", category: str = ""
) -> Assessment:
    """Let ``member`` pay by ``income`` from ``month`` to the end of its year.

    ``income`` is the monthly one, of the retired the whole pension, or the fixed amount itself;
    ``category`` is one of the rules' DUES_CATEGORIES, that of the member unless told. Earlier
    months stay as they were, and so does a later change of the year. Raises ValidationError with
    every objection, a missing reason for a change among them.
    """
    _hold(member.pk)
    month = first_of_month(month)
    problems = Objections()
    of_year = Assessment.objects.filter(member=member).of_year(month.year).order_by("month_from")
    earlier = of_year.filter(month_from__lt=month).last()
    later = of_year.filter(month_from__gt=month).first()
    if of_year.filter(month_from=month).exists():
        problems.add(
            "month_from",
            _("%(name)s is assessed from %(month)s already. Correct that assessment."),
            name=member.name,
            month=written(month),
        )
    if (earlier or later) and not reason.strip():
        problems.add("reason", _("Say why the dues change within the year."))
    found = _figures(member, month, income, category, problems)
    until = later.month_from if later else date(month.year + 1, 1, 1)
    keep_closed(problems, member.pk, month, until)
    problems.stop()
    if earlier and earlier.month_until > month:
        earlier.month_until = month
        earlier.save(update_fields=["month_until"])
    assessment = Assessment(member=member, month_from=month, month_until=until)
    _keep(assessment, found, reason)
    return assessment


@transaction.atomic
def correct(assessment: Assessment, income: Decimal, reason: str, *, category: str = "") -> None:
    """Put a wrong figure right for all months of ``assessment``; what was paid for them stays.

    Where one of them is closed the monthly amount stays too: it changes by ``assess``, later.
    """
    _hold(assessment.member_id)
    problems = Objections()
    if not reason.strip():
        problems.add("reason", _("Say what was wrong with the assessment."))
    found = _figures(assessment.member, assessment.month_from, income, category, problems)
    if found and found.monthly != assessment.monthly:
        first, until = assessment.month_from, assessment.month_until
        keep_closed(problems, assessment.member_id, first, until)
    problems.stop()
    _keep(assessment, found, reason)


@transaction.atomic
def grant(reduction: Reduction) -> None:
    """Keep a reduction; raise ValidationError with every objection.

    A month has one reduction at most, so that what is owed for it is one amount.
    """
    _hold(reduction.member_id)
    reduction.full_clean()
    others = Reduction.objects.filter(member=reduction.member_id).exclude(pk=reduction.pk)
    meeting = others.filter(Q(month_until__isnull=True) | Q(month_until__gt=reduction.month_from))
    if reduction.month_until:
        meeting = meeting.filter(month_from__lt=reduction.month_until)
    problems = Objections()
    for other in meeting:
        problems.add(
            "month_from",
            _("%(name)s has a reduction from %(month)s already. End that one first."),
            name=reduction.member.name,
            month=written(other.month_from),
        )
    if changed := _months_changed(reduction):
        keep_closed(problems, reduction.member_id, *changed)
    problems.stop()
    reduction.save()
    DuesStanding.recompute([reduction.member_id])


def end(reduction: Reduction, month: date) -> None:
    """Let ``month`` be the first one without the reduction."""
    reduction.month_until = month
    grant(reduction)


@transaction.atomic
def withdraw(reduction: Reduction) -> None:
    """Take back a reduction that should never have been."""
    _hold(reduction.member_id)
    member = reduction.member_id
    problems = Objections()
    keep_closed(problems, member, reduction.month_from, reduction.month_until)
    problems.stop()
    reduction.delete()
    DuesStanding.recompute([member])


def _months_changed(reduction: Reduction) -> tuple[date, date | None] | None:
    """Return the first month that a reduction changes against the one that is kept, and the
    first after them; None where it changes none."""
    kept = Reduction.objects.filter(pk=reduction.pk).first()
    if kept is None or kept.month_from != reduction.month_from:
        first = min(kept.month_from, reduction.month_from) if kept else reduction.month_from
        return first, None if kept else reduction.month_until
    ends = [end for end in (kept.month_until, reduction.month_until) if end]
    if not ends or kept.month_until == reduction.month_until:
        return None
    return min(ends), max(ends) if len(ends) == 2 else None


def _hold(member: int) -> None:
    """Hold the member's row until the transaction ends: his verbs follow each other, and no
    month is closed meanwhile."""
    hold_tree(shared=True)
    Member.objects.select_for_update(no_key=True).get(pk=member)


def _figures(
    member: Member, month: date, income: Decimal, category: str, problems: Objections
) -> Figures | None:
    """Return the figures by the policy of the member's office; add what speaks against them."""
    policy = policy_for(member.organization, month)
    category = category or dues.CATEGORIES[member.category].category
    try:
        return figures(category, policy.base_of(category, income), month, policy.rounding)
    except ValueError as error:
        problems.add("base", said(error.args[0]))
    return None


def _keep(assessment: Assessment, found: Figures | None, reason: str) -> None:
    assert found is not None  # noqa: S101 - without objections there are figures
    assessment.figures, assessment.reason = found, reason.strip()[:200]
    assessment.full_clean()
    assessment.save()
    DuesStanding.recompute([assessment.member_id])
