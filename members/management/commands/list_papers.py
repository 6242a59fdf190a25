"""Which papers can be printed, and in which formats."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from members.papers.kinds import PAPERS


class Command(BaseCommand):
    help = "List the papers that print_paper prints."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON list on stdout")

    def handle(self, **options: Any) -> None:
        if options["json"]:
            papers = [
                {"paper": paper.key, "title": paper.title, "formats": paper.forms}
                for paper in PAPERS.values()
            ]
            self.stdout.write(json.dumps(papers, ensure_ascii=False))
            return
        for paper in PAPERS.values():
            self.stdout.write(f"{paper.key}: {paper.title} ({', '.join(paper.forms)})")
