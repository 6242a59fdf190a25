"""The transfers of an organisation and of everything below it: what waits, what is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from branches.models import Organization, may
from branches.rules import roles
from members.admin import doors
from members.admin.asking import AskingForm, asking
from members.admin.transfers.letters import printed
from members.admin.transfers.pages import BADGES, HERE, page
from members.models import Transfer, choices
from members.rules import transfers
from registry.admin import Place
from registry.admin.autocomplete import keys_among
from registry.models import acting

SHOWN = 100  # on one page, and letters at once
OPEN, ACCEPT, ALL = "open", "accept", "all"


class TransfersForm(AskingForm):
    show = forms.CharField(required=False, widget=forms.HiddenInput)
    direction = forms.ChoiceField(
        label=_("direction"),
        required=False,
        choices=lambda: [("", _now("both")), *choices.transfer_directions()],
    )
    year = forms.IntegerField(
        label=_("begun in the year"), required=False, min_value=1949, max_value=9999
    )


@dataclass(frozen=True)
class Line:
    """One transfer as a line of the list, and what this user may do with it."""

    transfer: Transfer
    name: str
    direction: str
    kind: str
    state: str
    label: str
    is_ticked: bool

    @property
    def badge(self) -> str:
        return BADGES.get(self.state, "")


@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """The transfers by how they stand; a POST issues or prints the letters that are ticked."""
    organization, asked = asking(request, TransfersForm, roles.VIEW)
    today = timezone.localdate()
    show = request.GET.get("show", "") or OPEN
    if request.method == "POST":
        return _letters(request, organization, show, today)
    rows = _asked_for(request, organization, asked)
    tabs = _tabs(rows, organization, show, today)
    found = _shown(rows, organization, show, today)
    shown = Paginator(found.with_people().order_by("-begun_on", "-pk"), SHOWN).get_page(
        request.GET.get("page", "")[:9]
    )
    may_issue = show == transfers.PROPOSED and may(request.user, roles.ISSUE, organization.path)
    may_print = may(request.user, roles.EXPORT_FULL, organization.path)
    answers = {name: request.GET.get(name, "") for name in ("show", "direction", "year")}
    return page(
        request,
        "list",
        organization,
        asking=asked,
        tabs=tabs,
        lines=[_line(each, organization, request, today, may_issue=may_issue) for each in shown],
        shown=shown,
        show=show,
        may_move=may(request.user, roles.MOVE, organization.path),
        may_issue=may_issue,
        may_print=may_print and show not in {transfers.PROPOSED, transfers.TO_PLACE, ACCEPT},
        query="&".join(f"{name}={value}" for name, value in answers.items() if value.isalnum()),
    )


def _asked_for(request: HttpRequest, organization: Organization, asked: TransfersForm) -> Any:
    """Return the transfers that the form above asks for, of every state; none where it errs."""
    rows = Transfer.objects.visible_to(request.user)
    if not asked.is_valid():
        return rows.none()
    answers = asked.cleaned_data
    sides = {transfers.OUT: rows.out_of, transfers.IN: rows.into}
    rows = sides.get(answers["direction"], rows.under)(organization)
    if year := answers["year"]:
        rows = rows.filter(begun_on__gte=date(year, 1, 1), begun_on__lte=date(year, 12, 31))
    return rows


def _shown(rows: Any, organization: Organization, show: str, today: date) -> Any:
    if show == ACCEPT:
        return rows.awaiting_acceptance().into(organization)
    if show == transfers.OVERDUE:
        return rows.without_receipt(today)  # of an expired letter as well
    if show in transfers.STATES:
        return rows.in_state(show, today)
    return rows if show == ALL else rows.open()


def _tabs(rows: Any, organization: Organization, show: str, today: date) -> list[dict[str, Any]]:
    """Return the parts of the list with how many are there; of the states those that occur."""
    counted = rows.counted(today)
    names = dict(choices.transfer_states())
    here = rows.awaiting_acceptance().into(organization).count()
    parts = [(OPEN, _now("open"), sum(counted[each] for each in counted if each in _OPEN))]
    parts.append((ACCEPT, _now("to be accepted here"), here))
    late = {transfers.OVERDUE: rows.without_receipt(today).count()}
    parts += [(each, names[each], number) for each, number in (counted | late).items() if number]
    parts.append((ALL, _now("all"), sum(counted.values())))
    if show in names and not (counted | late)[show]:
        parts.insert(2, (show, names[show], 0))
    return [
        {
            "label": label,
            "number": number,
            "url": doors.address_of(HERE, organization, show=part),
            "here": part == show,
        }
        for part, label, number in parts
    ]


_OPEN = frozenset(transfers.STATES) - frozenset(transfers.ENDINGS)


def _line(
    transfer: Transfer,
    organization: Organization,
    request: HttpRequest,
    today: date,
    *,
    may_issue: bool,
) -> Line:
    state = transfer.state(today)
    giver = transfer.from_organization
    given = giver is not None and giver.path.startswith(organization.path)
    return Line(
        transfer=transfer,
        name=transfer.name_for(request.user),
        direction=choices_of_direction()[transfers.OUT if given else transfers.IN],
        kind=transfer.get_kind_display(),
        state=state,
        label=dict(choices.transfer_states())[state],
        is_ticked=given and (may_issue or transfer.number is not None),
    )


def choices_of_direction() -> dict[str, str]:
    return dict(choices.transfer_directions())


def _letters(
    request: HttpRequest, organization: Organization, show: str, today: date
) -> HttpResponse:
    """Issue the letters that are ticked, or print them in one file."""
    back = HttpResponseRedirect(doors.address_of(HERE, organization, show=show))
    keys = keys_among(request.POST.getlist("transfers"))[: SHOWN + 1]
    is_issue = request.POST.get("do") == "issue"
    verb = roles.ISSUE if is_issue else roles.EXPORT_FULL
    chosen = list(Transfer.objects.given_by(request.user, verb).filter(pk__in=keys).with_people())
    try:
        if not 0 < len(chosen) <= SHOWN:
            text = _now("Tick letters, at most %(most)s of them at once.")
            raise ValidationError(text % {"most": SHOWN})
        if not is_issue:
            return printed(request, chosen, reason=request.POST.get("reason", ""))
        with acting(request.user, ""):
            issued = Transfer.issue_letters(chosen, today, today, by=request.user)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return back
    text = ngettext("%(count)s letter is issued.", "%(count)s letters are issued.", len(issued))
    messages.success(request, text % {"count": len(issued)})
    show = issued[0].state(today)
    return HttpResponseRedirect(doors.address_of(HERE, organization, show=show))


admin.site.page(  # type: ignore[attr-defined]
    "transfers/",
    listing,
    HERE,
    roles.VIEW,
    Place(_("Transfers"), HERE, roles.VIEW, 12, icon="move"),
)
