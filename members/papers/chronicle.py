"""党组织沿革: what happened to an organisation, from its founding to the day, with its codes."""

from __future__ import annotations

from dataclasses import dataclass

from branches.models import Organization
from branches.models.chronicle import LOWERED, RAISED, Told, told_of
from branches.models.periods import Event
from members.papers.framing import framed
from members.papers.listed import then_of
from members.papers.organizations import code_of, kind_of
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.columns import PaperColumn, PaperTable, Section, rows_of
from registry.papers.lists import ListPaper
from registry.papers.writing import HTML, PDF, XLSX

TITLE = "沿革"
EVENTS: dict[str, str] = {
    Event.FOUNDED: "成立",
    Event.RENAMED: "更名",
    Event.MOVED: "整建制转隶",
    Event.MOVED_ALONG: "随上级党组织转隶",
    Event.REASSIGNED: "调整隶属关系",
    Event.CHANGED_KIND: "变更类别",
    RAISED: "升格",
    LOWERED: "降格",
    Event.SPLIT: "拆分",
    Event.TOOK_IN: "合并",
    Event.DISSOLVED: "撤销",
}
UNKNOWN = "不详"  # the day of a founding that nobody knows
ELSEWHERE = "（其他党组织）"  # one that the reader may not know


@dataclass(frozen=True)
class Line:
    """One event, and what it changed."""

    number: int
    told: Told
    before: str
    after: str


COLUMNS: tuple[PaperColumn[Line], ...] = (
    PaperColumn("number", "序号", 10, lambda line: str(line.number)),
    PaperColumn("day", "日期", 24, lambda line: _day(line.told)),
    PaperColumn("event", "事项", 28, lambda line: EVENTS[line.told.what], breaks="freely"),
    PaperColumn("before", "变更前", 60, lambda line: line.before, "left", "freely"),
    PaperColumn("after", "变更后", 60, lambda line: line.after, "left", "freely"),
    PaperColumn("document", "文号", 36, lambda line: line.told.line.document, breaks="freely"),
    PaperColumn("old_code", "原代码", 24, lambda line: line.told.old_code, breaks="freely"),
    PaperColumn("code", "代码", 24, lambda line: code_of(line.told.line), breaks="freely"),
)


def _day(told: Told) -> str:
    return f"{told.day:%Y.%m.%d}" if told.day else UNKNOWN


def chronicle_of(organization: Organization, asked: Asked) -> ListPaper:
    """Return the chronicle of ``organization`` up to the day; of a dissolved one, to its end."""
    told = [each for each in told_of(organization) if each.line.valid_from <= asked.day]
    ended = organization.dissolved_on and organization.dissolved_on <= asked.day
    then = told[-1].line if ended and told else then_of(organization, asked.day)
    names = _Names(organization, told, asked)
    lines = [Line(number, each, *names.change(each)) for number, each in enumerate(told, start=1)]
    return framed(
        PaperTable(COLUMNS, (Section(rows_of(COLUMNS, lines)),)),
        then,
        asked,
        title=TITLE,
        count_line=f"共{len(lines)}项",
        empty="（无记录）",
    )


class _Names:
    """What organisations were called, as far as the reader may know them."""

    def __init__(self, organization: Organization, told: list[Told], asked: Asked) -> None:
        keys = {pk for each in told for pk in (each.line.parent_id, *each.others) if pk}
        seen = Organization.objects.visible_to(asked.reader).filter(pk__in=keys)
        self.known = {each.pk: each for each in (*organization.ancestors(), *seen)}

    def name(self, pk: int | None, told: Told) -> str:
        if pk is None:
            return ""
        one = self.known.get(pk)
        return one.name_on(told.line.valid_from) if one else ELSEWHERE

    def change(self, told: Told) -> tuple[str, str]:
        """Return what an event changed, and into what."""
        line, before = told.line, told.before
        others = "、".join(self.name(pk, told) for pk in told.others)
        if before is None:
            above = self.name(line.parent_id, told)
            return others, f"{line.name}（{above}）" if above else line.name
        if told.what in (Event.MOVED, Event.REASSIGNED, Event.MOVED_ALONG):
            if before.parent_id == line.parent_id:
                return "", ""
            return self.name(before.parent_id, told), self.name(line.parent_id, told)
        if told.what == Event.RENAMED:
            return before.name, line.name
        if told.what in (Event.SPLIT, Event.DISSOLVED):
            return "", others and (f"并入{others}" if told.what == Event.DISSOLVED else others)
        if told.what == Event.TOOK_IN:
            return others, line.name
        return _kinds(told)


def _kinds(told: Told) -> tuple[str, str]:
    before = told.before or told.line
    return kind_of(before), kind_of(told.line)


CHRONICLE = Paper(
    "chronicle",
    "党组织沿革",
    About.ORGANIZATION,
    (PDF, XLSX, HTML),
    chronicle_of,
    protected=False,
)
