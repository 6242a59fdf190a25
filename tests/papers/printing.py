"""Lists to print in tests, and what the tools of poppler-utils say about the PDF."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

from registry.papers.columns import PaperColumn, table
from registry.papers.compiling import render
from registry.papers.lists import ListPaper
from registry.papers.typefaces import Typefaces

Person = Mapping[str, str]

ALONE = Typefaces(installed=False)  # the same result on every machine
POST = (
    "某市机关事务服务中心综合保障部副主任兼机关党支部宣传委员、"
    "青年理论学习小组组长、工会委员会副主席、档案室与资料室负责人"
)
COLUMNS: tuple[PaperColumn[Person], ...] = (
    PaperColumn("number", "序号", 9, lambda person: person["number"]),
    PaperColumn("name", "姓名", 20, lambda person: person["name"], breaks="after_dot"),
    PaperColumn("ethnicity", "民族", 13, lambda person: person["ethnicity"], breaks="freely"),
    PaperColumn("born", "出生年月", 16, lambda person: person["born"]),
    PaperColumn("joined", "入党时间", 21, lambda person: person["joined"]),
    PaperColumn("post", "单位及职务", 40, lambda person: person["post"], "left", "freely"),
    PaperColumn("id_number", "身份证号码", 38, lambda person: person["id_number"]),
    PaperColumn("note", "备注", 116, lambda person: ""),  # so that the widths are true millimetres
)
# The column of posts begins 91 mm from the edge and is 40 mm wide.
POSTS_ALONE = ("-x", "258", "-W", "113", "-y", "0", "-H", "595")
LI = {
    "number": "1",
    "name": "李伟",
    "ethnicity": "汉族",
    "born": "1985.06",
    "joined": "2010.07.01",
    "post": "办公室主任",
    "id_number": "510102********0013",
}


def a_roster(*people: Person, **more: Any) -> ListPaper:
    plain: dict[str, Any] = {
        "title": "第一党支部党员花名册",
        "unit_line": "填报单位（盖章）：第一党支部",
        "day": "填报时间：2026年11月20日",
        "count_line": f"共{len(people)}人",
        "table": table(COLUMNS, people),
    }
    return ListPaper(**plain | more)


def printed(paper: ListPaper) -> bytes:
    return render("list", paper.data(ALONE), typefaces=ALONE)


def read(tool: str, pdf: bytes, *options: str) -> str:
    """What a tool of poppler-utils says about a PDF."""
    command = [shutil.which(tool) or tool, *options]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def pages(pdf: bytes, *options: str) -> list[str]:
    return read("pdftotext", pdf, *options, "-", "-").split("\f")[:-1]


def posts(pdf: bytes) -> list[str]:
    """The column of posts alone, page by page."""
    return [solid(page) for page in pages(pdf, *POSTS_ALONE)]


def solid(text: str) -> str:
    return re.sub(r"\s", "", text)


def lines(paper: ListPaper) -> list[str]:
    """The lines on the first page, cell by cell, without the signs that separate them."""
    return [line.strip() for line in pages(printed(paper), "-raw")[0].splitlines()]
