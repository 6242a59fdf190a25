"""The yearly run as a page: what everybody is to pay, the doubtful first; bases typed in the list.

A proposal is worked out each time the page is opened: only bases that were saved and assessments
that were confirmed are kept. Whose assessment plainly stands is only counted, and worked out where
he is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from branches.models.grants import may
from branches.rules import roles
from members.admin.asking import asking, organization_asked
from members.admin.dues.asking import YearAskingForm, year_asked
from members.admin.dues.lines import Sum, lines_of
from members.admin.dues.pages import doors_of
from members.models import Member
from members.models.dues.giving import Typed, give_bases
from members.models.dues.proposals import CHANGED, PROPOSED, UNCHANGED, WITHOUT_BASE, Proposal
from members.models.dues.yearly import YearlyRun
from members.rules.dues_readings import read_amount
from registry.admin.autocomplete import keys_among
from registry.language import said
from registry.login.kept_forms import keeps_form, typed_before
from registry.models import StaleRecord

ROWS = 50
MANY = 2_000  # beyond so many that may change all are worked out, which then costs no more
LOOK, ALL = "look", "all"
BASE, OVER, WAS = "base", "over", "was"  # what is posted of a row, before the member's key
EVERYBODY, PLAIN = "everybody", "plain"  # whom a button confirms


class Tab(NamedTuple):
    """Some of the proposals: what they are called, and which they are."""

    code: str
    label: str | Promise
    holds: Callable[[Proposal], bool]


def _in_state(state: str) -> Callable[[Proposal], bool]:
    return lambda proposal: proposal.state == state


TABS = {
    tab.code: tab
    for tab in (
        Tab(LOOK, _("to look at"), lambda proposal: proposal.needs_a_look),
        Tab(WITHOUT_BASE, _("without a base"), _in_state(WITHOUT_BASE)),
        Tab(PROPOSED, _("to be assessed"), _in_state(PROPOSED)),
        Tab(CHANGED, _("changed by a new base"), _in_state(CHANGED)),
        Tab(UNCHANGED, _("assessed already"), _in_state(UNCHANGED)),
        Tab(ALL, _("all"), lambda _proposal: True),
    )
}


STANDING = {UNCHANGED, ALL}  # the tabs with those whose assessment stands


class Shown:
    """Proposals that are worked out, and behind them members whose assessment stands, of whom
    only those on the page are; for a paginator."""

    def __init__(self, proposals: list[Proposal], run: YearlyRun, settled: Any) -> None:
        self.proposals, self.run, self.settled = proposals, run, settled
        self.count = len(proposals) + (0 if settled is None else settled.count())

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, part: slice) -> list[Proposal]:
        found = self.proposals[part]
        first, last = (max(end - len(self.proposals), 0) for end in (part.start, part.stop))
        if last and self.settled is not None:
            found += self.run.proposals(list(self.settled[first:last]))
        return found


class Question:
    """What is asked of the page: whose dues, which of the proposals, which page of them."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.organization = organization_asked(request, roles.VIEW_DUES)
        self.year = year_asked(request)
        self.text = " ".join(request.GET.get("q", "").split())[:50]
        self.run = YearlyRun(self.organization, self.year)
        self.may_assess = may(request.user, roles.COLLECT_DUES, self.organization.path)

    @cached_property
    def keys(self) -> list[int] | None:
        """Of whom what is proposed is worked out; None for everybody."""
        others = self.run.members.exclude(pk__in=self.run.settled().values("pk"))
        keys = list(others.order_by("pk").values_list("pk", flat=True)[: MANY + 1])
        return None if len(keys) > MANY else keys

    @cached_property
    def proposals(self) -> list[Proposal]:
        """What is proposed for all whose assessment does not plainly stand, or for everybody."""
        return list(self.run.proposals(self.keys))

    @cached_property
    def settled(self) -> Any:
        """The keys of all others in the order of the roster; None where there are none."""
        if self.keys is None:
            return None
        return self.run.settled().in_roster_order().values_list("pk", flat=True)

    @cached_property
    def count_settled(self) -> int:
        return 0 if self.settled is None else self.settled.count()

    @property
    def people(self) -> int:
        return len(self.proposals) + self.count_settled

    @cached_property
    def tab(self) -> Tab:
        """The tab that is asked for; without one what is to be looked at, where there is any."""
        if asked := TABS.get(self.request.GET.get("state", "")):
            return asked
        return TABS[LOOK if any(map(TABS[LOOK].holds, self.proposals)) else ALL]

    @property
    def shown(self) -> Shown:
        """The proposals of the tab that the text finds, the doubtful first."""
        found = [each for each in self.proposals if self.tab.holds(each) and self._finds(each)]
        settled = self.settled if self.tab.code in STANDING else None
        if settled is not None and self.text:
            settled = settled.filter(Q(name__contains=self.text) | Q(number=self.text))
        return Shown(sorted(found, key=_doubt), self.run, settled)

    def _finds(self, proposal: Proposal) -> bool:
        return not self.text or self.text in proposal.name or self.text == proposal.number

    def to_confirm(self, whom: str) -> list[Proposal]:
        """The proposals that are written when ``whom`` is confirmed."""
        return [
            each
            for each in self.proposals
            if each.state in (PROPOSED, CHANGED) and not (whom == PLAIN and each.needs_a_look)
        ]

    def address(self, **other: Any) -> str:
        """Return the address of what is asked, or of something else, without its page."""
        told = {
            "organization": self.organization.pk,
            "year": self.year,
            "state": self.request.GET.get("state", ""),
            "q": self.text,
            **other,
        }
        asked = urlencode({name: value for name, value in told.items() if value})
        return f"{reverse('admin:dues_assessment')}?{asked}"

    def tabs(self) -> list[dict[str, Any]]:
        standing = dict.fromkeys(STANDING, self.count_settled)
        counted = [
            (tab, sum(map(tab.holds, self.proposals)) + standing.get(tab.code, 0))
            for tab in TABS.values()
        ]
        return [
            {
                "label": tab.label,
                "count": count,
                "here": tab is self.tab,
                "url": self.address(state=tab.code),
            }
            for tab, count in counted
            if count or tab is self.tab
        ]


