"""Papers of all branches: ordered here, printed in the background, fetched by whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from branches.models import Organization
from branches.models.grants import may
from branches.rules import roles
from members.models import Office, PrintJob
from members.models.print_jobs import Bound
from members.papers.batches import batch_of
from members.papers.kinds import PAPERS
from members.papers.print_jobs import answered, may_fetch
from members.papers.roster import ROSTER
from members.tasks import print_branches
from registry.admin.autocomplete import ScopedAutocomplete, keys_among
from registry.admin.progress import progress_of
from registry.downloads import attachment
from registry.forms import DayField
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.writing import CONTENT_TYPES, PDF

LONGEST_REASON = 200
MOST_LISTED = 30
MOST_WAITING = 3  # jobs of one user that are not printed yet
ZIP_TYPE = "application/zip"


class PrintJobForm(forms.Form):
    """Of which organisation, as at which day, how bound, and whether with full numbers."""

    organization = forms.ModelChoiceField(
        queryset=Organization.objects.none(),
        label=_("All branches below"),
        # Any field that points at every kind of organisation.
        widget=ScopedAutocomplete(Office._meta.get_field("organization"), admin.site),
        error_messages={
            "required": _("Choose the organisation."),
            "invalid_choice": _("This is no organisation of yours. Choose one of the list."),
        },
    )
    on = DayField(
        label=_("as at"),
        error_messages={"required": _("Choose the day.")},
    )
    bound = forms.ChoiceField(label=_("bound as"), choices=Bound.choices, widget=forms.RadioSelect)
    in_full = forms.BooleanField(label=_("with full numbers"), required=False)
    reason = forms.CharField(
        label=_("What the full numbers are needed for (kept in the log)"),
        max_length=LONGEST_REASON,
        required=False,
    )

    def __init__(
        self, data: Any, *, user: Any, paper: Paper, answers: Mapping[str, str], **said: Any
    ) -> None:
        super().__init__(data, label_suffix="")
        self.user, self.paper, self.answers = user, paper, answers
        mine = Organization.objects.visible_to(user, paper.verb)
        self.fields["organization"].queryset = mine  # type: ignore[attr-defined]
        top = mine.standing().order_by("path").first()
        self.fields["organization"].initial = top.pk if top else None
        self.fields["on"].initial = timezone.localdate()
        self.fields["bound"].initial = Bound.ZIP
        self.initial.update(said)
        if not may(user, roles.EXPORT_FULL):
            del self.fields["in_full"], self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        organization, day = cleaned.get("organization"), cleaned.get("on")
        if cleaned.get("in_full"):
            if not cleaned.get("reason"):
                self.add_error("reason", _now("Say what the full numbers are needed for."))
            if organization and not may(self.user, roles.EXPORT_FULL, organization.path):
                self.add_error("in_full", _now("You may print there with masked numbers only."))
        if organization and day:
            try:
                more = answered(self.paper, day, self.answers)
                batch_of(
                    self.paper,
                    organization,
                    Asked(day, self.user, "", timezone.localtime(), more=more),
                )
            except ValidationError as error:
                self._refuse(error)
        return cleaned

    def _refuse(self, error: ValidationError) -> None:
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else NON_FIELD_ERRORS, errors)


@require_http_methods(["GET", "HEAD", "POST"])
def print_jobs(request: HttpRequest) -> HttpResponse:
    """One's own jobs, and the form that orders another."""
    said = request.POST if request.method == "POST" else request.GET
    paper = _paper_of(request, said.get("paper", ROSTER.key))
    answers = _answers_of(paper, said)
    mine = PrintJob.objects.visible_to(request.user).without_file().select_related("organization")
    form = PrintJobForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        paper=paper,
        answers=answers,
        **_asked_for(request, paper),
    )
    if request.method == "POST" and form.is_valid():
        if mine.printing().count() < MOST_WAITING:
            return _to(_order(form, paper))
        form.add_error(None, _now("Three print jobs of yours are not done yet. Wait for one."))
    context = {
        **admin.site.each_context(request),
        "title": _now("Papers of all branches"),
        "form": form,
        "media": form.media,
        "paper": paper,
        "papers": _papers(request),
        "answers": answers,
        "jobs": [(job, _title_of(job)) for job in mine[:MOST_LISTED]],
    }
    return TemplateResponse(request, "admin/members/print_jobs.html", context)


