"""What the commands that read a workbook have in common: flags, JSON, exit codes.

``--json`` prints one object alone on stdout, for other programs; everything else goes to stderr.
Exit 0: written, or checked, without errors and questions. 1: with. 2: nothing could be read.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.access import OPERATOR
from registry.language import said
from registry.models import ImportJob, JobFinding, User
from registry.models.jobs import Level
from registry.sheets import staging
from registry.sheets.staging import Kind, Outcome, Scope
from registry.sheets.workbook import Unreadable

UNUSABLE = 2
STOPPING = (Level.ERROR, Level.QUESTION)


class ImportCommand(BaseCommand):
    """Reads one kind of sheet; a subclass names the kind and where its rows belong."""

    kind_of_sheet: ClassVar[Kind]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the workbook")
        parser.add_argument("--check", action="store_true", help="report only; write nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")
        parser.add_argument("--as", dest="username", metavar="USER", help="act as this account")

    def scope(self, user: Any, **options: Any) -> Scope:
        """Return where the rows belong; raise CommandError for an unknown organisation."""
        return Scope()

    def handle(
        self, *, file: Path, check: bool, json: bool, username: str | None, **options: Any
    ) -> None:
        user = account(username)
        today = timezone.localdate()
        scope = self.scope(user, **options)
        opening_on = _day(options.get("opening")) or today
        good_rows = bool(options.get("good_rows"))
        try:
            job = staging.stage(
                self.kind_of_sheet,
                file.read_bytes(),
                file.name,
                user=user,
                scope=scope,
                opening_on=opening_on,
                today=today,
            )
        except OSError as error:
            raise unusable(_("%(file)s cannot be opened.") % {"file": file}) from error
        except Unreadable as error:
            raise unusable(f"{file.name}: {said(error.sentence)}") from error
        outcome = Outcome()
        if not check:
            outcome = staging.apply(self.kind_of_sheet, job, user, today=today, good_rows=good_rows)
        job.refresh_from_db()
        self._report(job, as_json=json)
        self._conclude(job, outcome, check=check)

    def _report(self, job: ImportJob, *, as_json: bool) -> None:
        findings = list(job.findings.order_by("id"))
        if as_json:
            self.stdout.write(json.dumps(report_of(job, findings), ensure_ascii=False, indent=1))
            self.stdout.flush()
        for finding in findings:
            self.stderr.write(str(finding))

    def _conclude(self, job: ImportJob, outcome: Outcome, *, check: bool) -> None:
        counts = ", ".join(f"{state} {count}" for state, count in job.counts.items() if count)
        self.stderr.write(_("Upload %(job)s: %(counts)s") % {"job": job.pk, "counts": counts})
        if outcome.written:
            text = ngettext(
                "%(count)s row was written.", "%(count)s rows were written.", outcome.written
            )
            self.stderr.write(text % {"count": outcome.written})
        stopped = job.findings.filter(level__in=STOPPING).exists()
        if outcome.overtaken:
            raise CommandError(
                outcome.why or _("The register has changed meanwhile. Run the command again."),
                returncode=1,
            )
        if not stopped:
            return
        if check or outcome.written:
            raise CommandError(_("There are errors or questions, see above."), returncode=1)
        raise CommandError(
            _("Nothing was written. Correct the cells named above and run the command again."),
            returncode=1,
        )


def report_of(job: ImportJob, findings: list[JobFinding]) -> dict[str, Any]:
    """Return what other programs are told of a job; the keys never change."""
    keys = ("sheet", "heading_rows", "records", "columns", "unknown")
    return {
        "job": job.pk,
        "file": job.file_name,
        "sheets": [{key: sheet[key] for key in keys} for sheet in job.layout["sheets"]],
        "counts": job.counts,
        "findings": [
            {
                "sheet": finding.sheet or None,
                "cell": finding.cell or None,
                "field": finding.field or None,
                "level": finding.level,
                "code": finding.code,
                "message": finding.message,
            }
            for finding in findings
        ],
        "annotated": None,
    }


def unusable(sentence: str) -> CommandError:
    return CommandError(sentence, returncode=UNUSABLE)


def account(username: str | None) -> Any:
    if username is None:
        return OPERATOR
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise unusable(_("There is no open account “%(name)s”.") % {"name": username})
    return user


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise unusable(
            _("“%(text)s” is not a day. Write it as 2026-01-31.") % {"text": text}
        ) from None
