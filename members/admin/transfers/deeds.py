"""What is done to a transfer on its way: one page for each step, and why one is not possible."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from branches.rules import roles
from members.admin import doors
from members.admin.deeds import done, is_done, typed
from members.admin.transfers.pages import HERE, address_of, deed, side_of
from members.admin.transfers.step_forms import (
    AcceptForm,
    IssueForm,
    PassOnForm,
    PlaceForm,
    ReceiptForm,
    ReissueForm,
    ReturnForm,
    SendBackForm,
    StepForm,
    TakeBackForm,
    WithdrawForm,
)
from members.models import Transfer
from members.rules import transfers
from registry.language import said
from registry.login.kept_forms import keeps_form
from registry.models import acting
from registry.sentences import ERROR, Sentence

GIVING, TAKING = "giving", "taking"


@dataclass(frozen=True)
class Step:
    """One step as a page: for which sorts of transfer, who takes it, and what follows.

    ``against`` returns what speaks against it today, whatever day is entered.
    """

    code: str
    button: str | Promise
    done: str | Promise
    verb: str
    form: type[StepForm]
    sides: dict[tuple[str, str], str]  # who takes it, by direction and kind
    against: Callable[[Any, date], list[Sentence]]
    follows: tuple[str | Promise, ...] = ()


def _errors(found: list[Sentence]) -> list[Sentence]:
    return [each for each in found if each.level == ERROR]


def _accepting(transfer: Any, today: date) -> list[Sentence]:
    return transfers.accepting_objections(transfer.course(), transfer.called, today, today)


def _closing(transfer: Any, today: date) -> list[Sentence]:
    return transfers.closing_objections(transfer.course(), today, today)


def _issuing(transfer: Any, today: date) -> list[Sentence]:
    if transfer.state(today) == transfers.PROPOSED:
        return []
    return [Sentence("The letter was issued already.", code="issued")]


def _reissuing(transfer: Any, today: date) -> list[Sentence]:
    if transfer.state(today) == transfers.PROPOSED:
        return [Sentence("The letter was not issued yet.", code="not_issued")]
    return _closing(transfer, today)


def _passing_on(transfer: Any, today: date) -> list[Sentence]:
    if transfer.passed_on is not None:
        return [Sentence("It was passed on already.", code="passed_on")]
    return _closing(transfer, today)


def _receiving(transfer: Any, today: date) -> list[Sentence]:
    found = transfers.receipt_objections(transfer.course(), transfer.name, today, today, today)
    if transfer.passing_through_id is not None and transfer.passed_on is None:
        found += _accepting(transfer, today)
    return found


def _returning(transfer: Any, today: date) -> list[Sentence]:
    if transfer.accepted_on is None and not transfer.ending:
        return [Sentence("Nobody is placed in a branch yet.", code="not_placed")]
    return transfers.receipt_objections(transfer.course(), transfer.name, today, today, today)


def _taking_back(transfer: Any, _today: date) -> list[Sentence]:
    if transfer.ending == transfers.COMPLETE:
        return []
    return [Sentence("Nothing was accepted yet.", code="not_accepted")]


_INTERNAL_OUT = (transfers.OUT, transfers.INTERNAL)
_ONLINE_OUT = (transfers.OUT, transfers.ONLINE)
_LETTER_OUT = (transfers.OUT, transfers.LETTER)
_ONLINE_IN = (transfers.IN, transfers.ONLINE)
_LETTER_IN = (transfers.IN, transfers.LETTER)

STEPS = (
    Step(
        "issue",
        _("Issue the letter"),
        _("The letter is issued."),
        roles.ISSUE,
        IssueForm,
        {_LETTER_OUT: GIVING},
        _issuing,
        (
            _("It gets the next number of the year of the committee that stamps it."),
            _("The receipt is due within a month."),
        ),
    ),
    Step(
        "pass-on",
        _("Passed on"),
        _("The letter is passed on."),
        roles.ISSUE,
        PassOnForm,
        {_LETTER_OUT: GIVING},
        _passing_on,
    ),
    Step(
        "accept",
        _("Accept"),
        _("The acceptance is entered."),
        roles.MOVE,
        AcceptForm,
        {_INTERNAL_OUT: TAKING, _ONLINE_OUT: GIVING, _LETTER_OUT: GIVING},
        _accepting,
        (
            _("From that day the new organisation answers for him: the stay in the old one ends."),
            _("Posts are not ended by a move: end them on the member's page."),
        ),
    ),
    Step(
        "receipt",
        _("Enter the receipt"),
        _("The receipt is entered."),
        roles.ISSUE,
        ReceiptForm,
        {_LETTER_OUT: GIVING},
        _receiving,
        (_("He leaves the roll on the day on which the new organisation has accepted him."),),
    ),
    Step(
        "reissue",
        _("Issue again"),
        _("The letter is issued again."),
        roles.ISSUE,
        ReissueForm,
        {_LETTER_OUT: GIVING},
        _reissuing,
        (_("The old letter serves no more. The new one has a number of its own."),),
    ),
    Step(
        "place",
        _("Place in a branch"),
        _("He is placed."),
        roles.MOVE,
        PlaceForm,
        {_ONLINE_IN: TAKING, _LETTER_IN: TAKING},
        _accepting,
        (
            _("He is on the roll of the branch from that day, as transferred in."),
            _("Who had left this register by a transfer is back under his old number."),
        ),
    ),
    Step(
        "return",
        _("Receipt sent"),
        _("The receipt is sent."),
        roles.MOVE,
        ReturnForm,
        {_LETTER_IN: TAKING},
        _returning,
    ),
    Step(
        "send-back",
        _("Send back"),
        _("The transfer is sent back."),
        roles.MOVE,
        SendBackForm,
        {
            _INTERNAL_OUT: TAKING, _ONLINE_OUT: GIVING, _LETTER_OUT: GIVING, _ONLINE_IN: TAKING,
            _LETTER_IN: TAKING,
        },
        _closing,
        (_("He stays with the old organisation. It may not refuse without a reason."),),
    ),
    Step(
        "withdraw",
        _("Withdraw the transfer"),
        _("The transfer is withdrawn."),
        roles.MOVE,
        WithdrawForm,
        {_INTERNAL_OUT: GIVING, _ONLINE_OUT: GIVING, _LETTER_OUT: GIVING},
        _closing,
        (_("He stays where he is. The number of a letter is not given out again."),),
    ),
    Step(
        "take-back",
        _("Take the acceptance back"),
        _("The acceptance is taken back."),
        roles.MOVE,
        TakeBackForm,
        {_INTERNAL_OUT: TAKING},
        _taking_back,
        (_("Only as long as nothing was built on it: he is in the old branch as if never gone."),),
    ),
)  # fmt: skip


def steps_of(transfer: Transfer, user: Any, today: date) -> Iterator[tuple[Any, str, list[str]]]:
    """Yield the steps that ``user`` may take in this sort of transfer: button, address, and why
    it cannot be taken now."""
    for step in STEPS:
        side = step.sides.get((transfer.direction, transfer.kind))
        if side is None or not _rows(step, side, user).filter(pk=transfer.pk).exists():
            continue
        if step.form is PassOnForm and not transfer.is_passed_on_by(user):
            continue
        address = reverse(f"admin:transfer_{step.code}", args=[transfer.pk])
        yield step.button, address, [said(each) for each in _errors(step.against(transfer, today))]


def _rows(step: Step, side: str, user: Any) -> Any:
    rows = Transfer.objects
    return rows.given_by(user, step.verb) if side == GIVING else rows.taken_by(user, step.verb)


def _transfer(request: HttpRequest, pk: int, step: Step) -> Any:
    """Return the transfer, where this user takes this step in it; 404 for any other."""
    found = Transfer.objects.none()
    for (direction, kind), side in step.sides.items():
        rows = _rows(step, side, request.user).filter(direction=direction, kind=kind, pk=pk)
        found |= rows
    return get_object_or_404(found.with_people())


@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, pk: int, *, step: Step) -> HttpResponse:
    transfer = _transfer(request, pk, step)
    form = step.form(typed(request), transfer=transfer, user=request.user)
    today = timezone.localdate()
    organization = side_of(transfer, request.user)

    def act(**said: Any) -> None:
        with acting(request.user, said.get("reason", "")):
            form.take(today, **said)

    facts = facts_of(transfer, request.user, today)
    if is_done(request, form, act):
        address = address_of(transfer)
        if not Transfer.objects.visible_to(request.user).filter(pk=pk).exists():
            address = doors.address_of(HERE, organization)
        return done(request, address, f"{step.done}")
    return deed(
        request,
        organization,
        form,
        step.button,
        facts=facts,
        consequences=step.follows,
        back=address_of(transfer),
    )


def facts_of(transfer: Transfer, user: Any, today: date) -> list[tuple[str, Any]]:
    """Return what a transfer is, as far as this side needs it."""
    person = transfer.person
    facts = [
        (_now("name"), transfer.name_for(user)),
        (_now("membership"), person.get_kind_display() if person else ""),
        (_now("kind of transfer"), transfer.get_kind_display()),
        (pgettext("transfer", "from"), transfer.origin),
        (pgettext("transfer", "to"), transfer.destination),
        (_now("addressee"), transfer.addressee),
        (_now("dues paid to"), transfer.paid_to and f"{transfer.paid_to:%Y-%m}"),
        (pgettext("transfer", "number"), transfer if transfer.number or transfer.document else ""),
        (_now("begun on"), transfer.begun_on),
    ]
    return [(label, value) for label, value in facts if value]


for _step in STEPS:
    admin.site.page(  # type: ignore[attr-defined]
        f"transfers/<int:pk>/{_step.code}/",
        keeps_form(partial(take, step=_step)),
        f"transfer_{_step.code}",
        _step.verb,
    )
