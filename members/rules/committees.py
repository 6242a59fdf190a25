"""What is wrong with a committee on a day: a post that is empty, too few people, no certificate.

Source: 中国共产党支部工作条例（试行） (2018) for the size of a branch's committee; that a secretary
holds a certificate (持证上岗) and that the head of a unit is its secretary are local rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from branches.rules import hierarchy
from branches.rules.sizes import COMMITTEE_NEEDS_FULL
from members.rules.codes import Entry, choices_of, table_of
from registry.sentences import Sentence

COMMITTEE_HAS_AT_LEAST = 3  # people, in a branch of seven full members or more

VACANT, TOO_SMALL, NO_CERTIFICATE, HEAD_ELSEWHERE = (
    "vacant_secretary", "committee_too_small", "secretary_without_certificate",
    "head_not_secretary",
)  # fmt: skip
FINDINGS = table_of(
    Entry(VACANT, Sentence("vacant secretary"), "书记空缺"),
    Entry(TOO_SMALL, Sentence("committee too small for its members"), "委员会人数不足"),
    Entry(NO_CERTIFICATE, Sentence("secretary without certificate"), "书记未持证"),
    Entry(HEAD_ELSEWHERE, Sentence("head of unit who is not secretary"), "单位负责人未任书记"),
)


def finding_choices() -> list[tuple[str, str]]:
    return choices_of(FINDINGS)


@dataclass(frozen=True)
class Body:
    """The committee of an organisation on a day.

    ``secretary`` says that the post is filled, ``certified`` that the secretary holds the
    certificate (持证上岗), ``people`` how many different people hold its posts.
    """

    kind: str
    sort: str
    full_members: int
    people: int
    secretary: bool = field(kw_only=True)
    certified: bool = field(kw_only=True)


def findings(body: Body) -> list[str]:
    """Return the codes of FINDINGS that hold for a committee; heads of units stand apart."""
    if body.kind == hierarchy.LEADING_GROUP:
        return []  # its secretary is kept with the unit
    found = []
    if not body.secretary:
        found.append(VACANT)
    elif not body.certified:
        found.append(NO_CERTIFICATE)
    if (
        body.kind == hierarchy.BRANCH
        and hierarchy.SORTS[body.sort].elects
        and body.full_members >= COMMITTEE_NEEDS_FULL
        and body.people < COMMITTEE_HAS_AT_LEAST
    ):
        found.append(TOO_SMALL)
    return found


def share(heads: Iterable[bool]) -> tuple[int, int]:
    """Return in how many units the head is secretary, and in how many there is a head at all."""
    both = list(heads)
    return sum(both), len(both)
