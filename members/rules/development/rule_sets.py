"""Which limits applied from when: the 细则 of 2014, and its revision of May 2026.

The text of 2026 is known only from programs that quote it article by article, so whatever it asks
beyond 2014 is a warning. A file keeps the set under which it began. To change a limit, add a set
with its first day; never edit one under which files exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from members.rules.development.step import ADVICE, BIRTH, ERROR, PROBATION_END, Limit
from registry.sentences import Sentence

RULES_2014 = "中国共产党发展党员工作细则 (2014)"
RULES_2026 = Sentence(
    "%(regulation)s, as quoted by others", regulation="中国共产党发展党员工作细则 (2026)"
)
PRACTICE = Sentence("office practice; no rule text")


def _article(regulation: str, article: int) -> Sentence:
    return Sentence("%(regulation)s, article %(article)s", regulation=regulation, article=article)


@dataclass(frozen=True)
class RuleSet:
    code: str
    first_day: date  # the first day on which a file begins under it
    label: Sentence
    chinese: str
    source: str
    earliest: Mapping[str, tuple[Limit, ...]]  # by step
    latest: Mapping[str, tuple[Limit, ...]]
    every: Mapping[str, Limit]  # how often a step repeats: since the last time, or its anchor
    asks_for: frozenset[str] = field(default_factory=frozenset)  # optional steps that it asks for
    fewest_sponsors: int = 2
    fewest_mentors: int = 1
    most_mentors: int = 2
    training_days: int = 3  # either these
    training_hours: int = 24  # or these
    probation_months: int = 12
    shortest_extension: int = 6  # months
    longest_extension: int = 12
    notice_working_days: int = 0  # how long a notice stands; 0 where the set asks for none


_2014 = RuleSet(
    code="2014",
    first_day=date(2014, 5, 28),
    label=Sentence("rules of 2014"),
    chinese="发展党员工作细则（2014年）",
    source=RULES_2014,
    earliest={
        "application": (
            Limit(BIRTH, 18 * 12, level=ERROR, source=_article(RULES_2014, 5), always=True),
        ),
        # The notice comes before the decision, and both in the last weeks of the year.
        "object_notice": (Limit("activist", 11, level=ADVICE, source=PRACTICE),),
        "object": (Limit("activist", 12, level=ERROR, source=_article(RULES_2014, 13)),),
        "full_application": (Limit(PROBATION_END, -1, level=ADVICE, source=PRACTICE),),
        "full_notice": (Limit(PROBATION_END, -1, level=ADVICE, source=PRACTICE),),
        "full_assembly": (Limit(PROBATION_END, level=ERROR, source=_article(RULES_2014, 32)),),
    },
    latest={
        "first_talk": (Limit("application", 1, source=_article(RULES_2014, 7)),),
        "approval": (Limit("assembly", 3, source=_article(RULES_2014, 26), special_months=6),),
        "probation_review": (Limit(PROBATION_END, level=ADVICE, source=PRACTICE),),
        "full_application": (Limit(PROBATION_END, level=ADVICE, source=_article(RULES_2014, 33)),),
        # 及时 in the text; a month is what a desk can count with.
        "full_assembly": (Limit(PROBATION_END, 1, level=ADVICE, source=_article(RULES_2014, 33)),),
        "full_approval": (
            Limit("full_assembly", 3, source=_article(RULES_2014, 34), special_months=6),
        ),
    },
    every={"cultivation": Limit("activist", 6, source=_article(RULES_2014, 11))},
)

_2026 = replace(
    _2014,
    code="2026-05",
    first_day=date(2026, 5, 18),
    label=Sentence("rules of May 2026"),
    chinese="发展党员工作细则（2026年5月）",
    source=RULES_2026,
    earliest={
        **_2014.earliest,
        "object": (
            *_2014.earliest["object"],
            Limit("object_notice", working_days=5, source=_article(RULES_2026, 13)),
        ),
    },
    latest={
        **_2014.latest,
        "assembly": (Limit("pre_review", 1, source=_article(RULES_2026, 19)),),
        "oath": (Limit("approval", 1, source=_article(RULES_2026, 29)),),
    },
    asks_for=frozenset({"object_notice"}),
    notice_working_days=5,
)

RULE_SETS: dict[str, RuleSet] = {rules.code: rules for rules in (_2014, _2026)}


def rule_set_on(day: date) -> RuleSet:
    """Return the set under which a file begins that is opened with an application of ``day``.

    The trial rules of 1990 are not kept as a set: older files are judged by those of 2014.
    """
    for rules in reversed(RULE_SETS.values()):
        if rules.first_day <= day:
            return rules
    return _2014


def rule_set_choices() -> list[tuple[str, str]]:
    return [(rules.code, rules.label) for rules in RULE_SETS.values()]
