"""What the pages share on which something changes in a member's dues: what he sees is what is.

Each form carries a digest of the rows as they were when it was opened. Where somebody else has
changed them since, nothing is written, the page says what they are now, and keeps what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2s
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now

from branches.models.reorganizing import hold_tree
from branches.rules import roles
from members.models import Member
from registry.login.kept_forms import typed_before
from registry.models import StaleRecord, acting

SEEN = "seen"


@dataclass(frozen=True)
class Seen:
    """The rows that a page is about, and how it says them: a digest, and a line for each."""

    digest: str
    lines: tuple[str, ...]

    @classmethod
    def of(cls, rows: Sequence[models.Model], line: Callable[[Any], str]) -> Seen:
        kept = [
            [str(getattr(row, column.attname)) for column in row._meta.concrete_fields]
            for row in rows
        ]
        return cls(blake2s(f"{kept}".encode(), digest_size=8).hexdigest(), tuple(map(line, rows)))


class DuesForm(forms.Form):
    """What one change needs; ``renamed`` are the columns that the verb calls otherwise."""

    renamed: dict[str, str] = {}

    def __init__(self, data: Any, *, member: Member, seen: Seen) -> None:
        super().__init__(data, label_suffix="")
        self.member, self.seen = member, seen

    def clean(self) -> Any:
        if self.data.get(SEEN) != self.seen.digest:
            raise ValidationError(
                _now(
                    "Somebody else has changed this since the page was opened. It is now: "
                    "%(lines)s. Nothing was written. Look, and do it again."
                )
                % {"lines": "; ".join(self.seen.lines) or _now("nothing at all")}
            )
        return super().clean()

    def apply(self) -> str:
        """Do it, and return the sentence that says so; raise what the verb objects to."""
        raise NotImplementedError

    def object_to(self, error: ValidationError) -> None:
        """Show what the verb objects to, each at its box."""
        found = getattr(error, "error_dict", None) or {NON_FIELD_ERRORS: error.error_list}
        for name, errors in found.items():
            box = self.renamed.get(name, name)
            for text in (message for each in errors for message in each.messages):
                self.add_error(box if box in self.fields else None, text)


@dataclass(frozen=True)
class Asked:
    """One change of the dues of one member, as a page asks for it."""

    member: Member
    title: str
    button: str | Promise
    form: Callable[[Any], DuesForm]
    heading: str = ""  # of what is there already
    consequences: tuple[str | Promise, ...] = ()
    back: str = ""  # "" is the member's own page


def member_asked(request: HttpRequest, pk: int, verb: str = roles.COLLECT_DUES) -> Member:
    """Return the member whose dues this user may change; 404 for any other."""
    rows = Member.objects.visible_to(request.user, verb).filter(wrong_entry=False)
    member: Member = get_object_or_404(rows.select_related("organization"), pk=pk)
    return member


def page_for(request: HttpRequest, pk: int, ask: Callable[[Member], Asked]) -> HttpResponse:
    """Answer for the change that ``ask`` says of the member: its form, or what came of it.

    While it is done the member's row is held, so that what was compared is what is changed.
    """
    posted = request.method == "POST"
    with transaction.atomic():
        if posted:
            hold_tree(shared=True)  # before any row, as the verbs do
        member = member_asked(request, pk)
        if posted:
            Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        asked = ask(member)
        form = asked.form(request.POST if posted else typed_before(request))
        back = asked.back or reverse("admin:members_member_change", args=[member.pk])
        if posted and form.is_valid() and (done := _done(request, form)):
            messages.success(request, done)
            return HttpResponseRedirect(back)
    context = {
        **admin.site.each_context(request),
        "title": asked.title,
        "opts": Member._meta,
        "original": member,
        "form": form,
        "button": asked.button,
        "heading": asked.heading,
        "lines": form.seen.lines,
        "seen": form.seen.digest,
        "consequences": asked.consequences,
        "media": form.media,
        "back": back,
    }
    return TemplateResponse(request, "admin/members/dues/change.html", context)


def _done(request: HttpRequest, form: DuesForm) -> str:
    try:
        with transaction.atomic(), acting(request.user, form.cleaned_data.get("reason", "")):
            return form.apply()
    except ValidationError as error:
        form.object_to(error)
    except StaleRecord:
        form.add_error(None, _now("Somebody else has just saved the same. Look, and do it again."))
    return ""
