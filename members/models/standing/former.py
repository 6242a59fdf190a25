"""The former record of somebody who joins anew: found by the ID number, and freed of it."""

from __future__ import annotations

from datetime import date

from members.models.members import Member
from members.rules import standing
from registry.sentences import Sentence


def free(former: Member, on: date) -> None:
    """Let the ID number of ``former`` be free for the later record."""
    former.readmitted_on = on
    former.save()


def former_of(id_digest: str) -> Member | None:
    """Return whose membership ended among those with this ID number; None where nobody's did, or
    somebody holds the number now."""
    if not id_digest:
        return None
    rows = Member._base_manager.filter(id_digest=id_digest, wrong_entry=False)
    last = rows.order_by("-pk").first()
    return last if last is not None and is_ended(last) else None


def is_ended(member: Member) -> bool:
    """Return whether the membership ended so that the person applies anew, never returns."""
    return (
        member.left_on is not None
        and member.readmitted_on is None
        and not member.wrong_entry
        and standing.ends_for_good(member.leaving_reason)
    )


def readmission_objections(former: Member, on: date, today: date | None) -> list[Sentence]:
    """Return every reason against admitting ``former`` anew on ``on``, warnings among them."""
    if former.gone_on is None or former.wrong_entry:
        return [Sentence("%(name)s has not left.", code="not_left", name=former.name)]
    found = standing.readmission_objections(
        former.name, former.leaving_reason, former.gone_on, on, today
    )
    if former.readmitted_on:
        found.append(standing.readmitted(former.name, former.readmitted_on))
    return found
