"""Rosters to measure imports with: invented people in as many rows as are asked for."""

from __future__ import annotations

import io
import random
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

from members.demo import words
from members.rules import identity
from members.rules.codes import ETHNIC_GROUPS

HEADINGS = (
    "序号", "姓名", "性别", "民族", "籍贯", "出生年月", "学历", "学位", "参加工作时间", "入党时间",
    "转正时间", "工作单位", "单位及职务", "人员类别", "党员类型", "身份证号码", "手机号码",
    "家庭住址", "所在党支部", "备注",
)  # fmt: skip
EDUCATION = ("研究生", "本科", "大专", "大学", "中专")


BRANCHES = [f"单位{committee}第{branch}支部" for committee in range(10) for branch in range(20)]


def roster_file(rows: int, *, changed: bool = False, first: int = 0) -> str:
    """Return the path of a roster, made once and kept beside the registers."""
    kept = Path("build/benchmarks") / f"roster-{rows}-{changed:d}-{first}.xlsx"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(roster(rows, BRANCHES, changed=changed, first=first))
    return str(kept)


def roster(rows: int, branches: list[str], *, changed: bool = False, first: int = 0) -> bytes:
    """Return an .xlsx of ``rows`` people, the same ones each time; ``changed`` in two columns.

    People of another ``first`` are others.
    """
    rng = random.Random(f"{first}")
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("花名册")
    sheet.write_row(0, 0, ["党员花名册"])
    sheet.write_row(1, 0, HEADINGS)
    given = [a + b for a in words.GIVEN for b in words.GIVEN]
    for number in range(1, rows + 1):
        woman = rng.random() < 0.35
        born = date(1950, 1, 1) + timedelta(days=rng.randrange(14_000))
        region, serial = 110101 + (first + number) // 500, number % 500
        first_17 = f"{region}{born:%Y%m%d}{serial * 2 + (not woman):03}"
        joined = born + timedelta(days=365 * rng.randrange(20, 30))
        values = (
            number,
            rng.choice(words.SURNAMES)[0:2] + rng.choice(given),
            "女" if woman else "男",
            "汉" if rng.random() < 0.9 else rng.choice(tuple(ETHNIC_GROUPS.values())),
            rng.choice(words.NATIVE_PLACES),
            f"{born:%Y.%m}",
            rng.choice(EDUCATION),
            "",
            f"{born.year + 20}.{rng.randrange(1, 13):02}",
            f"{joined:%Y-%m-%d}",
            f"{joined.year + 1}{joined:-%m}-{min(joined.day, 28):02}",
            rng.choice(("市交通局", "市财政局", "市教育局")),
            f"{rng.choice(words.OFFICES_OF_WORK)}{rng.choice(words.POSTS_OF_WORK)}",
            "在职",
            "正式党员",
            first_17 + identity.check_digit(first_17),
            f"13{rng.randrange(10**9):09}",
            f"{rng.choice(words.STREETS)}{rng.randrange(1, 300)}号",
            branches[number % len(branches)],
            "改" if changed else "",
        )
        if changed:
            values = (*values[:12], values[12] + "（兼）", *values[13:])
        sheet.write_row(number + 1, 0, values)
    book.close()
    return out.getvalue()
