"""Reading a person's protected values in full: with the verb, for a reason, and in the log."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _now

from branches.rules import roles
from registry import access
from registry.admin.masking import encrypted_fields
from registry.admin.reasons import REASON, ReasonForm
from registry.models import Entry
from registry.models.log import Action


class RevealPage:
    """Mixin of an admin of people: POST to ``<pk>/reveal/`` shows what stands behind the masks."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[Any]:
        page = path(
            "<path:object_id>/reveal/",
            self.admin_site.admin_view(self.reveal_view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_reveal",
        )
        return [page, *super().get_urls()]  # type: ignore[misc]

    def reveal_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        model_admin: Any = self
        member = model_admin.get_object(request, unquote(object_id))
        if member is None:
            missing: HttpResponse = model_admin._get_obj_does_not_exist_redirect(
                request, self.opts, object_id
            )
            return missing
        if not access.may_on(request.user, roles.REVEAL, member):
            raise PermissionDenied
        known = request.session.get(REASON, "")
        values: list[tuple[str, str]] = []
        shown = False
        data = request.POST if "reason" in request.POST else None
        form = ReasonForm(data, label_suffix="")
        if request.method == "POST":
            reason = known
            if form.is_valid():
                reason = request.session[REASON] = form.cleaned_data["reason"]
            if reason:
                values, shown = self._revealed(request, member, reason), True
        context = {
            **self.admin_site.each_context(request),
            "title": _now("Protected values of %(name)s") % {"name": member.name},
            "opts": self.opts,
            "original": member,
            "form": form,
            "values": values,
            "shown": shown,
        }
        response = TemplateResponse(request, "admin/members/member/reveal.html", context)
        response["Cache-Control"] = "no-store, private"
        return response

    def _revealed(self, request: HttpRequest, member: Any, reason: str) -> list[tuple[str, str]]:
        """Return the values by their labels, once the log says that they were shown."""
        shown = {
            name: field
            for name, field in encrypted_fields(type(member)).items()
            if getattr(member, name)
        }
        Entry.append(
            Action.REVEAL,
            member,
            [[name, "", ""] for name in shown],
            reason=reason,
            user=request.user,
        )
        return [(str(field.verbose_name), getattr(member, name)) for name, field in shown.items()]