def _doubt(proposal: Proposal) -> int:
    """How far down the list a proposal stands."""
    signs = (
        proposal.objection,
        proposal.state == WITHOUT_BASE,
        proposal.changed_category,
        proposal.needs_a_look,
    )
    return next((place for place, sign in enumerate(signs) if sign), len(signs))


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def assessment_page(request: HttpRequest) -> HttpResponse:
    verb = roles.COLLECT_DUES if request.method == "POST" else roles.VIEW_DUES
    organization_asked(request, verb)  # 404 for whoever may only look
    question = Question(request)
    typed: Any = request.POST if request.method == "POST" else typed_before(request) or {}
    errors: dict[int, list[str]] = {}
    if request.method == "POST":
        if whom := request.POST.get("confirm"):
            if _confirmed(question, whom):
                return HttpResponseRedirect(question.address(state=""))
        else:
            errors = _saved(question)
            if not errors:
                return HttpResponseRedirect(request.get_full_path())
    return TemplateResponse(
        request, "admin/members/dues/assessment.html", _context(question, typed, errors)
    )


def _context(question: Question, typed: Any, errors: dict[int, list[str]]) -> dict[str, Any]:
    request, organization = question.request, question.organization
    shown: Any = question.shown  # as much of a list as a paginator asks for
    page = Paginator(shown, ROWS).get_page(request.GET.get("p", "")[:9])
    _same, form = asking(request, YearAskingForm, roles.VIEW_DUES, year=question.year)
    # What was typed and not saved stands in the rows it was typed in, wherever they belong now.
    typed_in = {key for name in typed if (key := _key_in(name))}
    typed_rows = sorted(question.run.proposals(sorted(typed_in)), key=_doubt) if typed_in else []
    lines = lines_of(question.run, typed_rows or list(page))
    for line in lines:
        pk = line.proposal.member_id
        line.typed = typed.get(f"{BASE}:{pk}", line.income)
        line.errors = errors.pop(pk, [])
    confirming = [(whom, Sum.of(question.to_confirm(whom))) for whom in (EVERYBODY, PLAIN)]
    return {
        **admin.site.each_context(request),
        "title": _now("Assessment of dues"),
        "doors": doors_of(request.user, organization, "dues_assessment"),
        "organization": organization,
        "year": question.year,
        "last_year": question.year - 1,
        "asking": form,
        "media": form.media,
        "text": question.text,
        "state": question.request.GET.get("state", ""),
        "tabs": question.tabs(),
        "people": question.people,
        "page": page,
        "before": question.address(p=page.number - 1),
        "after": question.address(p=page.number + 1),
        "lines": lines,
        "errors": [sentence for found in errors.values() for sentence in found],
        "refused": any(line.errors for line in lines),
        "may_assess": question.may_assess,
        "confirming": dict(confirming),
        "here": request.get_full_path(),
    }


