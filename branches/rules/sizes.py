"""The sizes that the rule books expect of an organisation.

Real registers always hold branches of 2 and of 60, so all of this is advice and never an error.
"""

from __future__ import annotations

from branches.rules.hierarchy import BRANCH, GENERAL_BRANCH, KINDS, ORDINARY, ORGAN_COMMITTEE, SORTS
from registry.sentences import Sentence, warning

BRANCH_NEEDS_FULL = 3  # 中国共产党支部工作条例（试行） (2018)
COMMITTEE_NEEDS_FULL = 7  # the same
BRANCH_HAS_AT_MOST = 50  # the same
GENERAL_BRANCH_NEEDS = 50  # 中国共产党党和国家机关基层组织工作条例 (2010)
ORGAN_COMMITTEE_NEEDS = 100  # the same
DELEGATES_FROM = 500  # 中国共产党基层组织选举工作条例 (2020)


def advice(
    kind: str,
    *,
    full_members: int,
    members: int,
    sort: str = ORDINARY,
    has_committee: bool | None = None,
) -> list[Sentence]:
    """Return what the rule books would rather see, as warnings.

    ``members`` counts full and probationary members together, with everything below;
    ``has_committee`` is whether anybody holds a post on the committee, None where not known.
    """
    found: list[Sentence] = []
    if kind == BRANCH and SORTS[sort].holds_members:
        if full_members < BRANCH_NEEDS_FULL:
            found.append(
                warning(
                    "A branch has at least %(least)s full members; here there are %(number)s. "
                    "Consider a joint branch.",
                    code="branch_too_small",
                    least=BRANCH_NEEDS_FULL,
                    number=full_members,
                )
            )
        if members > BRANCH_HAS_AT_MOST:
            found.append(
                warning(
                    "A branch normally has at most %(most)s members; here there are %(number)s. "
                    "Consider dividing it.",
                    code="branch_too_large",
                    most=BRANCH_HAS_AT_MOST,
                    number=members,
                )
            )
        if full_members >= COMMITTEE_NEEDS_FULL and has_committee is False:
            found.append(
                warning(
                    "A branch of %(least)s or more full members has a committee; here there are "
                    "%(number)s and nobody holds a post. Enter the committee.",
                    code="branch_without_committee",
                    least=COMMITTEE_NEEDS_FULL,
                    number=full_members,
                )
            )
    least = {GENERAL_BRANCH: GENERAL_BRANCH_NEEDS, ORGAN_COMMITTEE: ORGAN_COMMITTEE_NEEDS}.get(kind)
    if least and members < least:
        found.append(
            warning(
                "“%(kind)s” normally has at least %(least)s members; here there are %(number)s. "
                "Fewer need the superior's approval.",
                code="too_few_members",
                kind=KINDS[kind].label,
                least=least,
                number=members,
            )
        )
    if KINDS[kind].elects and kind != BRANCH and members >= DELEGATES_FROM:
        found.append(
            warning(
                "From %(least)s members on an assembly of delegates may elect the committee; here "
                "there are %(number)s. The superior approves it.",
                code="delegates_possible",
                least=DELEGATES_FROM,
                number=members,
            )
        )
    return found
