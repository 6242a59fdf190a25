"""The yearly statistics: bands, the lines of the balance, and on which days there are figures.

Sources: the annual statistics of the Party (中国共产党党内统计公报) for the bands of age, education
and joining; the yearly report of members, table 1, for the balance. A membership counts where the
formal relation is, and a line is told from the stays alone: how each began and how it ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from members.rules.codes import EDUCATION
from members.rules.placements import LEAVING_REASONS, MOVED
from registry.calendar import PartialDate, days_in, years_after
from registry.sentences import Sentence

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Band:
    """A range of whole years, both ends included; None is without end."""

    code: str
    chinese: str
    low: int | None
    high: int | None


def _years(low: int | None, high: int | None) -> Band:
    if low is None:
        return Band(f"to_{high}", f"{high}岁及以下", low, high)
    if high is None:
        return Band(f"from_{low}", f"{low}岁及以上", low, high)
    return Band(f"{low}_{high}", f"{low}至{high}岁", low, high)


AGES = (
    _years(None, 30),
    _years(31, 35),
    _years(36, 40),
    _years(41, 45),
    _years(46, 50),
    _years(51, 55),
    _years(56, 60),
    _years(61, None),
)
PARTY_AGES = (
    Band("to_9", "10年以下", None, 9),
    Band("10_19", "10至19年", 10, 19),
    Band("20_29", "20至29年", 20, 29),
    Band("30_39", "30至39年", 30, 39),
    Band("40_49", "40至49年", 40, 49),
    Band("from_50", "50年及以上", 50, None),
)


@dataclass(frozen=True)
class Period:
    """A period of joining, both months included; None is without end."""

    code: str
    chinese: str
    first: PartialDate | None
    last: PartialDate | None


# The longest period of the bulletins is cut at 2000.
PERIODS = (
    Period("to_1949_09", "1949年9月以前", None, PartialDate(1949, 9)),
    Period(
        "1949_10_1978_11", "1949年10月至1978年11月", PartialDate(1949, 10), PartialDate(1978, 11)
    ),
    Period(
        "1978_12_1999_12", "1978年12月至1999年12月", PartialDate(1978, 12), PartialDate(1999, 12)
    ),
    Period("2000_01_2012_10", "2000年1月至2012年10月", PartialDate(2000, 1), PartialDate(2012, 10)),
    Period("from_2012_11", "2012年11月以后", PartialDate(2012, 11), None),
)


@dataclass(frozen=True)
class Level:
    """One level of education: the codes of GB/T 4658 that it holds."""

    code: str
    chinese: str
    codes: frozenset[str]


def _level(code: str, chinese: str, first_digit: str) -> Level:
    return Level(code, chinese, frozenset(each for each in EDUCATION if each[0] == first_digit))


EDUCATION_LEVELS = (
    _level("postgraduate", "研究生", "1"),
    _level("university", "大学本科", "2"),
    _level("college", "大学专科", "3"),
    _level("vocational", "中等职业教育", "4"),
    _level("high_school", "高中", "6"),
    _level("middle_school", "初中", "7"),
    _level("primary_school", "小学", "8"),
    _level("other", "其他", "9"),
)
HAN = "01"

# The balance of members: 年初 + what came − what went = 年末, and what none of these explains.

OPENING, CLOSING, DIFFERENCE = "opening", "closing", "difference"
DEVELOPED, TRANSFERRED_IN, RESTORED, WHOLE_IN = (
    "developed",
    "transferred_in",
    "restored",
    "whole_in",
)
TRANSFERRED_OUT, DIED, LEFT, PROBATION_CANCELLED, SUSPENDED, WHOLE_OUT = (
    "transferred_out",
    "died",
    "left",
    "probation_cancelled",
    "suspended",
    "whole_out",
)


@dataclass(frozen=True)
class Line:
    """One line of the balance; ``sign`` is 1 for who came, -1 for who went, 0 for a state."""

    code: str
    label: str
    chinese: str
    sign: int


LINES = {
    line.code: line
    for line in (
        Line(OPENING, Sentence("at the beginning"), "年初数", 0),
        Line(DEVELOPED, Sentence("newly admitted"), "发展", 1),
        Line(TRANSFERRED_IN, Sentence("transferred in"), "转入", 1),
        Line(RESTORED, Sentence("membership restored"), "恢复", 1),
        Line(WHOLE_IN, Sentence("came with the whole organisation"), "整建制转入", 1),
        Line(TRANSFERRED_OUT, Sentence("transferred out"), "转出", -1),
        Line(DIED, Sentence("died"), "去世", -1),
        Line(LEFT, Sentence("expelled, struck off or quit"), "出党", -1),
        Line(
            PROBATION_CANCELLED,
            Sentence("probationary membership cancelled"),
            "取消预备党员资格",
            -1,
        ),
        Line(SUSPENDED, Sentence("membership suspended"), "停止党籍", -1),
        Line(WHOLE_OUT, Sentence("went with the whole organisation"), "整建制转出", -1),
        Line(CLOSING, Sentence("at the end"), "年末数", 0),
        Line(DIFFERENCE, Sentence("difference"), "差额", 0),
    )
}
CAME = tuple(line.code for line in LINES.values() if line.sign == 1)
WENT = tuple(line.code for line in LINES.values() if line.sign == -1)

# In which line a stay counts that began, or ended, where nothing of the same place came before or
# after it. A beginning as “opening” and an ending without a reason explain nothing.
_BEGAN = {
    "developed": DEVELOPED,
    "transferred_in": TRANSFERRED_IN,
    MOVED: TRANSFERRED_IN,
    "restored": RESTORED,
    "whole_move_in": WHOLE_IN,
}
_COUNTS_AS = {
    "transferred_out": TRANSFERRED_OUT,
    "whole_move_out": WHOLE_OUT,
    "died": DIED,
    "expelled": LEFT,
    "probation_cancelled": PROBATION_CANCELLED,
    "suspended": SUSPENDED,
}


def years_before(day: date, years: int) -> date:
    """Return the last day from which ``years`` whole years have passed by ``day``.

    As ages are counted, 29 February has its anniversary on the 28th in a common year.
    """
    then = years_after(day, -years)
    if (day.month, day.day) == (2, days_in(day.year, 2)):
        return then.replace(day=days_in(then.year, 2))
    return then


def line_of_beginning(began: str) -> str:
    """Return the line in which a stay counts that began so; “difference” for none."""
    return _BEGAN.get(began, DIFFERENCE)


def line_of_ending(ended: str) -> str:
    """Return the line in which a stay counts that ended so; “difference” for none."""
    if ended == MOVED:
        return TRANSFERRED_OUT
    reason = LEAVING_REASONS.get(ended)
    return _COUNTS_AS.get(reason.counts_as, DIFFERENCE) if reason else DIFFERENCE


def difference(numbers: Mapping[str, int]) -> int:
    """Return by how many ``closing`` is more than ``opening`` and the lines between explain."""
    explained = sum(numbers[code] for code in CAME) - sum(numbers[code] for code in WENT)
    return numbers[CLOSING] - numbers[OPENING] - explained


def objections(on: date, today: date) -> list[Sentence]:
    """Return the reason why there are no figures as at ``on``: it is still to come."""
    if on <= today:
        return []
    return [
        Sentence(
            "%(day)s is still to come. Choose today or an earlier day.",
            field="on",
            code="day_in_future",
            day=on,
        )
    ]


def period_objections(first: date, last: date, today: date) -> list[Sentence]:
    """Return every reason against figures of the days from ``first`` to ``last``, both included."""
    found = []
    if last < first:
        found.append(
            Sentence(
                "%(last)s comes before %(first)s. Exchange the two days.",
                field="last",
                code="period_backwards",
                first=first,
                last=last,
            )
        )
    for field, day in (("first", first), ("last", last)):
        for each in objections(day, today):
            each.field = field
            found.append(each)
    return found
