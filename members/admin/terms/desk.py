"""The desk of terms: which elections are due, soon due and overdue, and the letters about them."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from branches.models import Organization, may
from branches.rules import roles
from members.admin.asking import AskingForm, asking
from members.admin.doors import address_of
from members.admin.rosters import paper_response
from members.admin.terms.pages import page
from members.models import Notice, Term, choices
from members.models.terms.notices import latest_of
from members.models.terms.standing import Standing, counted, standing_on
from members.papers.terms.notices import FORMS, print_notices
from members.rules import terms
from registry.admin import Place
from registry.admin.autocomplete import keys_among
from registry.models import acting
from registry.papers.compiling import PaperError

SHOWN = 100  # bodies on one page, and letters at once
BADGES = {terms.OVERDUE: "bad", terms.DUE: "warn", terms.DUE_SOON: "warn", terms.RUNNING: "good"}
NOTICE_OF = {
    terms.OVERDUE: terms.URGING,
    terms.DUE: terms.REMINDER,
    terms.DUE_SOON: terms.REMINDER,
}


@dataclass(frozen=True)
class Line:
    """One body as a line of the list, the last letter about it, and what this user may do."""

    standing: Standing
    body: str
    state: str
    notice: Notice | None
    may_change: bool
    may_decide: bool
    may_notify: bool

    @property
    def badge(self) -> str:
        return BADGES.get(self.standing.state, "")


@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """The bodies of an organisation and below by state; a POST prints letters about those
    chosen."""
    organization, asked = asking(request, AskingForm, roles.VIEW)
    state = request.GET.get("state", "")
    if state not in terms.STATES:
        state = ""
    if request.method == "POST":
        return _letters(request, organization, state)
    today = timezone.localdate()
    standing = standing_on(today, request.user, organization)
    numbers = counted(standing)
    rows = [each for each in standing if not state or each.state == state]
    if state in NOTICE_OF:
        rows.sort(key=lambda each: (each.due or today, each.then.path))
    shown = Paginator(rows, SHOWN).get_page(request.GET.get("page", "")[:9])
    notice = NOTICE_OF.get(state)
    may_notify = bool(notice) and may(request.user, roles.ISSUE, organization.path)
    names = dict(choices.term_states())
    tabs = [("", _now("all"), len(standing))]
    tabs += [(each, names[each], number) for each, number in numbers.items()]
    return page(
        request,
        "desk",
        organization,
        "terms",
        asking=asked,
        state=state,
        tabs=[
            {
                "label": label,
                "number": number,
                "url": address_of("terms", organization, state=each),
                "here": each == state,
            }
            for each, label, number in tabs
        ],
        lines=_lines(request, list(shown), organization, may_notify=may_notify),
        shown=shown,
        notice=dict(choices.notice_kinds()).get(notice or "") if may_notify else "",
        query=f"state={state}",
    )


def _lines(
    request: HttpRequest, rows: list[Standing], top: Organization, *, may_notify: bool
) -> list[Line]:
    user = request.user
    bodies, states = dict(choices.elected_bodies()), dict(choices.term_states())
    sent = latest_of([each.term.pk for each in rows if each.term], user)
    return [
        Line(
            standing=each,
            body=bodies[each.body],
            state=states[each.state],
            notice=sent.get(each.term.pk) if each.term else None,
            may_change=may(user, roles.CHANGE_ORGANIZATION, path),
            may_decide=may(user, roles.CHANGE_TREE, path),
            may_notify=may_notify and path != top.path,
        )
        for each in rows
        for path in (each.then.organization.path,)
    ]


def _letters(request: HttpRequest, organization: Organization, state: str) -> HttpResponse:
    """Issue a letter about each term that is ticked and return them in one file."""
    back = HttpResponseRedirect(address_of("terms", organization, state=state))
    kind, form = NOTICE_OF.get(state), request.POST.get("form", "")
    if kind is None or form not in FORMS:
        messages.error(request, _now("Choose one of the lists of what is due, and a form."))
        return back
    keys = keys_among(request.POST.getlist("terms"))
    chosen = list(Term.objects.visible_to(request.user, roles.ISSUE).filter(pk__in=keys))
    try:
        if len(chosen) > SHOWN:
            text = _now("At most %(most)s letters are printed at once. Choose fewer.")
            raise ValidationError(text % {"most": SHOWN})
        with acting(request.user, ""):
            issued = Notice.issue(chosen, kind, organization, timezone.localdate(), by=request.user)
            printed = print_notices(issued, organization, form, timezone.localtime())
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return back
    except PaperError as error:
        messages.error(request, f"{error}")
        return back
    return paper_response(printed)


admin.site.page(  # type: ignore[attr-defined]
    "terms/",
    desk,
    "terms",
    roles.VIEW,
    Place(_("Terms and elections"), "terms", roles.VIEW, 27, icon="calendar"),
)
