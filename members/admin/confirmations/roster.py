"""A branch's roster as at the day of a round, what looks odd in it, and the branch's answer."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from branches.models import Organization, may
from branches.rules import roles
from members.admin.confirmations.pages import (
    ConfirmationForm,
    branch_asked,
    page,
    roster_url,
    round_for,
    state_of,
)
from members.admin.deeds import is_done, typed
from members.models import ConfirmationRound, Finding, choices
from members.models.confirmations import changed_since
from members.papers.framing import of_people
from members.papers.listed import roster_of
from registry.login.kept_forms import keeps_form
from registry.models import acting

RIGHT, WRONG, BACK = "right", "wrong", "back"
COLUMNS = of_people("number", "name", "sex", "ethnicity", "born_on", "education", "joined_on",
                    "full_member_on", "job")  # fmt: skip


class AnswerForm(ConfirmationForm):
    remark = forms.CharField(
        label=_("remark"),
        required=False,  # the verb asks for it where something is wrong
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed where something is wrong: who is missing, who is one too many."),
    )


@dataclass(frozen=True)
class Person:
    """One line of the roster, what looks odd in the record, and the record where one may see it."""

    cells: list[str]
    odd: list[str]
    url: str


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def roster_page(request: HttpRequest, pk: int) -> HttpResponse:
    opened = round_for(request, pk)
    branch = branch_asked(request, opened)
    may_answer = may(request.user, roles.CHANGE, branch.path)
    if request.method == "POST" and not may_answer:
        raise PermissionDenied
    form = AnswerForm(typed(request))
    deed = request.POST.get("deed", "")
    if is_done(request, form, partial(_answer, request, opened, branch, deed)):
        messages.success(request, _done(deed))
        return HttpResponseRedirect(roster_url(opened, branch.pk))
    roster = roster_of(branch, opened.as_at, request.user)
    said = opened.said_by(branch)
    return page(
        request,
        "roster",
        branch,
        title=_now("Roster as at %(day)s") % {"day": opened.as_at},
        opened=opened,
        state=state_of(opened, timezone.localdate()),
        said=said,
        changed=bool(said and said.right and changed_since([said], opened.as_at)),
        headings=[column.heading.replace("\n", "") for column in COLUMNS],
        people=_people(roster, request.user),
        full=roster.count - roster.probationary,
        probationary=roster.probationary,
        may_answer=may_answer and opened.is_open,
        form=form,
        corrections=reverse("admin:members_member_changelist") + f"?organization={branch.pk}",
    )


def _answer(
    request: HttpRequest, opened: ConfirmationRound, branch: Organization, deed: str, remark: str
) -> None:
    today = timezone.localdate()
    with acting(request.user, ""):
        if deed == BACK:
            opened.withdraw(branch)
        elif deed == WRONG:
            opened.report(branch, remark, today, request.user)
        else:
            opened.confirm(branch, today, request.user, remark=remark)


def _done(deed: str) -> str:
    if deed == BACK:
        return _now("It is withdrawn. The branch is asked again.")
    if deed == WRONG:
        return _now("The committee sees what is wrong. Confirm the roster once it is mended.")
    return _now("The roster is confirmed.")


def _people(roster: Any, user: Any) -> list[Person]:
    lines = roster.lines(columns=COLUMNS)
    odd: dict[int, list[str]] = defaultdict(list)
    labels = dict(choices.finding_codes())
    found = Finding.objects.standing_open().visible_to(user)
    for finding in found.filter(member__in=[line.member.pk for line in lines]).order_by("pk"):
        odd[finding.member_id].append(f"{labels.get(finding.code, finding.code)}")
    return [
        Person(
            [column.value(line) for column in COLUMNS],
            odd[line.member.pk],
            reverse("admin:members_member_change", args=[line.member.pk]) if line.known else "",
        )
        for line in lines
    ]


admin.site.page(  # type: ignore[attr-defined]
    "confirmations/<int:pk>/roster/", roster_page, "confirmation_roster", roles.VIEW
)
