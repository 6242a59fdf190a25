"""One step of one file: entered, taken back, returned to the branch and answered there."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from branches.rules import roles
from members.admin.deeds import DeedForm, typed
from members.admin.development.file_pages import (
    NotYet,
    ReasonForm,
    back_to,
    deed_page,
    enters,
    file_of,
    is_done,
    step_of,
)
from members.admin.development.step_forms import StepForm, initial_of
from members.models import SentBack, StepTaken
from members.models.development.acting import acting_organization
from members.rules import development
from registry.language import said
from registry.login.kept_forms import keeps_form
from registry.plain_text import PlainTexts

BRANCH = "branch"


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """The form of a step. A branch may also enter from old papers what a committee has done."""
    file = file_of(request, pk)
    definition = step_of(file, step)
    user, today = request.user, timezone.localdate()
    own = enters(user, file, definition.acts)
    if not own and not enters(user, file, BRANCH):
        raise PermissionDenied
    initial = initial_of(file, definition, today)
    if not own:
        initial = {"historical": True}
    form = StepForm(typed(request), file=file, step=definition, user=user, initial=initial)

    def take() -> None:
        asked = form.for_the_verb()
        form.show(file.objections(step, by=user, today=today, **asked))
        if form.errors or form.asks_to_confirm:
            raise NotYet
        file.record(step, by=user, today=today, **asked)

    names = {"step": said(definition.label), "name": file.name}
    if is_done(request, form, take):
        return back_to(
            request, file, _now("“%(step)s” of %(name)s is recorded.") % names, f"step-{step}"
        )
    if request.method == "POST" and not form.is_judged:
        # A box could not be read; what else there is to say is said at once.
        form.show(file.objections(step, by=user, today=today, **form.for_the_verb()))
    return deed_page(
        request,
        file,
        form,
        _now("%(name)s: %(step)s") % names,
        _("Record all the same") if form.warned and not form.errors else _("Record"),
        template="step",
        step=definition,
        stage=development.STAGES[definition.stage],
        waits_for="" if own else acting_organization(file.organization, definition.acts),
        taken=file.steps.in_force().filter(step=step),
    )


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    rows = StepTaken.objects.visible_to(request.user)
    row = get_object_or_404(rows, pk=pk)
    file = file_of(request, row.file_id)
    acts = step_of(file, row.step).acts
    if not enters(request.user, file, acts) and not enters(request.user, file, BRANCH):
        raise PermissionDenied
    form, today = ReasonForm(typed(request)), timezone.localdate()
    names = {"step": row.label, "name": file.name}

    def take_back() -> None:
        file.withdraw(row, form.cleaned_data["reason"], by=request.user, on=today)

    if is_done(request, form, take_back):
        text = _now("“%(step)s” of %(name)s is withdrawn.") % names
        return back_to(request, file, text, f"step-{row.step}")
    return deed_page(
        request,
        file,
        form,
        _now("Withdraw “%(step)s” of %(name)s") % names,
        _("Withdraw"),
        consequences=[
            _now("The step stays in the history, marked as withdrawn, with your reason."),
            _now("What it has changed in the register of members is given back."),
        ],
    )


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    file = file_of(request, pk)
    definition = step_of(file, step)
    if not enters(request.user, file, definition.acts):
        raise PermissionDenied
    form, today = ReasonForm(typed(request)), timezone.localdate()
    names = {"step": said(definition.label), "name": file.name}

    def do() -> None:
        file.send_back(step, form.cleaned_data["reason"], by=request.user, on=today)

    if is_done(request, form, do):
        text = _now("The file of %(name)s is back at the branch.") % names
        return back_to(request, file, text, f"step-{step}")
    return deed_page(
        request,
        file,
        form,
        _now("Send the file of %(name)s back before “%(step)s”") % names,
        _("Send back"),
        consequences=[
            _now("The branch sees your reason, and answers when it has mended what is missing."),
            _now("Until then the step waits for the branch."),
        ],
    )


class AnswerForm(PlainTexts, DeedForm):
    answer = forms.CharField(
        label=_("what has been mended"), required=False, max_length=200, widget=forms.TextInput
    )


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(SentBack.objects.visible_to(request.user), pk=pk)
    file = file_of(request, row.file_id)
    if not enters(request.user, file, BRANCH):
        raise PermissionDenied
    form, today = AnswerForm(typed(request)), timezone.localdate()

    def do() -> None:
        file.answer(row.step, form.cleaned_data["answer"], by=request.user, on=today)

    if is_done(request, form, do):
        text = _now("The step waits for the committee again.")
        return back_to(request, file, text, f"step-{row.step}")
    return deed_page(
        request,
        file,
        form,
        _now("Answer the return of %(name)s") % {"name": file.name},
        _("Answer"),
        facts=[(_("sent back on"), row.sent_back_on), (_("reason"), row.reason)],
    )


for route, view, name in (
    ("development/files/<int:pk>/steps/<slug:step>/", enter, "development_step"),
    ("development/files/<int:pk>/steps/<slug:step>/send-back/", send_back, "development_send_back"),
    ("development/steps/<int:pk>/withdraw/", withdraw, "development_withdraw"),
    ("development/returns/<int:pk>/answer/", answer, "development_answer"),
):
    admin.site.page(route, view, name, roles.VIEW)  # type: ignore[attr-defined]
