"""发展党员档案材料清单: the papers that belong into a file, which are there, which are wanting."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from members.models import DevelopmentFile
from members.papers.columns import printed
from members.papers.development.record import steps_of
from members.papers.development.stories import Story, story_of
from members.papers.development.wording import footer, refuse_wrong_entry
from members.rules.development import STAGES, Step
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.columns import PaperColumn, PaperTable, Section, rows_of
from registry.papers.lists import A4, ListPaper
from registry.papers.writing import HTML, PDF, XLSX

PAPER = "发展党员档案材料清单"
SCANNED = "已有扫描件"
WANTING = "缺扫描件"  # the step was taken, and no scan of its paper is there
TO_COME = "环节未办"
_CODE_AND_NAME = re.compile(r"^(\S+)\s+(.*)$")  # as the table of steps has them: 1-1 入党申请书


@dataclass(frozen=True)
class Item:
    """One paper of the file, or a scan that is none of those that the handbook names."""

    code: str
    name: str
    step: str
    day: str
    scans: int
    state: str
    number: int = 0


COLUMNS: tuple[PaperColumn[Item], ...] = (
    PaperColumn("number", "序号", 10, lambda item: str(item.number)),
    PaperColumn("code", "编号", 14, lambda item: item.code),
    PaperColumn("name", "材料名称", 50, lambda item: item.name, "left", "freely"),
    PaperColumn("step", "所属环节", 32, lambda item: item.step, "left", "freely"),
    PaperColumn("day", "形成时间", 19, lambda item: item.day),
    PaperColumn("scans", "扫描件\n（份）", 14, lambda item: str(item.scans) if item.scans else ""),
    PaperColumn("state", "情况", 23, lambda item: item.state, breaks="freely"),
    PaperColumn("sheets", "纸质\n页数", 18, lambda _item: ""),
)


def file_contents(file: DevelopmentFile, asked: Asked) -> ListPaper:
    """Return the list of the papers of a file: those scanned, and those still wanting.

    A scan is that of a paper whose name it bears; any other scan of a step has a line of its own.
    """
    refuse_wrong_entry(file)
    story = story_of(file, asked.day)
    scans: dict[str, list[str]] = defaultdict(list)
    kept = file.attachments.listed().filter(added_on__lte=asked.day)
    for step, name in kept.values_list("step", "name").order_by("pk"):
        scans[step].append(name)
    sections: list[Section] = []
    items: list[Item] = []
    for stage in STAGES.values():
        found = [
            item
            for step in steps_of(story)
            if step.stage == stage.code
            for item in _of_step(step, story, scans.pop(step.code, []))
        ]
        first = len(items) + 1
        items += found
        rows = rows_of(COLUMNS, [_numbered(each, at) for at, each in enumerate(found, first)])
        sections.append(Section(rows, f"{stage.numeral}、{stage.chinese}"))
    others = [Item("", name, "", "", 1, SCANNED) for names in scans.values() for name in names]
    if others:
        first = len(items) + 1
        items += others
        rows = rows_of(COLUMNS, [_numbered(each, at) for at, each in enumerate(others, first)])
        sections.append(Section(rows, "其他材料"))
    wanting = sum(item.state == WANTING for item in items)
    return ListPaper(
        title=f"{file.name}{PAPER}",
        unit_line=f"党支部：{file.organization.name_on(asked.day)}",
        day=f"截至时间：{asked.day.year}年{asked.day.month}月{asked.day.day}日",
        count_line=f"共{len(items)}项，缺扫描件{wanting}项",
        table=PaperTable(COLUMNS, tuple(sections)),
        signoff=("整理人：", "审核人：", "接收人：", "日期：　　　年　　月　　日"),
        footer=footer(asked),
        size=9,
        page=A4,
    )


def _numbered(item: Item, number: int) -> Item:
    return replace(item, number=number)


def _of_step(step: Step, story: Story, scans: list[str]) -> Iterator[Item]:
    left = list(scans)
    day = printed(story.on(step.code))
    taken = bool(story.times(step.code))
    for paper in step.papers:
        found = _CODE_AND_NAME.match(paper)
        code, name = found.groups() if found else ("", paper)
        bare = name.split("（")[0]
        mine = [each for each in left if bare in each]
        left = [each for each in left if each not in mine]
        # One scan of a step that has one paper is that paper, whatever it is called.
        if not mine and len(step.papers) == 1 and left:
            mine, left = left, []
        state = SCANNED if mine else WANTING if taken else TO_COME
        yield Item(code, name, step.chinese, day, len(mine), state)
    for name in left:
        yield Item("", name, step.chinese, day, 1, SCANNED)


FILE_CONTENTS = Paper(
    "file_contents", PAPER, About.FILE, (PDF, XLSX, HTML), file_contents, protected=False
)
