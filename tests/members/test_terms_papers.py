"""Papers of terms: the letters, the result of an election, who does Party work."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pikepdf
import pytest
from django.core.exceptions import ValidationError

from branches.models import Area
from members.models import Notice
from members.papers.terms.notices import letter, print_notices
from registry.access import OPERATOR
from registry.models import Entry
from registry.papers.writing import DOCX, PDF
from tests.factories import a_branch, a_committee, a_member, a_user, a_work_committee
from tests.members.papers import NOON, column, headings, made, rows, text_of
from tests.members.terms import BEGAN, a_term, a_worker, an_election, here, stand, take

pytestmark = pytest.mark.django_db
BEFORE, AFTER = date(2026, 1, 10), date(2026, 9, 1)


@pytest.fixture
def top():
    return a_work_committee(name="中共云溪市直属机关工作委员会", code="020")


@pytest.fixture
def committee(top):
    return a_committee(top, name="中共云溪市财政局机关委员会", short_name="财政局机关党委")


def test_a_reminder_names_both_bodies_in_one_letter(top, committee):
    both = [a_term(committee), a_term(committee, body="discipline")]
    [notice] = Notice.issue(both, "reminder", top, BEFORE, by=OPERATOR)
    printed = letter(notice)
    assert (printed.title, printed.number_line) == ("换届提醒函", "编号：〔2026〕1号")
    assert printed.addressee == "中共云溪市财政局机关委员会"
    assert printed.signature == "中共云溪市直属机关工作委员会"
    assert printed.paragraphs[0] == (
        "你单位本届委员会自2021年6月10日起任职，任期5年，将于2026年6月10日届满；"
        "你单位本届纪律检查委员会自2021年6月10日起任职，任期5年，将于2026年6月10日届满。"
    )
    assert printed.written_day == "2026年1月10日"


def test_an_overdue_election_is_urged(top, committee):
    [notice] = Notice.issue([a_term(committee)], "urging", top, AFTER, by=OPERATOR)
    assert letter(notice).title == "换届督办通知"
    assert "已于2026年6月10日届满，至今未完成换届选举" in letter(notice).paragraphs[0]


def test_a_letter_stays_as_it_was_sent(top, committee):
    term = a_term(committee)
    [notice] = Notice.issue([term], "reminder", top, BEFORE, by=OPERATOR)
    before = letter(notice)
    committee.rename("中共云溪市财政和金融局机关委员会", on=date(2026, 3, 1))
    term.postpone(date(2026, 12, 1), "工委", BEFORE, date(2026, 11, 20))
    assert letter(Notice.objects.get()) == before


def test_many_letters_are_numbered_and_bound(top, committee):
    others = [a_committee(top) for _ in range(3)]
    chosen = [a_term(each) for each in (committee, *others)]
    notices = Notice.issue(chosen, "reminder", top, BEFORE, by=OPERATOR)
    assert [each.number for each in notices] == [1, 2, 3, 4]
    assert Notice.issue(chosen, "reminder", top, BEFORE, by=OPERATOR) == notices
    pdf = print_notices(notices, top, PDF, NOON)
    with pikepdf.open(io.BytesIO(pdf.data)) as file:
        assert len(file.pages) == 4
    docx = print_notices(notices, top, DOCX, NOON)
    assert docx.file_name == "换届提醒函（2026-01-10）.zip"
    with zipfile.ZipFile(io.BytesIO(docx.data)) as files:
        assert len(files.namelist()) == 4
        assert files.namelist()[0] == f"1 {committee.code} 财政局机关党委换届提醒函.docx"
    alone = print_notices(notices[:1], top, DOCX, NOON)
    assert alone.file_name == "换届提醒函（2026-01-10）.docx"
    assert Entry.objects.filter(action="print").count() == 3


def test_what_may_not_be_sent_is_refused_whole(top, committee):
    due, running = a_term(committee), a_term(a_committee(top, name="乙"), date(2024, 1, 1))
    elsewhere = a_term(a_committee(name="丙"))
    with pytest.raises(ValidationError) as refused:
        Notice.issue([due, running, elsewhere], "reminder", top, BEFORE, by=OPERATOR)
    assert refused.value.messages == [
        f"丙: not below {top}. Take them out of the selection.",
        "“乙” is not due within six months. Take it out of the selection.",
    ]
    with pytest.raises(ValidationError, match="Nothing is chosen"):
        Notice.issue([], "reminder", top, BEFORE, by=OPERATOR)
    reader = a_user("reader", top)
    with pytest.raises(ValidationError, match="issued by its clerks"):
        Notice.issue([due], "reminder", top, BEFORE, by=reader)
    assert not Notice.objects.exists()


def test_a_term_that_a_letter_names_is_not_withdrawn(top, committee):
    term = a_term(committee)
    Notice.issue([term], "reminder", top, BEFORE, by=OPERATOR)
    with pytest.raises(ValidationError, match="A notice was sent about it"):
        term.withdraw()


def test_the_result_of_an_election_is_printed(committee):
    branch = a_branch(committee)
    election = an_election(committee)
    ballot = election.ballots.get()
    people = stand(ballot, branch, "王一", "王二", "王三", "王四")
    take(election, "request", "review", "reply", "assembly")
    assert not any("".join(each.values()) for each in rows(made("election_result", committee)))
    votes = dict(zip([each.pk for each in people], (40, 20, 30, 35), strict=True))
    ballot.count_votes(here(abroad=2), 40, votes)
    paper = made("election_result", committee)
    assert paper.title == "财政局机关党委选举结果报告单"
    assert paper.count_line == (
        "选举时间：2026年10月8日　"
        "应到会45人（有选举权47人，不计入：自费出国半年以上2人），实到会40人"
    )
    assert [(row["name"], row["votes"], row["elected"]) for row in rows(paper)] == [
        ("王一", "40", "当选"),
        ("王四", "35", "当选"),
        ("王三", "30", "当选"),
        ("王二", "20", ""),
    ]
    assert list(headings(paper)) == ["委员会委员（应选3名，候选人4名，差额选举）"]
    assert "发出选票40张，收回选票40张；得票超过20票当选，共当选3名" in text_of(
        "election_result", committee
    )
    empty = made("election_result", committee, date(2026, 10, 7))
    assert empty.count_line == "选举时间：　　　年　　月　　日　应到会　　　人，实到会　　　人"
    assert len(rows(empty)) == 10


def test_the_terms_are_listed_as_at_the_day(top, committee):
    a_term(committee, BEGAN)
    a_term(top, years=None)
    paper = made("terms", top, AFTER)
    assert paper.count_line == "共2个班子，逾期未换届1个"
    assert column(paper, "state") == ["委派，无任期", "逾期未换届"]
    assert column(paper, "due_on") == ["", "2026.06.10"]


def test_party_workers_are_listed_by_area(top, committee):
    east = Area.objects.create(name="第一片区")
    committee.area = east
    committee.save()
    branch = a_branch(committee)
    a_worker(
        committee,
        member=a_member(branch, name="赵干事"),
        full_time=True,
        certificate_number="云证7",
        certified_on=date(2024, 5, 1),
        trained_on=date(2026, 3, 1),
        phone="0571-1234",
    )
    a_worker(top, name_from_elsewhere="钱干事")
    paper = made("party_workers", top)
    assert list(headings(paper)) == ["第一片区（1人）", "未划分片区（1人）"]
    assert paper.count_line == "共2人，其中专职1人"
    assert column(paper, "name") == ["赵干事", "钱干事"]
    assert rows(paper)[0] | {"unit": "", "organization": ""} == {
        "number": "1",
        "unit": "",
        "organization": "",
        "name": "赵干事",
        "full_time": "专职",
        "worker_from": "2020.01.01",
        "certificate": "云证7",
        "certified_on": "2024.05.01",
        "trained_on": "2026.03.01",
        "phone": "0571-1234",
    }
