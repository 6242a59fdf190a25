"""Where a file goes and whether it goes on: moved, stopped, taken up again, marked as wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from branches.models import Organization
from branches.rules import roles
from members.admin.deeds import typed
from members.admin.development.file_pages import (
    DayForm,
    ReasonForm,
    back_to,
    deed_page,
    file_of,
    is_done,
)
from members.admin.verb_forms import offer_branches_within_reach
from members.models import DevelopmentFile, Member, choices
from registry import access
from registry.admin.autocomplete import ScopedAutocomplete
from registry.login.kept_forms import keeps_form


class MoveForm(DayForm):
    organization = forms.ModelChoiceField(
        label=_("to branch"),
        required=True,
        queryset=Organization.objects.none(),
        widget=ScopedAutocomplete(Member._meta.get_field("organization"), admin.site),
    )
    reason = forms.CharField(
        label=_("why"), required=False, max_length=200, help_text=_("Stands in the history.")
    )
    field_order = ("organization", "on", "reason")

    def __init__(self, data: Any, *, user: Any) -> None:
        super().__init__(data)
        offer_branches_within_reach(self.fields["organization"], user)

    def do(self, file: DevelopmentFile, user: Any, today: date) -> None:
        file.move_to(self.cleaned_data["organization"], self.cleaned_data["on"], by=user)


class StopForm(DayForm):
    stop_reason = forms.ChoiceField(label=_("why"))
    stop_note = forms.CharField(
        label=_("what else there is to say"), required=False, max_length=200
    )
    field_order = ("stop_reason", "stop_note", "on")

    def __init__(self, data: Any, *, user: Any) -> None:
        super().__init__(data)
        field: Any = self.fields["stop_reason"]
        field.choices = [("", "---------"), *choices.stop_reasons()]

    def do(self, file: DevelopmentFile, user: Any, today: date) -> None:
        said = self.cleaned_data
        file.stop(said["stop_reason"], said["stop_note"], said["on"], by=user)


class ResumeForm(DayForm):
    reason = forms.CharField(
        label=_("why"), required=False, max_length=200, help_text=_("Stands in the history.")
    )

    def __init__(self, data: Any, *, user: Any) -> None:
        super().__init__(data)

    def do(self, file: DevelopmentFile, user: Any, today: date) -> None:
        file.resume(self.cleaned_data["on"], self.cleaned_data["reason"], by=user)


class WrongForm(ReasonForm):
    def __init__(self, data: Any, *, user: Any) -> None:
        super().__init__(data)

    def do(self, file: DevelopmentFile, user: Any, today: date) -> None:
        file.mark_wrong(self.cleaned_data["reason"])


@dataclass(frozen=True)
class Course:
    """One such verb as a page; ``fits`` says for which files it is offered."""

    name: str
    title: str | Promise
    button: str | Promise
    done: str | Promise
    verb: str
    form: Any
    fits: Callable[[DevelopmentFile], bool]
    consequences: tuple[str | Promise, ...]


COURSES = (
    Course(
        "move",
        _("Move the file of %(name)s to another branch"),
        pgettext_lazy("file", "Move"),
        _("The file of %(name)s was moved."),
        roles.MOVE,
        MoveForm,
        lambda file: not file.wrong_entry,
        (
            _("What was done so far goes on counting, the time as an activist too."),
            _("A member on the roll goes there with the file."),
        ),
    ),
    Course(
        "stop",
        _("Stop the file of %(name)s"),
        pgettext_lazy("file", "Stop"),
        _("The file of %(name)s is stopped."),
        roles.CHANGE,
        StopForm,
        lambda file: file.is_open,
        (_("The file waits for nothing any more. It can be started again."),),
    ),
    Course(
        "resume",
        _("Start the file of %(name)s again"),
        pgettext_lazy("file", "Start again"),
        _("The file of %(name)s goes on."),
        roles.CHANGE,
        ResumeForm,
        lambda file: bool(file.stopped_on) and not file.wrong_entry,
        (_("What was done before goes on counting."),),
    ),
    Course(
        "mark_wrong",
        _("Mark the file of %(name)s as a wrong entry"),
        _("Wrong entry"),
        _("The file of %(name)s is marked as a wrong entry."),
        roles.MARK_WRONG,
        WrongForm,
        lambda file: not file.wrong_entry,
        (
            _("The file counts nowhere, as if never entered, and its ID number is free again."),
            _("It stays visible, marked as wrong. This cannot be taken back."),
        ),
    ),
)


def courses_for(file: DevelopmentFile, user: Any) -> list[dict[str, Any]]:
    """Return the pages that ``user`` may open for ``file``, as buttons."""
    verbs = {course.verb for course in COURSES}
    allowed = {verb: access.may_on(user, verb, file) for verb in verbs}
    return [
        {
            "label": course.button,
            "url": reverse(f"admin:development_{course.name}", args=[file.pk]),
        }
        for course in COURSES
        if allowed[course.verb] and course.fits(file)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def course_page(request: HttpRequest, pk: int, *, course: Course) -> HttpResponse:
    file = file_of(request, pk)
    if not access.may_on(request.user, course.verb, file):
        raise PermissionDenied
    form, names = course.form(typed(request), user=request.user), {"name": file.name}

    def do() -> None:
        form.do(file, request.user, timezone.localdate())

    if is_done(request, form, do):
        return back_to(request, file, f"{course.done}" % names)
    return deed_page(
        request,
        file,
        form,
        f"{course.title}" % names,
        course.button,
        consequences=[f"{each}" for each in course.consequences],
        facts=[(_now("now in"), file.organization)] if course.name == "move" else [],
    )


for course in COURSES:
    admin.site.page(  # type: ignore[attr-defined]
        f"development/files/<int:pk>/{course.name.replace('_', '-')}/",
        keeps_form(partial(course_page, course=course)),
        f"development_{course.name}",
        roles.VIEW,
    )
