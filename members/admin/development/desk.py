"""The desk of development: what presses, what is possible, for whom it waits; by step, by person.

Its numbers come from one question over the deadlines, and each opens the list that the same
question makes. The list costs what is shown: pressing rows come by their last day, the others
branch by branch, both as an index has them.
"""

from __future__ import annotations

from datetime import date
from hashlib import blake2s
from typing import Any

from django import forms
from django.contrib import admin
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from branches.models import Organization, scopes
from branches.rules import roles
from members.admin.asking import AskingForm, asking
from members.admin.development.pages import page
from members.admin.development.questions import (
    ALL,
    BY_PERSON,
    BY_STEP,
    PRESSING,
    Question,
    own_steps,
)
from members.admin.development.waiting import lines_of, people_of
from members.models import Deadline
from members.models.development.deadlines import STATES, WAITING_AT, WITHIN, DeadlineQuerySet
from members.models.development.tallies import ME, SENT_BACK, Tally, tallies
from registry.admin import Place
from registry.models import ChainHead

LONGEST_LOOK = 366  # days ahead
LARGE = 20_000  # waiting steps from which on their numbers are kept
KEPT_FOR = 600  # seconds


class DeskForm(AskingForm):
    """The boxes above the desk; what its numbers ask for travels in hidden ones."""

    within = forms.IntegerField(
        label=_("days ahead"),
        min_value=1,
        max_value=LONGEST_LOOK,
        error_messages={
            "min_value": _("%(show_value)s is too few. Look 1 to 366 days ahead."),
            "max_value": _("%(show_value)s is too many. Look 1 to 366 days ahead."),
            "invalid": _("Write the days ahead as a number, such as 30."),
        },
    )
    name = forms.CharField(label=_("name or pinyin"), required=False, max_length=50)
    state = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)
    step = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)
    waits = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)
    by = forms.CharField(required=False, widget=forms.HiddenInput, max_length=10)

    def clean(self) -> Any:
        """A question that cannot be read lists nobody: it would otherwise list everybody."""
        known = {
            "state": {"", PRESSING, ALL, SENT_BACK, *STATES},
            "waits": {"", ME, *WAITING_AT},
            "by": {"", BY_STEP, BY_PERSON},
        }
        for name, values in known.items():
            value = self.cleaned_data.get(name, "")
            if value not in values:
                text = _now("“%(value)s” is no question of this desk. Go back to its first page.")
                self.add_error(None, text % {"value": value})
        return super().clean()


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What waits in an organisation and everything below it, seen from today."""
    organization, form = asking(request, DeskForm, roles.VIEW, within=f"{WITHIN}")
    more: dict[str, Any] = {"asking": form}
    if form.is_valid():
        more |= _desk_of(request, organization, form.cleaned_data)
    return page(request, "desk", organization, "development", **more)


def _desk_of(
    request: HttpRequest, organization: Organization, asked: dict[str, Any]
) -> dict[str, Any]:
    today, within = timezone.localdate(), asked["within"]
    rows = Deadline.objects.visible_to(request.user).under(organization)
    counted = _counted(rows, organization, request.user, today, within)
    question, own = Question(organization, today, asked), own_steps(organization)
    asked_page = request.GET.get("page", "")
    listed = people_of if question.person else lines_of
    return {
        "today": today,
        "question": question,
        "figures": question.figures(counted),
        "waits": question.levels(counted),
        "steps": question.steps(counted, own),
        "listed": question.said(own),
        "shown": listed(question, rows, request.user, own, asked_page),
        "nothing_open": not counted,
        "ways": [
            (_("By step"), question.address(by=""), not question.person),
            (_("By person"), question.address(by=BY_PERSON), question.person),
        ],
    }


def _counted(
    rows: DeadlineQuerySet, organization: Organization, user: Any, today: date, within: int
) -> list[Tally]:
    """Return the numbers of a desk; those of a large one are kept while nobody has written.

    Counting costs what there is, not what is shown: a desk that is opened again pays nothing.
    """
    reach = [scopes(user, verb) for verb in (roles.VIEW, roles.CHANGE, roles.APPROVE)]
    asked = f"{organization.path} {today} {within} {ChainHead.standing()} {reach}"
    key = f"development:{blake2s(asked.encode(), digest_size=16).hexdigest()}"
    kept: list[Tally] | None = cache.get(key)
    if kept is not None:
        return kept
    counted = tallies(rows, user, today, within)
    if sum(sum(each.states.values()) for each in counted) > LARGE:
        cache.set(key, counted, KEPT_FOR)
    return counted


admin.site.page(  # type: ignore[attr-defined]
    "development/",
    desk,
    "development",
    roles.VIEW,
    Place(_("Development"), "development", roles.VIEW, 22, "group"),
)
