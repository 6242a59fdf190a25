"""选举结果报告单: who was there, the votes of every candidate, and who is elected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from branches.models import Organization
from members.models import Ballot, Candidate, Election
from members.papers.framing import framed
from members.papers.listed import then_of
from members.rules import elections, offices, vote
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.columns import PaperColumn, PaperTable, Section, rows_of
from registry.papers.lists import A4, ListPaper
from registry.papers.writing import HTML, PDF, XLSX

TITLE = "选举结果报告单"
TO_FILL_IN = "选举时间：　　　年　　月　　日　应到会　　　人，实到会　　　人"
EMPTY_LINES = 10  # of a form to fill in by hand
BODIES = {offices.COMMITTEE: "委员会", offices.DISCIPLINE: "纪律检查委员会"}


@dataclass(frozen=True)
class Line:
    """A candidate and his votes."""

    number: int
    candidate: Candidate
    present: int

    @property
    def votes(self) -> int:
        return self.candidate.votes or 0


COLUMNS: tuple[PaperColumn[Line], ...] = (
    PaperColumn("number", "序号", 14, lambda line: str(line.number)),
    PaperColumn("name", "候选人", 40, lambda line: line.candidate.name, breaks="after_dot"),
    PaperColumn("post", "职务", 44, lambda line: _post(line.candidate), breaks="freely"),
    PaperColumn("votes", "赞成票", 26, lambda line: str(line.votes), "right"),
    PaperColumn("others", "其他", 26, lambda line: str(line.present - line.votes), "right"),
    PaperColumn("elected", "是否当选", 30, lambda line: "当选" if line.candidate.elected else ""),
)


def _post(candidate: Candidate) -> str:
    post = offices.POSTS.get(candidate.post)
    return post.chinese if post else ""


def result_of(organization: Organization, asked: Asked) -> ListPaper:
    """Return the result of the latest election that was held by the day.

    Where none was, or where its votes are not counted, it is an empty form to fill in by hand.
    """
    then = then_of(organization, asked.day)
    held = Election.objects.visible_to(asked.reader).filter(
        organization=organization,
        steps__step=elections.ASSEMBLY,
        steps__on__lte=asked.day,
    )
    election = held.order_by("steps__on", "pk").last()
    ballots = [
        each
        for each in (election.ballots.prefetch_related("candidates__member") if election else ())
        if each.present is not None
    ]
    when = TO_FILL_IN
    sections: tuple[Section, ...] = (Section((("",) * len(COLUMNS),) * EMPTY_LINES),)
    if election and ballots:
        sections = tuple(_section(ballot) for ballot in ballots)
        day: Any = election.held_on
        when = f"选举时间：{day.year}年{day.month}月{day.day}日　{_attendance(ballots[0])}"
    return framed(
        PaperTable(COLUMNS, sections),
        then,
        asked,
        title=TITLE,
        count_line=when,
        empty="（无候选人）",
        signoff=("总监票人：", "监票人：", "计票人：", "（盖章）"),
        page=A4,
        to_write_in=not ballots,
    )


def _section(ballot: Ballot) -> Section:
    candidates = sorted(ballot.candidates.all(), key=lambda each: -(each.votes or 0))
    present = ballot.present or 0
    lines = [Line(number, each, present) for number, each in enumerate(candidates, start=1)]
    what = offices.POSTS[ballot.post].chinese if ballot.post else "委员"
    kind = "等额选举" if ballot.is_one_for_one else "差额选举"
    elected = sum(each.elected for each in candidates)
    return Section(
        rows_of(COLUMNS, lines),
        f"{BODIES[ballot.body]}{what}（应选{ballot.seats}名，候选人{len(candidates)}名，{kind}）",
        total=(
            f"{_attendance(ballot)}；发出选票{present}张，收回选票{ballot.returned}张；"
            f"得票超过{present // 2}票当选，共当选{elected}名"
        ),
    )


def _attendance(ballot: Ballot) -> str:
    excused = "、".join(
        f"{vote.EXCUSES[reason].chinese}{number}人"
        for reason, number in ballot.excused.items()
        if reason in vote.EXCUSES
    )
    out = f"（有选举权{ballot.entitled}人，不计入：{excused}）" if excused else ""
    return f"应到会{ballot.due}人{out}，实到会{ballot.present}人"


RESULT = Paper(
    "election_result",
    TITLE,
    About.ORGANIZATION,
    (PDF, XLSX, HTML),
    result_of,
    protected=False,
)
