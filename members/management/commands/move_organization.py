"""A whole move from the command line: looked at first, or carried out."""

from __future__ import annotations

import json as json_text
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from branches.commands import organization_of, unknown_code
from branches.models import Organization
from branches.rules import roles
from members.models.reorganizing import move_organization
from members.models.reorganizing.previewing import Preview, preview_move
from registry.commands import account, day
from registry.models import acting


class Command(BaseCommand):
    help = (
        "Let an organisation stand under another superior from a day, with everything below it. "
        "Ends with 1 where something speaks against it, and then has changed nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", metavar="CODE", help="the organisation that moves: 020100")
        parser.add_argument("--under", metavar="CODE", required=True, help="its new superior")
        parser.add_argument("--on", metavar="DAY", required=True, help="from this day: 2026-01-01")
        parser.add_argument("--document", metavar="TEXT", default="", help="number of the document")
        parser.add_argument("--recode", action="store_true", help="give new codes by the rule")
        parser.add_argument("--check", action="store_true", help="look only; change nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")
        parser.add_argument("--as", dest="username", metavar="USER", help="act as this account")

    def handle(
        self,
        *,
        code: str,
        under: str,
        on: str,
        document: str,
        recode: bool,
        check: bool,
        json: bool,
        username: str | None,
        **options: Any,
    ) -> None:
        user = account(username)
        moving = organization_of(code, user, roles.CHANGE_TREE)
        if not moving.may_be_reorganized_by(user):
            raise unknown_code(code)
        parent = organization_of(under, user, roles.CHANGE_TREE)
        from_day = day(on)
        today = timezone.localdate()
        found = preview_move(moving, parent, from_day, document, recode=recode, today=today)
        objections = list(found.objections)
        if not (check or objections):
            with acting(user):
                objections = _moved(moving, parent, from_day, document, recode, today)
        numbers = _as_said(found, objections)
        if json:
            self.stdout.write(json_text.dumps(numbers))
        else:
            for name in ("organizations", "members", "files", "users_gain", "users_lose"):
                self.stdout.write(f"{name:16}{numbers[name]:>10}")
        if objections:
            raise CommandError("\n".join(objections))


def _moved(
    moving: Organization, parent: Organization, on: date, document: str, recode: bool, today: date
) -> list[str]:
    """Move it; return what speaks against it, where that has come up since the preview."""
    try:
        move_organization(moving, parent, on, document, recode=recode, today=today)
    except ValidationError as error:
        return list(error.messages)
    return []


def _as_said(found: Preview, objections: list[str]) -> dict[str, Any]:
    return {
        "organizations": found.organizations,
        "members": found.members,
        "files": found.files,
        "users_gain": len(found.gain),
        "users_lose": len(found.lose),
        "objections": objections,
    }
