"""A page that prints one paper: a button for each form, and one with full numbers for a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now

from branches.rules import roles
from members.admin.rosters import LONGEST_REASON, paper_response
from members.papers.member_form import MEMBER_FORM
from members.papers.printing import print_paper
from registry import access
from registry.models import acting
from registry.papers.catalogue import Asked, Paper
from registry.papers.compiling import PaperError


@dataclass(frozen=True)
class PrintPage:
    """What is printed there, of a member or of a file; ``facts`` are said above the buttons."""

    paper: Paper
    subject: Any
    day: date
    title: str
    opts: Any  # of the list that it came from
    facts: Sequence[tuple[str | Promise, Any]] = ()
    warnings: Sequence[str] = ()
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def subject_url_name(self) -> str:
        """The page of whom the paper is about."""
        return f"admin:{self.subject._meta.app_label}_{self.subject._meta.model_name}_change"


def print_page(request: HttpRequest, page: PrintPage) -> HttpResponse:
    """Return the page, or the paper in the form that is asked for; in full by POST and a reason.

    The caller has made sure that the user may print it.
    """
    posted = request.method == "POST"
    asked_form = (request.POST if posted else request.GET).get("form", "")
    may_open = page.paper.protected and access.may_on(request.user, roles.EXPORT_FULL, page.subject)
    if posted and not may_open:
        raise PermissionDenied
    if posted or asked_form:
        return _printed(request, page, asked_form, in_full=posted)
    context = {
        **admin.site.each_context(request),
        "title": page.title,
        "opts": page.opts,
        "page": page,
        "may_see_subject": access.may_on(request.user, roles.VIEW, page.subject),
        "may_open": may_open,
        "longest_reason": LONGEST_REASON,
    }
    return TemplateResponse(request, "admin/members/print.html", context)


def _printed(request: HttpRequest, page: PrintPage, form: str, *, in_full: bool) -> HttpResponse:
    reason = request.POST.get("reason", "").strip()[:LONGEST_REASON] if in_full else ""
    sentences: list[str] = []
    if form not in page.paper.forms:
        sentences = [_now("This paper has no form “%(form)s”.") % {"form": form[:20]}]
    elif in_full and not reason:
        sentences = [_now("Say what the full numbers are needed for.")]
    else:
        asked = Asked(
            day=page.day,
            reader=request.user,
            printed_by=f"{request.user}",
            at=timezone.localtime(),
            in_full=in_full,
            reason=reason,
            more=page.more,
        )
        try:
            with acting(request.user, reason):
                return paper_response(print_paper(page.paper, page.subject, asked, form))
        except ValidationError as error:
            sentences = error.messages
        except PaperError as error:
            sentences = [f"{error}"]
    for sentence in sentences:
        messages.error(request, sentence)
    return HttpResponseRedirect(request.path)


class MemberFormPage:
    """Mixin of the members' admin: ``<pk>/form/`` prints the information form of a member."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[Any]:
        page = path(
            "<path:object_id>/form/",
            self.admin_site.admin_view(self.form_view),
            name="members_member_form",
        )
        return [page, *super().get_urls()]  # type: ignore[misc]

    def form_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        model_admin: Any = self
        member = model_admin.get_object(request, unquote(object_id))
        if member is None:
            missing: HttpResponse = model_admin._get_obj_does_not_exist_redirect(
                request, self.opts, object_id
            )
            return missing
        if not access.may_on(request.user, roles.PRINT, member):
            raise PermissionDenied
        page = PrintPage(
            paper=MEMBER_FORM,
            subject=member,
            day=timezone.localdate(),
            title=_now("Information form of %(name)s") % {"name": member.name},
            opts=self.opts,
        )
        return print_page(request, page)
