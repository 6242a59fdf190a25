"""Pages for what happens to a member: moving, leaving, suspension, restoring, a certificate.

Each page asks for the day and the reason, says beforehand what will follow, and shows everything
that the verb objects to. The list of members moves many at once: all of them, or none.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from branches.models.reorganizing import hold_tree
from branches.rules import roles
from members.admin.standing.member_pages import STANDING_PAGES
from members.admin.verb_forms import (
    IssueForm,
    LeaveForm,
    MoveForm,
    RestoreForm,
    SuspendForm,
    VerbForm,
    VerbPage,
    WrongForm,
)
from members.models import Member
from registry import access
from registry.login.kept_forms import keeps_form, typed_before
from registry.models import StaleRecord, acting

AT_ONCE = 500
AT_A_TIME = 100  # on one form of a transfer, and letters in one file


PAGES = (
    VerbPage(
        "move",
        _("Move %(name)s to another branch"),
        pgettext_lazy("member", "Move"),
        roles.MOVE,
        MoveForm,
        lambda member: member.is_on_roll,
    ),
    VerbPage(
        "leave",
        _("%(name)s leaves"),
        _("Leave"),
        roles.LEAVE,
        LeaveForm,
        lambda member: member.is_on_roll,
    ),
    VerbPage(
        "suspend",
        _("Suspend the membership of %(name)s"),
        _("Suspend"),
        roles.LEAVE,
        SuspendForm,
        lambda member: member.is_on_roll,
    ),
    VerbPage(
        "restore",
        _("Restore the membership of %(name)s"),
        _("Restore"),
        roles.LEAVE,
        RestoreForm,
        lambda member: not member.is_on_roll and not member.wrong_entry,
    ),
    VerbPage(
        "mark_wrong",
        _("Mark the entry of %(name)s as wrong"),
        _("Wrong entry"),
        roles.MARK_WRONG,
        WrongForm,
        lambda member: not member.wrong_entry,
    ),
    VerbPage(
        "certificate",
        _("Certificate of membership for %(name)s"),
        _("Certificate"),
        roles.ISSUE,
        IssueForm,
        lambda member: member.is_on_roll,
    ),
    *STANDING_PAGES,
)


class VerbPages:
    """Mixin of the members' admin: ``<pk>/move/`` and so on, named admin:members_member_move."""

    admin_site: Any
    opts: Any
    actions: Any = ("move_many", "transfer_many")

    def get_urls(self) -> list[Any]:
        pages = [
            path(
                f"<path:object_id>/{page.name}/",
                self.admin_site.admin_view(keeps_form(partial(self.verb_view, page=page))),
                name=f"members_member_{page.name}",
            )
            for page in PAGES
        ]
        return [*pages, *super().get_urls()]  # type: ignore[misc]

    def verbs_for(
        self, request: HttpRequest, member: Member, section: str = ""
    ) -> list[dict[str, Any]]:
        """Return the pages that this user may open for this member, as buttons of one section."""
        allowed = {
            verb: access.may_on(request.user, verb, member) for verb in {p.verb for p in PAGES}
        }
        buttons = [
            {
                "label": page.button,
                "url": reverse(f"admin:members_member_{page.name}", args=[member.pk]),
            }
            for page in PAGES
            if page.section == section and allowed[page.verb] and page.fits(member)
        ]
        if not section and allowed[roles.MOVE] and member.is_on_roll:
            buttons.insert(1, {"label": _now("Transfer out"), "url": _transfer_of([member])})
        return buttons

    def verb_view(self, request: HttpRequest, object_id: str, page: VerbPage) -> HttpResponse:
        model_admin: Any = self
        member = model_admin.get_object(request, unquote(object_id))
        if member is None:
            missing: HttpResponse = model_admin._get_obj_does_not_exist_redirect(
                request, self.opts, object_id
            )
            return missing
        if not access.may_on(request.user, page.verb, member):
            raise PermissionDenied
        posted = request.method == "POST"
        data = request.POST if posted else typed_before(request)
        form = page.form(data, user=request.user, members=[member])
        if posted and form.is_valid() and self._done(request, form, [member]):
            messages.success(request, form.done % {"name": member.name, "count": 1})
            return HttpResponseRedirect(form.page_after() or self._after(request, member))
        context = {
            **self.admin_site.each_context(request),
            "title": page.title % {"name": member.name},
            "opts": self.opts,
            "original": member,
            "form": form,
            "button": page.button,
            "consequences": form.consequences(),
            "media": model_admin.media + form.media,
        }
        return TemplateResponse(request, "admin/members/member/verb.html", context)

    def _after(self, request: HttpRequest, member: Member) -> str:
        """The member's page; the list where he has left the clerk's rows."""
        if access.may_on(request.user, roles.VIEW, member):
            return reverse("admin:members_member_change", args=[member.pk])
        return reverse("admin:members_member_changelist")

    def _done(self, request: HttpRequest, form: VerbForm, members: list[Member]) -> bool:
        """Apply the verb to all of ``members``, or to none and say every objection on the form."""
        with transaction.atomic(), acting(request.user, form.cleaned_data.get("reason", "")):
            if len(members) > 1:
                hold_tree()  # many rows and logs, in an order of the clerk's choice
            for member in members:
                try:
                    with transaction.atomic():
                        form.apply(member)
                except ValidationError as error:
                    form.object_to(member, error)
                except StaleRecord:
                    form.add_error(
                        None,
                        _now("Somebody else has just saved %(name)s. Look, and do it again.")
                        % {"name": member.name},
                    )
            if form.errors:
                transaction.set_rollback(True)
        return not form.errors

    @admin.action(description=pgettext_lazy("member", "Move"))
    def move_many(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        members = list(rows.select_related("organization", "party_group")[: AT_ONCE + 1])
        if not members:
            return None
        if len(members) > AT_ONCE:
            messages.warning(
                request,
                _now("At most %(count)s people are moved at once. Choose fewer.")
                % {"count": AT_ONCE},
            )
            return None
        data = request.POST if "confirmed" in request.POST else None
        form = MoveForm(data, user=request.user, members=members)
        if form.is_valid() and self._done(request, form, members):
            text = ngettext(
                "%(count)s person was moved.", "%(count)s people were moved.", len(members)
            )
            messages.success(request, text % {"count": len(members)})
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": ngettext(
                "Move %(count)s person to another branch",
                "Move %(count)s people to another branch",
                len(members),
            )
            % {"count": len(members)},
            "opts": self.opts,
            "form": form,
            "members": members,
            "action": "move_many",
            "button": pgettext("member", "Move"),
            "consequences": form.consequences(),
            "media": self.media + form.media,  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "admin/members/member/verb_many.html", context)

    move_many.verb = roles.MOVE  # type: ignore[attr-defined]

    @admin.action(description=_("Transfer out"))
    def transfer_many(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        """Go on to the form for one or several who go to the same organisation."""
        members = list(rows[: AT_ONCE + 1])
        if len(members) > AT_A_TIME:
            text = _now("At most %(count)s people are moved at once. Choose fewer.")
            messages.warning(request, text % {"count": AT_A_TIME})
            return None
        return HttpResponseRedirect(_transfer_of(members))

    transfer_many.verb = roles.MOVE  # type: ignore[attr-defined]


def _transfer_of(members: Iterable[Member]) -> str:
    keys = ",".join(f"{each.pk}" for each in members)
    return f"{reverse('admin:transfer_send')}?member={keys}"
