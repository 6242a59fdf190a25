"""The work report of a period: what it counts, and the sentences that hold the numbers.

A template is text with places in braces: ``发展党员{发展党员}名``. A place names a fact of FACTS by
its Chinese name; every other name is a box of the office's own, filled by hand for each period.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from registry.sentences import Sentence

ORGANIZATIONS, MEMBERS, UNITS, MONEY = "organizations", "members", "units", "money"


@dataclass(frozen=True)
class Fact:
    """One number of the report; ``about`` is what it counts, empty where no register fills it."""

    code: str
    chinese: str
    about: str = ""


FACTS = {
    fact.code: fact
    for fact in (
        Fact("organizations_total", "党组织总数", ORGANIZATIONS),
        Fact("organ_committees_founded", "新成立机关党委", ORGANIZATIONS),
        Fact("general_branches_founded", "新成立党总支", ORGANIZATIONS),
        Fact("branches_founded", "新成立党支部", ORGANIZATIONS),
        Fact("organizations_renamed", "更名党组织", ORGANIZATIONS),
        Fact("organizations_moved", "整建制转隶党组织", ORGANIZATIONS),
        Fact("organizations_dissolved", "撤销党组织", ORGANIZATIONS),
        Fact("full_time_deputies_added", "增配专职副书记的党组织", ORGANIZATIONS),
        Fact("terms_due", "应换届党组织", ORGANIZATIONS),
        Fact("terms_held_on_time", "按期换届党组织", ORGANIZATIONS),
        Fact("units_with_organizations", "建有党组织的单位", UNITS),
        Fact("units_whose_head_is_secretary", "主要负责人担任书记的单位", UNITS),
        Fact("members_total", "党员总数", MEMBERS),
        Fact("applications", "递交入党申请书", MEMBERS),
        Fact("activists_named", "确定入党积极分子", MEMBERS),
        Fact("members_developed", "发展党员", MEMBERS),
        Fact("members_made_full", "转正党员", MEMBERS),
        Fact("members_transferred_in", "转入党员", MEMBERS),
        Fact("members_transferred_out", "转出党员", MEMBERS),
        Fact("members_whole_in", "整建制转入党员", MEMBERS),
        Fact("members_whole_out", "整建制转出党员", MEMBERS),
        Fact("members_died", "去世党员", MEMBERS),
        Fact("members_left", "出党党员", MEMBERS),
        Fact("activists_trained", "培训入党积极分子"),
        Fact("probationary_trained", "培训预备党员"),
        Fact("secretaries_trained", "培训党支部书记"),
        Fact("dues_returned_branches", "返还党费的离退休党支部", MONEY),
        Fact("dues_returned", "返还离退休党支部党费", MONEY),
        Fact("members_visited", "慰问党员"),
        Fact("money_for_visits", "慰问金"),
        Fact("red_flag_branches", "红旗党支部"),
        Fact("members_at_communities", "到社区报到党员"),
        Fact("inspection_orders", "督查交办单"),
        Fact("inspection_problems", "督查问题"),
    )
}
_BY_NAME = {fact.chinese: fact for fact in FACTS.values()}
BALANCE_LINES = {
    "members_developed": "developed",
    "members_transferred_in": "transferred_in",
    "members_transferred_out": "transferred_out",
    "members_whole_in": "whole_in",
    "members_whole_out": "whole_out",
    "members_died": "died",
    "members_left": "left",
}

DEFAULT_TEMPLATE = """\
一、组织建设。截至期末，共有党组织{党组织总数}个。期内新成立机关党委{新成立机关党委}个、\
党总支{新成立党总支}个、党支部{新成立党支部}个，更名{更名党组织}个，整建制转隶{整建制转隶党组织}个，\
撤销{撤销党组织}个。应换届{应换届党组织}个，按期换届{按期换届党组织}个。\
{增配专职副书记的党组织}个党组织增配专职副书记。单位主要负责人担任书记\
{主要负责人担任书记的单位}/{建有党组织的单位}个。
二、党员队伍。截至期末，共有党员{党员总数}名。期内收到入党申请{递交入党申请书}份，\
确定入党积极分子{确定入党积极分子}名，发展党员{发展党员}名，转正{转正党员}名。\
转入{转入党员}名，转出{转出党员}名，整建制转入{整建制转入党员}名，整建制转出{整建制转出党员}名，\
去世{去世党员}名，出党{出党党员}名。
三、教育培训。培训入党积极分子{培训入党积极分子}名、预备党员{培训预备党员}名、\
党支部书记{培训党支部书记}名。
四、党费和关怀。依规返还{返还党费的离退休党支部}个离退休党支部党费{返还离退休党支部党费}元。\
慰问党员{慰问党员}人次，慰问金{慰问金}万元。
五、作风建设。命名红旗党支部{红旗党支部}个，到社区报到党员{到社区报到党员}名。\
发出督查交办单{督查交办单}份，督促整改问题{督查问题}个。
"""
LONGEST_NAME = 40
_PLACE = re.compile(r"\{([^{}\n]*)\}")


@dataclass(frozen=True)
class Piece:
    """A piece of a sentence: words, or the place of a number, whose ``key`` is not empty."""

    words: str
    key: str = ""


def key_of(name: str) -> str:
    """Return the key of a place: the code of a fact, or the name of a box of the office's own."""
    fact = _BY_NAME.get(name.strip())
    return fact.code if fact else name.strip()


