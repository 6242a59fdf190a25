"""Posts in the Party, how sheets write them, and what speaks against holding one.

Sources: 中国共产党支部工作条例（试行） (2018) for the posts of a branch;
中国共产党基层组织选举工作条例 (2020) for who may stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from members.rules.codes import PROBATIONARY
from registry.sentences import Sentence, warning

COMMITTEE = "committee"
DISCIPLINE = "discipline"  # 机关纪委, beside a committee
GROUP = "group"  # 党小组
BODIES = {
    COMMITTEE: Sentence("committee"),
    DISCIPLINE: Sentence("discipline committee"),
    GROUP: Sentence("Party group"),
}


@dataclass(frozen=True)
class Post:
    """One post; ``order`` is where it stands in a list of officers, ``unique`` held by one."""

    code: str
    label: str
    chinese: str
    order: int
    body: str = COMMITTEE
    unique: bool = False
    leads: bool = False  # the head of its body
    aliases: tuple[str, ...] = ()


SECRETARY = "secretary"
DISCIPLINE_SECRETARY = "discipline_secretary"
GROUP_LEADER = "group_leader"

POSTS: dict[str, Post] = {
    post.code: post
    for post in (
        Post(SECRETARY, Sentence("secretary"), "书记", 10, unique=True, leads=True),
        Post(
            "full_time_deputy_secretary",
            Sentence("full-time deputy secretary"),
            "专职副书记",
            20,
            aliases=("副书记(专职)", "常务副书记"),
        ),
        Post("deputy_secretary", Sentence("deputy secretary"), "副书记", 30),
        Post(
            "organisation_member",
            Sentence("member for organisation"),
            "组织委员",
            40,
            aliases=("组织",),
        ),
        Post(
            "publicity_member",
            Sentence("member for publicity"),
            "宣传委员",
            50,
            aliases=("宣传", "宣教委员"),
        ),
        Post(
            "discipline_member",
            Sentence("member for discipline"),
            "纪检委员",
            60,
            aliases=("纪检", "纪律委员", "纪律检查委员"),
        ),
        Post(
            "youth_member",
            Sentence("member for youth"),
            "青年委员",
            70,
            aliases=("青年", "青工委员"),
        ),
        Post(
            "united_front_member",
            Sentence("member for the united front"),
            "统战委员",
            80,
            aliases=("统战",),
        ),
        Post(
            "production_member",
            Sentence("member for production"),
            "生产委员",
            90,
            aliases=("生产",),
        ),
        Post(
            "mass_work_member",
            Sentence("member for mass work"),
            "群工委员",
            100,
            aliases=("群工", "群众工作委员", "群团委员"),
        ),
        Post(
            "trade_union_member",
            Sentence("member for the trade union"),
            "工会委员",
            110,
            aliases=("工会",),
        ),
        Post("women_member", Sentence("member for women"), "妇女委员", 120, aliases=("妇女",)),
        Post(
            "confidentiality_member",
            Sentence("member for confidentiality"),
            "保密委员",
            130,
            aliases=("保密",),
        ),
        Post("member", Sentence("committee member"), "委员", 140, aliases=("支委", "支委委员")),
        Post(
            DISCIPLINE_SECRETARY,
            Sentence("discipline secretary"),
            "机关纪委书记",
            210,
            body=DISCIPLINE,
            unique=True,
            leads=True,
            aliases=("纪委书记", "纪检书记"),
        ),
        Post(
            "discipline_deputy_secretary",
            Sentence("discipline deputy secretary"),
            "机关纪委副书记",
            220,
            body=DISCIPLINE,
            aliases=("纪委副书记", "机关纪委专职副书记", "纪委专职副书记"),
        ),
        Post(
            "discipline_committee_member",
            Sentence("discipline committee member"),
            "机关纪委委员",
            230,
            body=DISCIPLINE,
            aliases=("纪委委员",),
        ),
        Post(
            GROUP_LEADER,
            Sentence("Party group leader"),
            "党小组组长",
            310,
            body=GROUP,
            leads=True,
            aliases=("党小组长", "小组长", "小组组长", "组长"),
        ),
    )
}
_READINGS = {name: post.code for post in POSTS.values() for name in (post.chinese, *post.aliases)}
_READINGS |= {code: code for code in POSTS}

# Which kind of organisation a post is named with, the longest name first; 机关 alone tells none.
_NAMED_WITH = (
    ("机关工委", "work_committee"),
    ("工委", "work_committee"),
    ("机关党委", "organ_committee"),
    ("党委", "party_committee"),
    ("党总支", "general_branch"),
    ("总支", "general_branch"),
    ("党支部", "branch"),
    ("支部委员会", "branch"),
    ("支委会", "branch"),
    ("支部", "branch"),
)
_NO_POST = {"", "无", "—", "-", "/", "党员", "普通党员", "正式党员", "预备党员"}


def post_choices() -> list[tuple[str, str]]:
    return [(post.code, post.label) for post in POSTS.values()]


def body_choices() -> list[tuple[str, str]]:
    return list(BODIES.items())


def read_posts(text: str) -> tuple[list[str], list[str]]:
    """Return the codes of the posts in a cell, in its order, and the parts that name none.

    党支部书记、组织委员 names two, 组织、宣传委员 as well; 机关党委专职副书记 one, whose
    organisation ``committee_named_in`` tells.
    """
    posts: list[str] = []
    unread: list[str] = []
    for part in parts_of(text):
        code = _READINGS.get(part) or _READINGS.get(_without_organization(part))
        if code is None:
            unread.append(part)
        elif code not in posts:
            posts.append(code)
    return posts, unread


def committee_named_in(text: str) -> str | None:
    """Return the kind of the organisation that the first post in a cell is named with.

    A branch's roster also says who is 机关党委专职副书记: a post of the committee above, not of the
    branch. None where the text names only the post.
    """
    for part in parts_of(text):
        for name, kind in _NAMED_WITH:
            if name in part:
                return kind
    return None


def parts_of(text: str) -> list[str]:
    """Return what a cell names one by one: 书记兼组织委员 is 书记 and 组织委员."""
    squeezed = "".join(text.split()).replace("（", "(").replace("）", ")")
    parts = re.split(r"[、,，;；/]|兼任?", squeezed)
    return [part for part in parts if part not in _NO_POST]


def _without_organization(part: str) -> str:
    if "纪委" in part:
        return part[part.rindex("纪委") :]
    part = re.sub(r"^.*(党小组|小组)(?=组?长)", "党小组", part)
    for name, _ in _NAMED_WITH:
        if name in part:
            part = part[part.rindex(name) + len(name) :]
    if part.endswith(")") and part not in _READINGS:
        part = part[: part.rindex("(")] if "(" in part else part
    return part


@dataclass(frozen=True)
class Held:
    """One post held by somebody at an organisation, from its first day to the first day off."""

    post: str
    held_from: date
    held_until: date | None = None

    def overlaps(self, other: Held) -> bool:
        return (other.held_until is None or self.held_from < other.held_until) and (
            self.held_until is None or other.held_from < self.held_until
        )


def objections(
    office: Held,
    others: Iterable[Held] = (),
    *,
    from_elsewhere: bool = False,
    kind: str = "",
    founded_on: date | None = None,
) -> list[Sentence]:
    """Return every reason against ``office``.

    ``others`` are the offices of other people at the same organisation, ``from_elsewhere`` says
    that the holder does not belong to it or anything below it, ``kind`` is the kind of member,
    ``founded_on`` the day of the organisation's founding.
    """
    found: list[Sentence] = []
    post = POSTS[office.post]
    if office.held_until is not None and office.held_until <= office.held_from:
        found.append(
            Sentence(
                "The post ends on %(end)s but begins on %(begin)s. Check both dates.",
                field="held_until",
                code="office_ends_before_it_begins",
                begin=office.held_from,
                end=office.held_until,
            )
        )
    if founded_on is not None and office.held_from < founded_on:
        found.append(
            Sentence(
                "The post begins on %(begin)s, before the organisation was founded on "
                "%(founded)s. Check the date.",
                field="held_from",
                code="office_before_founding",
                begin=office.held_from,
                founded=founded_on,
            )
        )
    if post.unique and any(
        other.post == office.post and other.overlaps(office) for other in others
    ):
        found.append(
            warning(
                "There is already a %(post)s at that time. Enter the last day of the other one.",
                field="post",
                code="two_secretaries",
                post=post.label,
            )
        )
    if post.leads and from_elsewhere:
        found.append(
            warning(
                "The %(post)s belongs to another organisation. Check whether the membership "
                "relation has been moved.",
                field="member",
                code="secretary_from_elsewhere",
                post=post.label,
            )
        )
    if kind == PROBATIONARY:
        found.append(
            warning(
                "A probationary member cannot stand for election. Check the kind of member.",
                field="member",
                code="probationary_officer",
            )
        )
    return found
