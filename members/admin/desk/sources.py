"""Where the lines of the desk come from: one function for each subject, in the order of the desk.

To add a subject: a function ``(user, today)`` that gives its lines (see ``lines.py``), in a file of
its own, and one line here. Its subject is what the desk calls it; several sources may share one.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.admin.desk.birthdays import birthdays, medals
from members.admin.desk.confirmations import to_confirm, to_see_to
from members.admin.desk.development import development
from members.admin.desk.dues import arrears, closing
from members.admin.desk.lines import Source
from members.admin.desk.records import findings, incomplete, uploads
from members.admin.desk.standing import discipline, out_of_touch
from members.admin.desk.terms import bodies, elections
from members.admin.desk.transfers import transfers

SOURCES: tuple[tuple[str | Promise, Source], ...] = (
    (_("Roster confirmation"), to_confirm),
    (_("Roster confirmation"), to_see_to),
    (_("Development"), development),
    (_("Transfers"), transfers),
    (pgettext_lazy("desk", "Elections"), elections),
    (pgettext_lazy("desk", "Committees"), bodies),
    (_("Dues"), closing),
    (_("Dues"), arrears),
    (pgettext_lazy("membership", "Standing"), out_of_touch),
    (pgettext_lazy("membership", "Standing"), discipline),
    (pgettext_lazy("desk", "Records"), findings),
    (pgettext_lazy("desk", "Records"), incomplete),
    (_("Uploads"), uploads),
    (_("Party birthdays"), birthdays),
    (_("Party birthdays"), medals),
)