def name_of(key: str) -> str:
    """Return what a place with this key is called."""
    return FACTS[key].chinese if key in FACTS else key


def paragraphs(template: str) -> Iterator[list[Piece]]:
    """Yield the pieces of each line of a template that says anything."""
    for line in template.splitlines():
        if line.strip():
            parts = _PLACE.split(line.strip())
            yield [
                Piece(part, key_of(part) if place % 2 else "")
                for place, part in enumerate(parts)
                if part
            ]


def keys_in(template: str) -> list[str]:
    """Return the keys of the places of a template, each once, in their order."""
    found = (piece.key for line in paragraphs(template) for piece in line if piece.key)
    return list(dict.fromkeys(found))


def about(key: str) -> str:
    """Return what the number of a place counts; empty where somebody types it."""
    return FACTS[key].about if key in FACTS else ""


def is_typed(key: str) -> bool:
    """Return whether a number comes from no register, so that somebody types it."""
    return not about(key)


def written(number: Decimal | int | None) -> str:
    """Return a number as a sentence holds it: 12, 3.5; X where it is not known."""
    if number is None:
        return "X"
    text = f"{number}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def filled(template: str, numbers: Mapping[str, Decimal | int | None]) -> list[str]:
    """Return the lines of the report with every number in its place, X for those not known."""
    return [
        "".join(written(numbers.get(piece.key)) if piece.key else piece.words for piece in line)
        for line in paragraphs(template)
    ]


def template_objections(template: str) -> list[Sentence]:
    """Return every reason against a template."""
    found = []
    if not template.strip():
        found.append(
            Sentence(
                "The template is empty. Write its sentences, or take it back to inherit one.",
                field="text",
                code="template_empty",
            )
        )
    for number, line in enumerate(template.splitlines(), start=1):
        names = _PLACE.findall(line)
        if set(_PLACE.sub("", line)) & set("{}"):
            found.append(
                Sentence(
                    "Line %(line)s has a brace without its other half. "
                    "Write a place as {发展党员}.",
                    field="text",
                    code="template_brace",
                    line=number,
                )
            )
        if any(not name.strip() for name in names):
            found.append(
                Sentence(
                    "Line %(line)s has a place without a name. Write it as {发展党员}.",
                    field="text",
                    code="template_nameless",
                    line=number,
                )
            )
        found += [
            Sentence(
                "“%(name)s” is too long a name for a place. Use at most %(most)s signs.",
                field="text",
                code="template_name_long",
                name=name,
                most=LONGEST_NAME,
            )
            for name in names
            if len(name.strip()) > LONGEST_NAME
        ]
    return found


def figure_objections(value: Decimal | None) -> list[Sentence]:
    """Return the reason against a typed number: it is below 0."""
    if value is None or value >= 0:
        return []
    return [
        Sentence(
            "%(value)s is below 0. Write how many there were.",
            field="value",
            code="figure_negative",
            value=value,
        )
    ]
