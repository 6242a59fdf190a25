"""党内统计表: every number of an organisation as at a day, with the balance of the year."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from branches.models import Organization
from branches.rules import hierarchy
from members.models import DifferenceNote
from members.models.figures.chosen import Chosen
from members.models.figures.reports import refuse_day, statistics_of
from members.papers.framing import framed
from members.papers.listed import then_of
from members.rules import codes, figures
from members.rules.figures import DIFFERENCE, LINES, UNKNOWN
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.columns import PaperColumn, PaperTable, Section, rows_of
from registry.papers.lists import A4, ListPaper
from registry.papers.writing import HTML, PDF, XLSX

TITLE = "党内统计表"
NOT_KNOWN = "未填写"


@dataclass(frozen=True)
class Line:
    name: str
    number: int
    share: str


COLUMNS: tuple[PaperColumn[Line], ...] = (
    PaperColumn("name", "项目", 100, lambda line: line.name, "left", "freely"),
    PaperColumn("number", "数量", 40, lambda line: str(line.number), "right"),
    PaperColumn("share", "占党员总数", 40, lambda line: line.share, "right"),
)
_TOTALS = {
    "total": "党员总数",
    "full": "正式党员",
    "probationary": "预备党员",
    "women": "女党员",
    "minority": "少数民族党员",
}


def _bands(bands: Any) -> Callable[[str], str]:
    names = {band.code: band.chinese for band in bands}
    return lambda code: names[code]


GROUPS: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("members", "一、党员", lambda code: _TOTALS[code]),
    ("by_sex", "二、性别", lambda code: codes.SEXES[code].chinese),
    ("by_age", "三、年龄", _bands(figures.AGES)),
    ("by_education", "四、学历", _bands(figures.EDUCATION_LEVELS)),
    ("by_category", "五、类别", lambda code: codes.CATEGORIES[code].chinese),
    ("by_party_age", "六、党龄", _bands(figures.PARTY_AGES)),
    ("by_joined", "七、入党时间", _bands(figures.PERIODS)),
    ("by_ethnicity", "八、民族", lambda code: codes.ETHNIC_GROUPS[code]),
)


def statistics(organization: Organization, asked: Asked) -> ListPaper:
    """Return the statistics of ``organization`` and everything below it as at the day."""
    chosen = Chosen(organization)
    refuse_day(chosen, asked.day, asked.at.date())
    numbers = statistics_of(chosen, asked.day)
    note = DifferenceNote.objects.filter(organization=organization, as_at=asked.day).first()
    total = numbers["members"]["members"]["total"]
    return framed(
        PaperTable(COLUMNS, tuple(_sections(numbers, note.text if note else ""))),
        then_of(organization, asked.day),
        asked,
        title=TITLE,
        count_line=f"党员总数{total}人",
        page=A4,
    )


def _sections(numbers: dict[str, Any], note: str) -> Iterator[Section]:
    total = numbers["members"]["members"]["total"]
    for group, heading, name in GROUPS:
        lines = [
            Line(_name(group, code, name), number, _share(number, total))
            for code, number in numbers["members"][group].items()
            if number or (group != "by_ethnicity" and code != UNKNOWN)
        ]
        yield Section(rows_of(COLUMNS, lines), heading)
    kinds = [
        Line(kind.chinese, numbers["organizations"][kind.code], "")
        for kind in hierarchy.KINDS.values()
    ]
    yield Section(rows_of(COLUMNS, kinds), "九、党组织")
    balance = numbers["balance"]
    lines = [
        Line(_signed(line), balance[code], "")
        for code, line in LINES.items()
        if code != DIFFERENCE or balance[code]
    ]
    yield Section(rows_of(COLUMNS, lines), "十、本年党员增减", f"差额说明：{note}" if note else "")


def _name(group: str, code: str, name: Callable[[str], str]) -> str:
    if code == UNKNOWN:
        return "未计党龄" if group == "by_party_age" else NOT_KNOWN
    return name(code)


def _signed(line: figures.Line) -> str:
    return {1: "加：", -1: "减："}.get(line.sign, "") + line.chinese


def _share(number: int, total: int) -> str:
    return f"{100 * number / total:.1f}%" if total else ""


STATISTICS = Paper(
    "statistics",
    TITLE,
    About.ORGANIZATION,
    (PDF, XLSX, HTML),
    statistics,
    protected=False,
)
