"""The pages that print papers about organisations: what each asks, what will print, and the file.

Each kind of paper has two addresses: ``papers/KEY/`` asks and shows what will print,
``papers/KEY/NUMBER/`` is the file of one organisation. Rosters have a page of their own
(``members/admin/rosters.py``), and papers about a member stand on his record.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, partial
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from branches.models import Organization, may
from branches.rules import roles
from members.admin.rosters import LONGEST_REASON, DayForm, paper_response
from members.papers.kinds import DEVELOPMENT, DUES, PAPERS, ROSTERS
from members.papers.printing import OFFICE_TYPEFACES, print_paper
from registry.admin import Place
from registry.admin.autocomplete import keys_among
from registry.language import said
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.compiling import PaperError
from registry.papers.glyphs import missing_glyph_warnings
from registry.papers.lists import ListPaper
from registry.papers.writing import Printable

SHOWN = 50  # rows on the screen; the paper holds all
# Those that have a page here, and those that this page leads to.
OF_ORGANIZATIONS = [each for each in PAPERS.values() if each.about == About.ORGANIZATION]


class Question:
    """What is asked of a paper: whose, as at which day, and the answers to its own questions.

    Where nothing is said it is the user's own organisation as at today. Raises Http404 for
    somebody else's organisation and for one that never was.
    """

    def __init__(self, request: HttpRequest, paper: Paper, pk: int | str | None = None) -> None:
        self.request, self.paper = request, paper
        sent = request.POST if request.method == "POST" else request.GET
        data: dict[str, Any] = sent.dict()
        if pk is not None:
            data["organization"] = str(pk)
        own = Organization.objects.visible_to(request.user, paper.verb)
        if "organization" not in data:
            top = own.standing().order_by("path").first() or own.first()
            data["organization"] = str(top.pk) if top else ""
        data.setdefault("on", f"{timezone.localdate():%Y-%m-%d}")
        self.data = data
        self.organization = own.filter(pk__in=keys_among([data["organization"]])).first()
        if self.organization is None and data["organization"].isdecimal():
            raise Http404(_now("There is no such organisation."))
        self.form = DayForm(data, own)
        self.more = self._questions()

    def _questions(self) -> forms.Form | None:
        if self.paper.questions is None:
            return None
        self.form.is_valid()
        day = self.form.cleaned_data.get("on") or timezone.localdate()
        for name, answer in self.paper.questions.answers_on(day).items():
            self.data.setdefault(name, answer)
        return self.paper.questions(self.data, label_suffix="")

    @property
    def forms(self) -> list[forms.Form]:
        return [self.form, self.more] if self.more else [self.form]

    @property
    def said(self) -> dict[str, str]:
        """What is asked, by the names of the fields."""
        names = [name for form in self.forms for name in form.fields]
        return {name: f"{self.data[name]}" for name in names if name in self.data}

    def is_valid(self) -> bool:
        return all(form.is_valid() for form in self.forms)

    def asked(self, *, in_full: bool = False, reason: str = "") -> Asked:
        return Asked(
            day=self.form.cleaned_data["on"],
            reader=self.request.user,
            printed_by=f"{self.request.user}",
            at=timezone.localtime(),
            in_full=in_full,
            reason=reason,
            more=self.more.cleaned_data if self.more else {},
        )

    @cached_property
    def made(self) -> Printable | None:
        """The paper that is asked for; None where there is none, and the fields say why."""
        if not self.is_valid():
            return None
        try:
            return self.paper.make(self.organization, self.asked())
        except ValidationError as error:
            self.complain(error)
            return None

    def complain(self, error: ValidationError) -> None:
        """Say at each field, or above them all, why there is no such paper."""
        for name, errors in error.update_error_dict({}).items():
            form = next((each for each in self.forms if name in each.fields), self.form)
            form.add_error(name if name in form.fields else None, errors)

    @property
    def may_be_printed_in_full(self) -> bool:
        if not (self.paper.protected and self.organization):
            return False
        return may(self.request.user, roles.EXPORT_FULL, self.organization.path)


@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    """The papers there are about an organisation; the first of them opens."""
    first = next(each for each in OF_ORGANIZATIONS if each.key not in ROSTERS)
    return HttpResponseRedirect(page_of(first, request.GET.dict()))


@require_safe
def paper_page(request: HttpRequest, *, paper: Paper) -> HttpResponse:
    """What the paper asks, and what will print: its first rows, and characters no font has."""
    question = Question(request, paper)
    made = question.made
    kept = {name: text for name, text in question.said.items() if name in ("organization", "on")}
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _now("Papers"),
        "paper": paper,
        "groups": _groups(request, kept),
        "question": question,
        "made": made,
        "media": question.form.media,
        "longest_reason": LONGEST_REASON,
    }
    if made and question.organization:
        warnings = missing_glyph_warnings(made.texts(), typefaces=OFFICE_TYPEFACES)
        context["warnings"] = [said(warning) for warning in warnings]
        context["file_url"] = reverse(
            f"admin:paper_{paper.key}_file", args=[question.organization.pk]
        )
        context["query"] = urlencode(question.said)
    if isinstance(made, ListPaper):
        context |= _shown(made)
    return TemplateResponse(request, "admin/members/papers.html", context)


def _groups(
    request: HttpRequest, kept: Mapping[str, str]
) -> list[tuple[str, list[tuple[Paper, str]]]]:
    """Return the papers that the user may print somewhere, by subject, each with its page."""
    mine = [each for each in OF_ORGANIZATIONS if may(request.user, each.verb)]
    subjects = (
        (_now("Members"), [each for each in mine if each.key not in DUES | DEVELOPMENT]),
        (_now("Dues"), [each for each in mine if each.key in DUES]),
        (_now("Development"), [each for each in mine if each.key in DEVELOPMENT]),
    )
    return [
        (label, [(each, page_of(each, kept)) for each in papers])
        for label, papers in subjects
        if papers
    ]


def _shown(made: ListPaper) -> dict[str, Any]:
    """Return the first rows of a list, under the headings of their sections."""
    columns, left, sections = made.table.columns, SHOWN, []
    for section in made.table.sections:
        if left > 0:
            rows = [
                [
                    (text, column.breaks != "never")
                    for text, column in zip(row, columns, strict=True)
                ]
                for row in section.rows[:left]
            ]
            sections.append((section.heading, rows, section.total))
            left -= len(rows)
    return {
        "list": made,
        "headings": [column.heading.replace("\n", "") for column in columns],
        "sections": sections,
        "more": max(0, made.count - SHOWN),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def paper_file(request: HttpRequest, pk: int, *, paper: Paper) -> HttpResponse:
    """The file; by POST and for a reason the one with full numbers."""
    question = Question(request, paper, pk)
    form = question.data.get("form", paper.forms[0])
    if form not in paper.forms:
        raise Http404(_now("This paper has no such format."))
    if not question.is_valid():
        return _back(question)  # the page says at each field what is wrong
    in_full = request.method == "POST"
    reason = request.POST.get("reason", "").strip()[:LONGEST_REASON]
    if in_full and not question.may_be_printed_in_full:
        return _back(question, _now("You may print this paper with masked numbers only."))
    if in_full and not reason:
        return _back(question, _now("Say what the full numbers are needed for."))
    asked = question.asked(in_full=in_full, reason=reason)
    try:
        return paper_response(print_paper(paper, question.organization, asked, form))
    except ValidationError:
        return _back(question)  # so does it here
    except PaperError as error:
        return _back(question, f"{error}")


def _back(question: Question, *sentences: str) -> HttpResponseRedirect:
    """Say on the page why nothing was printed; what was asked stays in its address."""
    for sentence in sentences:
        messages.error(question.request, sentence)
    return HttpResponseRedirect(page_of(question.paper, question.said))


def page_of(paper: Paper, asked: Mapping[str, str]) -> str:
    """Return the address of the page that asks for ``paper``; rosters have a page of their own."""
    if paper.key in ROSTERS:
        return f"{reverse('admin:rosters')}?{urlencode({'paper': paper.key, **asked})}"
    page = reverse(f"admin:paper_{paper.key}")
    return f"{page}?{urlencode(asked)}" if asked else page


admin.site.page(  # type: ignore[attr-defined]
    "papers/", papers, "papers", roles.PRINT, Place(_("Papers"), "papers", roles.PRINT, 32, "log")
)
for _paper in (each for each in OF_ORGANIZATIONS if each.key not in ROSTERS):
    for _route, _view, _name in (
        (f"papers/{_paper.key}/", paper_page, f"paper_{_paper.key}"),
        (f"papers/{_paper.key}/<int:pk>/", paper_file, f"paper_{_paper.key}_file"),
    ):
        admin.site.page(  # type: ignore[attr-defined]
            _route, partial(_view, paper=_paper), _name, _paper.verb
        )