@require_safe
def print_job(request: HttpRequest, job_id: int) -> HttpResponse:
    """How far a job is, and when it is done the way to its file and what to tell of it."""
    job = _job_of(request, job_id)
    context = {
        **admin.site.each_context(request),
        "title": _title_of(job),
        "job": job,
        "may_fetch": job.is_there and may_fetch(job, request.user),
        **(progress_of(job) if job.is_running else {}),
    }
    return TemplateResponse(request, "admin/members/print_job.html", context)


@require_safe
def print_job_file(request: HttpRequest, job_id: int) -> HttpResponseBase:
    """The file; whether he may still have it is asked once more."""
    job = _job_of(request, job_id)
    if not (job.is_there and may_fetch(job, request.user)):
        raise _missing()
    kind = ZIP_TYPE if job.bound == Bound.ZIP else CONTENT_TYPES[PDF]
    return attachment(f"{_title_of(job)}.{job.bound}", bytes(job.file), kind)


@require_POST
def stop_print_job(request: HttpRequest, job_id: int) -> HttpResponse:
    job = _job_of(request, job_id)
    if job.is_running and (job.started_at is None or job.is_silent):  # nobody would hear of it
        job.give_up()
    elif job.is_running:
        job.stop()
    return _to(job)


@require_POST
def print_again(request: HttpRequest, job_id: int) -> HttpResponse:
    """Begin once more what a worker has not ended: nothing of it was kept."""
    job = _job_of(request, job_id)
    if job.again():
        print_branches.enqueue(job.pk)
    else:
        messages.info(request, _now("It is being worked on. Wait a moment."))
    return _to(job)


def _order(form: PrintJobForm, paper: Paper) -> PrintJob:
    asked = form.cleaned_data
    in_full = bool(asked.get("in_full"))
    job = PrintJob.order(
        form.user,
        asked["organization"],
        paper=paper.key,
        on=asked["on"],
        bound=asked["bound"],
        in_full=in_full,
        reason=asked["reason"] if in_full else "",
        answers=dict(form.answers),
        language=get_language() or "",
    )
    print_branches.enqueue(job.pk)
    return job


def _papers(request: HttpRequest) -> list[Paper]:
    """The papers of branches that the user may print somewhere."""
    return [
        paper
        for paper in PAPERS.values()
        if paper.about == About.ORGANIZATION
        and PDF in paper.forms
        and may(request.user, paper.verb)
    ]


def _paper_of(request: HttpRequest, key: str) -> Paper:
    paper = next((each for each in _papers(request) if each.key == key), None)
    if paper is None:
        raise Http404(_now("There is no such paper."))
    return paper


def _answers_of(paper: Paper, said: Mapping[str, str]) -> dict[str, str]:
    """Return what the address or the form says of the paper's own questions."""
    names = paper.questions.base_fields if paper.questions else ()
    return {name: said[name] for name in names if said.get(name)}


def _asked_for(request: HttpRequest, paper: Paper) -> dict[str, Any]:
    """What the address of the page says already; a foreign organisation is as good as none."""
    mine = Organization.objects.visible_to(request.user, paper.verb)
    found = mine.filter(pk__in=keys_among(request.GET.getlist("organization"))).first()
    asked: dict[str, Any] = {"organization": found.pk} if found else {}
    return asked | {name: request.GET[name] for name in ("on", "bound") if name in request.GET}


def _title_of(job: PrintJob) -> str:
    paper = PAPERS.get(job.paper)
    return f"{job.organization}各支部{paper.title if paper else job.paper}（{job.on:%Y-%m-%d}）"


def _job_of(request: HttpRequest, job_id: int) -> PrintJob:
    """Return a job of this user; any other is not there."""
    mine = PrintJob.objects.visible_to(request.user).without_file().select_related("organization")
    job = mine.filter(pk=job_id).first()
    if job is None:
        raise _missing()
    return job


def _missing() -> Http404:
    return Http404(_now("There is no such print job, or it has been erased. Print it again."))


def _to(job: PrintJob) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:print_job", args=[job.pk]))


for route, view, name in (
    ("print-jobs/", print_jobs, "print_jobs"),
    ("print-jobs/<int:job_id>/", print_job, "print_job"),
    ("print-jobs/<int:job_id>/file/", print_job_file, "print_job_file"),
    ("print-jobs/<int:job_id>/stop/", stop_print_job, "stop_print_job"),
    ("print-jobs/<int:job_id>/again/", print_again, "print_again"),
):
    admin.site.page(route, view, name, roles.PRINT)  # type: ignore[attr-defined]