def _saved(question: Question) -> dict[int, list[str]]:
    """Keep the bases that were typed, and return what speaks against each; all of them or none."""
    posted: Any = question.request.POST
    errors: dict[int, list[str]] = {}
    changed = {
        key: text.strip()
        for name, text in posted.items()
        if (key := _key_in(name)) and text.strip() != posted.get(f"{WAS}:{key}", "").strip()
    }
    rows = Member.objects.visible_to(question.request.user, roles.COLLECT_DUES).on_roll()
    here = rows.under(question.organization).select_related("organization")
    members = {member.pk: member for member in here.filter(pk__in=changed)}
    if len(members) < len(changed):
        text = _now("Somebody in the list is no longer in %(organization)s. Nothing was saved.")
        return {0: [text % {"organization": question.organization}]}
    typed = []
    for key, written in changed.items():
        try:
            over = posted.get(f"{OVER}:{key}", "")
            amount = read_amount(written)
            typed.append(Typed(members[key], amount, int(over) if over.isdecimal() else 0))
        except ValueError as error:
            errors[key] = [said(error.args[0])]
    try:
        if not errors:
            give_bases(question.year, typed)
    except ValidationError as error:
        return {int(key): found for key, found in error.message_dict.items()}
    except StaleRecord:
        return {0: [_now("Somebody else has just saved the same. Look, and do it again.")]}
    if not errors:
        text = ngettext("%(count)s base was saved.", "%(count)s bases were saved.", len(typed))
        messages.success(question.request, text % {"count": len(typed)})
    return errors


def _key_in(name: str) -> int | None:
    """Return the key of the member that a box is about; None for any other box."""
    box, _colon, key = name.partition(":")
    return int(key) if box == BASE and keys_among([key]) else None


def _confirmed(question: Question, whom: str) -> bool:
    """Write what was shown for ``whom``; say why where it is not what would be written now."""
    request, proposals = question.request, question.to_confirm(whom)
    seen, now = Sum.read(request.POST.get(f"seen:{whom}", "")), Sum.of(proposals)
    if seen != now:
        text = _now(
            "Something has changed since the page was opened: it showed %(seen)s, and now it is "
            "%(now)s. Nothing was written. Look, and confirm again."
        )
        messages.warning(request, text % {"seen": seen, "now": now})
        return False
    try:
        counts = question.run.confirm(proposals)
    except StaleRecord:
        text = _now("Somebody has assessed the same members meanwhile. Look, and confirm again.")
        messages.warning(request, text)
        return True  # the page is opened anew
    written = counts[PROPOSED] + counts[CHANGED]
    text = ngettext(
        "%(count)s assessment was written.", "%(count)s assessments were written.", written
    )
    messages.success(request, text % {"count": written})
    return True


admin.site.page(  # type: ignore[attr-defined]
    "dues/assessment/", assessment_page, "dues_assessment", roles.VIEW_DUES
)
