"""What the commands that read a workbook have in common: flags, JSON, exit codes.

``--json`` prints one object alone on stdout, for other programs; everything else goes to stderr.
Exit 0: written, or checked, without errors and questions. 1: with. 2: nothing could be read.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry import access
from registry.commands import account, day, unusable
from registry.language import said
from registry.models import ImportJob, JobFinding
from registry.models.job_rows import Level
from registry.sheets import staging
from registry.sheets.faults import Unwritable, all_or_nothing
from registry.sheets.returning import returned_of
from registry.sheets.staging import Kind, Outcome, Scope
from registry.sheets.workbook import Unreadable

STOPPING = (Level.ERROR, Level.QUESTION)


class ImportCommand(BaseCommand):
    """Reads one kind of sheet; a subclass names the kind and knows the organisations."""

    kind_of_sheet: Kind

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the workbook")
        parser.add_argument("--check", action="store_true", help="report only; write nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")
        parser.add_argument("--as", dest="username", metavar="USER", help="act as this account")
        parser.add_argument(
            "--organization",
            metavar="CODE",
            help="where rows belong that name no place, and below which names are looked up",
        )
        parser.add_argument(
            "--good-rows",
            action="store_true",
            help="write the rows without errors and questions even where others have some",
        )

    def scope_of(self, code: str, user: Any, verb: str) -> Scope:
        """Return the scope of the organisation with this code; raise ``unusable`` where the user
        has none."""
        raise NotImplementedError

    def handle(self, *, file: Path, check: bool, json: bool, **options: Any) -> None:
        self.read(self.kind_of_sheet, file, check=check, as_json=json, **options)

    def read(self, kind: Kind, file: Path, *, check: bool, as_json: bool, **options: Any) -> None:
        """Read the file, write its rows where nothing speaks against it, and say what came of
        it."""
        user = account(options["username"])
        today = timezone.localdate()
        looking, writing = kind.verbs
        if not access.may(user, looking if check else writing):
            text = _("The account “%(name)s” may not do this.")
            raise unusable(text % {"name": options["username"]})
        code = options["organization"]
        scope = self.scope_of(code, user, looking) if code is not None else Scope()
        opening_on = _day(options.get("opening")) or today
        try:
            with all_or_nothing():
                job = staging.stage(
                    kind,
                    file.read_bytes(),
                    file.name,
                    user=user,
                    scope=scope,
                    opening_on=opening_on,
                    today=today,
                )
                outcome = Outcome()
                if not check:
                    good_rows = options["good_rows"]
                    outcome = staging.apply(kind, job, user, today=today, good_rows=good_rows)
        except OSError as error:
            raise unusable(_("%(file)s cannot be opened.") % {"file": file}) from error
        except (Unreadable, Unwritable) as error:
            raise unusable(f"{file.name}: {said(error.sentence)}") from error
        job.refresh_from_db()
        self._report(job, file, as_json=as_json)
        self._conclude(job, outcome, check=check)

    def _report(self, job: ImportJob, file: Path, *, as_json: bool) -> None:
        findings = list(job.findings.order_by("id"))
        annotated = self._returned(job, file) if findings else None
        if as_json:
            report = report_of(job, findings, annotated)
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1))
            self.stdout.flush()
        for finding in findings:
            self.stderr.write(str(finding))

    def _returned(self, job: ImportJob, file: Path) -> Path | None:
        """Write the workbook that goes back beside the one that came; None where it cannot be."""
        beside = file.with_suffix(".returned.xlsx")
        try:
            beside.write_bytes(returned_of(job).data)
        except (OSError, Unreadable) as error:
            text = _("%(file)s was not written: %(why)s")
            why = said(error.sentence) if isinstance(error, Unreadable) else error
            self.stderr.write(text % {"file": beside, "why": why})
            return None
        return beside

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


def report_of(job: ImportJob, findings: list[JobFinding], annotated: Path | None) -> dict[str, Any]:
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
        "annotated": str(annotated) if annotated else None,
    }


def _day(text: str | None) -> date | None:
    return day(text) if text else None
