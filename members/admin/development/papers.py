"""The papers of one person's file: which there are, and a page for each that prints it.

``development/files/NUMBER/papers/`` lists them, ``development/files/NUMBER/KEY/`` prints one. Those
of an organisation stand with its other papers (``members/admin/papers.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.views.decorators.http import require_http_methods, require_safe

from branches.rules import roles
from members.admin.printing import PrintPage, print_page
from members.models import DevelopmentFile
from members.models.development.policies import step_label
from members.papers.development.kinds import OF_FILES
from registry.papers.catalogue import Paper


@dataclass(frozen=True)
class FilePaper:
    """One paper of a file and where it prints; ``taken`` says whether its step was taken yet."""

    paper: Paper
    step: str  # its code; "" for papers of the whole way
    label: str  # what the step is called
    url: str
    taken: bool

    @property
    def title(self) -> str:
        return self.paper.title

    @property
    def files(self) -> list[tuple[str, str]]:
        """The forms that it prints in, each with its address."""
        return [(form, f"{self.url}?form={form}") for form in self.paper.forms]


def papers_of(file: DevelopmentFile) -> list[FilePaper]:
    """Return every paper of ``file`` in the order of the way, those still to come among them."""
    taken = set(file.steps.in_force().values_list("step", flat=True))
    path = file.organization.path
    return [
        FilePaper(
            paper=paper,
            step=step,
            label=step_label(step, path) if step else "",
            url=reverse(f"admin:file_paper_{paper.key}", args=[file.pk]),
            taken=not step or step in taken,
        )
        for paper, step in OF_FILES
    ]


def _file(request: HttpRequest, pk: int, verb: str) -> DevelopmentFile:
    """Return the file; raise Http404 alike for a foreign one and for one that never was."""
    mine = DevelopmentFile.objects.visible_to(request.user, verb)
    file: DevelopmentFile | None = mine.select_related("organization", "unit").filter(pk=pk).first()
    if file is None:
        raise Http404(_now("There is no such file."))
    return file


@require_safe
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """The papers of a file with a button for each of their forms."""
    file = _file(request, pk, roles.PRINT)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _now("Papers of %(name)s") % {"name": file.name},
        "file": file,
        "papers": papers_of(file),
    }
    return TemplateResponse(request, "admin/members/development/papers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def file_paper(request: HttpRequest, pk: int, *, paper: Paper) -> HttpResponse:
    """One paper of a file, or the page that asks in which form."""
    file = _file(request, pk, paper.verb)
    page = PrintPage(
        paper=paper,
        subject=file,
        day=timezone.localdate(),
        title=f"{paper.title}　{file.name}",
        opts=file._meta,
    )
    return print_page(request, page)


admin.site.page(  # type: ignore[attr-defined]
    "development/files/<int:pk>/papers/", papers, "development_papers", roles.PRINT
)
for _paper, _step in OF_FILES:
    admin.site.page(  # type: ignore[attr-defined]
        f"development/files/<int:pk>/{_paper.key}/",
        partial(file_paper, paper=_paper),
        f"file_paper_{_paper.key}",
        _paper.verb,
    )
