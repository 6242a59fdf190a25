"""Print a paper about an organisation, a member or a development file into a file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.commands import organization_of
from branches.models import may
from branches.rules import roles
from members.models import DevelopmentFile, Member
from members.papers.kinds import PAPERS
from members.papers.printing import print_paper
from registry.admin.autocomplete import keys_among
from registry.commands import account, day, file_or_nothing, unusable
from registry.language import said
from registry.models import acting
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.compiling import PaperError


class Command(BaseCommand):
    help = "Print a paper of those that list_papers names; ID and phone numbers are masked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paper", help="which: birthdays")
        parser.add_argument("subject", metavar="CODE_OR_NUMBER", help="020100, D00000017, or 17")
        parser.add_argument("--on", metavar="DAY", help="as at this day; without it, today")
        parser.add_argument("--format", help="pdf, xlsx, html, docx; without it, the paper's first")
        parser.add_argument("--full", action="store_true", help="with full numbers; say why")
        parser.add_argument("--reason", default="", help="what the full numbers are needed for")
        parser.add_argument("--as", dest="username", metavar="USER", help="act as this account")
        parser.add_argument("-o", "--output", type=Path, required=True, help="the file to write")

    def handle(
        self,
        *,
        paper: str,
        subject: str,
        on: str | None,
        format: str | None,  # noqa: A002 - the name of the option
        full: bool,
        reason: str,
        username: str | None,
        output: Path,
        **options: Any,
    ) -> None:
        kind = _paper(paper)
        form = _form(kind, format)
        as_at = day(on) if on else timezone.localdate()
        reader = account(username)
        about = _subject(kind, subject, reader)
        if full:
            _refuse_unless_in_full(kind, about, reader, reason)
        asked = Asked(
            day=as_at,
            reader=reader,
            printed_by=username or "命令行",
            at=timezone.localtime(),
            in_full=full,
            reason=reason.strip(),
            may_issue=True,  # a number that is not used is given back with the file
        )
        try:
            with acting(reader, asked.reason), file_or_nothing(output) as write:
                printed = print_paper(kind, about, asked, form)
                write(printed.data)
        except ValidationError as error:
            raise unusable(" ".join(error.messages)) from error
        except PaperError as error:
            raise unusable(f"{error}") from error
        for warning in printed.warnings:
            self.stderr.write(said(warning))
        self.stdout.write(f"{output}: {printed.title}")


def _paper(key: str) -> Paper:
    if key not in PAPERS:
        text = _("There is no paper “%(paper)s”. Choose of these: %(papers)s.")
        raise unusable(text % {"paper": key, "papers": ", ".join(PAPERS)})
    return PAPERS[key]


def _form(paper: Paper, form: str | None) -> str:
    if form is None:
        return paper.forms[0]
    if form not in paper.forms:
        text = _("%(paper)s has no format “%(form)s”. Choose of these: %(forms)s.")
        words = {"paper": paper.title, "form": form, "forms": ", ".join(paper.forms)}
        raise unusable(text % words)
    return form


def _subject(paper: Paper, code: str, reader: Any) -> Any:
    """Return the organisation of this code, or the member or the file of this number."""
    if paper.about == About.ORGANIZATION:
        return organization_of(code, reader, paper.verb)
    if paper.about == About.FILE:
        return _file(paper, code, reader)
    found = Member.objects.visible_to(reader, paper.verb).filter(number=code).first()
    if found is None:
        text = _("There is no member of number “%(number)s”. Write it as D00000017.")
        raise unusable(text % {"number": code})
    return found


def _file(paper: Paper, number: str, reader: Any) -> DevelopmentFile:
    mine = DevelopmentFile.objects.visible_to(reader, paper.verb)
    rows = mine.filter(pk__in=keys_among([number])).select_related("organization")
    found: DevelopmentFile | None = rows.first()
    if found is None:
        text = _("There is no development file of number “%(number)s”. Write it as 17.")
        raise unusable(text % {"number": number})
    return found


def _refuse_unless_in_full(paper: Paper, about: Any, reader: Any, reason: str) -> None:
    if not paper.protected:
        text = _("%(paper)s holds no number that is masked. Leave out --full.")
        raise unusable(text % {"paper": paper.title})
    if not reason.strip():
        raise unusable(_("Say what the full numbers are needed for: --reason TEXT."))
    home = about if paper.about == About.ORGANIZATION else about.organization
    if not may(reader, roles.EXPORT_FULL, home.path):
        raise unusable(_("You may print this paper with masked numbers only."))
