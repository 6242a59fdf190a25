"""How far a step in the background is, as its page says it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.models.steps import Stepwise


def progress_of(job: Stepwise) -> dict[str, Any]:
    """Return what ``includes/how_far.html`` shows of the step that runs now."""
    remaining = job.remaining_seconds
    return {
        "percent": 100 * job.done_rows // job.all_rows if job.all_rows else None,
        "remaining": None if remaining is None else _duration(remaining),
        "silent": job.is_silent,
    }


def _duration(seconds: int) -> str:
    if seconds < 60:
        return _("less than a minute")
    minutes = -(-seconds // 60)
    text = ngettext("about %(count)s minute", "about %(count)s minutes", minutes)
    return text % {"count": minutes}
