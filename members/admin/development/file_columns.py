"""What the list of files shows beside the plain columns."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from members.admin.member_columns import printed
from members.models import DevelopmentFile, choices
from members.models.development.deadlines import WITHIN
from members.models.development.policies import step_label
from registry.admin.masking import mask_of
from registry.calendar import age_on


def badge_of(due_by: date, today: date) -> str:
    """Return the colour of a last day: past, near, or none."""
    if due_by < today:
        return "bad"
    return "warn" if due_by <= today + timedelta(days=WITHIN) else ""


class FileColumns:
    """Mixin of the files' admin; only what an index serves can be sorted by."""

    @admin.display(description=_("name"), ordering="name_pinyin")
    def full_name(self, file: DevelopmentFile) -> str:
        return str(file.name)

    @admin.display(description=_("born"))
    def born(self, file: DevelopmentFile) -> str:
        return printed(file.born_on)

    @admin.display(description=_("age"))
    def age(self, file: DevelopmentFile) -> int | None:
        return age_on(file.born_on, timezone.localdate()) if file.born_on else None

    @admin.display(description=_("branch"), ordering="organization__path")
    def branch(self, file: DevelopmentFile) -> str:
        return str(file.organization)

    @admin.display(description=_("since"))
    def since(self, file: DevelopmentFile) -> str:
        return printed(file.standing_since)

    @admin.display(description=_("applied on"))
    def applied(self, file: DevelopmentFile) -> str:
        return printed(file.began_on)

    @admin.display(description=_("probation ends on"))
    def probation_ends(self, file: DevelopmentFile) -> str:
        return printed(file.probation_ends_on)

    @admin.display(description=_("next step"))
    def next_step(self, file: DevelopmentFile) -> str:
        waiting = next(iter(getattr(file, "waiting", ())), None)
        return step_label(waiting.step, file.organization.path) if waiting else ""

    @admin.display(description=_("waits for"))
    def waits_for(self, file: DevelopmentFile) -> str:
        waiting = next(iter(getattr(file, "waiting", ())), None)
        if waiting is None:
            return ""
        acts = "branch" if waiting.sent_back else waiting.acts
        return str(dict(choices.acting_levels()).get(acts, acts))

    @admin.display(description=_("due by"))
    def due_by(self, file: DevelopmentFile) -> SafeString | str:
        days = [each.due_by for each in getattr(file, "waiting", ()) if each.due_by]
        if not days:
            return ""
        first = min(days)
        if colour := badge_of(first, timezone.localdate()):
            return format_html('<span class="badge {}">{}</span>', colour, first)
        return f"{first}"

    @admin.display(description=_("state"))
    def state(self, file: DevelopmentFile) -> str:
        if file.wrong_entry:
            return _now("wrong entry: %(reason)s") % {"reason": file.wrong_entry_reason}
        if file.stopped_on:
            return _now("stopped on %(day)s: %(reason)s") % {
                "day": file.stopped_on,
                "reason": file.get_stop_reason_display(),
            }
        if file.archived_on:
            return _now("archived on %(day)s") % {"day": file.archived_on}
        return _now("open")

    @admin.display(description=_("rules"))
    def rules(self, file: DevelopmentFile) -> str:
        return str(file.get_rule_set_display())

    @admin.display(description=_("ID number"))
    def masked_id_number(self, file: DevelopmentFile) -> str:
        return mask_of(file, "id_number")

    @admin.display(description=_("mobile phone"))
    def masked_phone(self, file: DevelopmentFile) -> str:
        return mask_of(file, "phone")

    @admin.display(description=_("address"))
    def masked_address(self, file: DevelopmentFile) -> str:
        return mask_of(file, "address")
