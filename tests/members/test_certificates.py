"""Certificates of membership: who issues them, under which number, and what they say."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from docx import Document

from branches.models import Organization
from members.models import Certificate, Member
from members.papers.certificate import CERTIFICATE, certificate
from members.papers.printing import print_paper
from registry.access import OPERATOR
from registry.calendar import PartialDate
from registry.models import Entry
from registry.models.log import Action
from registry.papers.catalogue import Asked
from registry.papers.writing import DOCX
from tests.factories import (
    TODAY,
    a_branch,
    a_committee,
    a_member,
    a_user,
    an_organization,
)

pytestmark = pytest.mark.django_db
WHO = (
    "兹证明李伟同志（男，汉族，1980年5月17日出生）系中国共产党正式党员，"
    "2005年6月1日加入中国共产党，2006年6月转为正式党员，组织关系在中共某局第一支部委员会。"
)
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def committee():
    return a_committee(name="中共某局机关委员会", approves_members=True)


@pytest.fixture
def branch(committee):
    return a_branch(committee, name="中共某局第一支部委员会", short_name="一支部")


def issued(member: Member, on: date = TODAY, *, by=OPERATOR, **fields) -> Certificate:
    return Certificate(member=member, **fields).issue(on, by=by, today=TODAY)


def refused(member: Member, on: date = TODAY, **fields) -> list[str]:
    with pytest.raises(ValidationError) as error:
        issued(member, on, **fields)
    assert not Certificate.objects.exists()
    return error.value.messages


def asked(reader=OPERATOR, day: date = TODAY, **more) -> Asked:
    return Asked(day, reader, "张干事", NOON, more=more, may_issue=True)


# Who issues it


@pytest.mark.parametrize(
    ("kinds", "marked", "issuer"),
    [
        (["work_committee", "organ_committee"], {1}, 1),
        (["work_committee", "organ_committee", "general_branch"], {1}, 1),
        (["work_committee", "leading_group"], {0}, 0),
        (["work_committee", "organ_committee"], {0}, 0),
        (["work_committee", "organ_committee"], set(), 1),  # nobody is marked yet
        (["work_committee", "leading_group", "general_branch"], set(), 0),
        (["general_branch"], set(), None),
        (["leading_group"], set(), None),
    ],
)
def test_the_nearest_organisation_above_that_is_entitled_stamps_it(kinds, marked, issuer):
    above: list[Organization] = []
    for number, kind in enumerate(kinds):
        parent = above[-1] if above else None
        above.append(an_organization(kind, parent, approves_members=number in marked))
    found = a_branch(above[-1]).stamping_superior()
    assert found == (None if issuer is None else above[issuer])


def test_where_nobody_above_may_stamp_the_clerk_is_sent_outside():
    branch = a_branch(an_organization("general_branch"), short_name="一支部")
    [told] = refused(a_member(branch))
    assert told == (
        "No organisation above 一支部 in this register may stamp certificates."
        " Ask its superior outside."
    )


def test_a_clerk_of_an_organisation_below_the_issuer_is_told_whom_to_ask(committee):
    general = an_organization("general_branch", committee)
    member = a_member(a_branch(general, short_name="一支部"))
    assert refused(member, by=a_user("committee_clerk", general)) == [
        "Certificates of 一支部 are issued by 中共某局机关委员会. Ask a clerk there."
    ]


# Its number


def test_numbers_run_within_the_year_of_the_organisation_that_issues(branch, committee):
    other = a_member(a_branch(a_committee()))
    numbers = [
        f"{issued(*each)}"
        for each in (
            (a_member(branch), date(2025, 12, 31)),
            (a_member(branch), TODAY),
            (a_member(a_branch(committee)), TODAY),
            (other, TODAY),
        )
    ]
    assert numbers == ["〔2025〕1号", "〔2026〕1号", "〔2026〕2号", "〔2026〕1号"]


def test_the_same_day_and_addressee_is_the_same_certificate(branch):
    member = a_member(branch)
    first = issued(member, addressee="市委党校")
    assert issued(member, addressee=" 市委党校： ").pk == first.pk
    assert issued(member, addressee="市委组织部").number == 2
    assert issued(member, date(2026, 11, 19), addressee="市委党校").number == 3
    assert Entry.objects.about(first).get(action=Action.ADD).label == "〔2026〕1号"


def test_a_number_is_not_given_again_when_the_next_is_refused(branch):
    issued(a_member(branch))
    with pytest.raises(ValidationError):
        issued(a_member(branch), addressee="长" * 101)
    assert issued(a_member(branch)).number == 2


# Who gets none


def test_who_has_left_is_suspended_or_was_entered_by_mistake_gets_none(branch):
    gone, suspended, wrong = (a_member(branch, name=name) for name in ("李一", "李二", "李三"))
    gone.leave("transferred_out", TODAY)
    suspended.suspend(TODAY)
    wrong.mark_wrong("twice")
    for member in (gone, suspended, wrong):
        assert refused(member) == [f"{member.name} is not on the roll."]


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (date(2026, 11, 21), "2026-11-21 is still to come. Enter it on that day."),
        (
            date(2026, 2, 28),
            "张三 has been in 一支部 since 2026-03-01, after 2026-02-28. Choose a later day.",
        ),
    ],
)
def test_a_day_to_come_and_one_before_the_stay_are_refused(branch, day, sentence):
    assert refused(a_member(branch, since=date(2026, 3, 1)), day) == [sentence]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"addressee": "局😀"}, "The text holds “😀”, which cannot be printed. Take it out."),
        ({"purpose": "学\x07习"}, "The text holds U+0007, which cannot be printed. Take it out."),
        (
            {"away_from": date(2026, 9, 2), "away_through": date(2026, 9, 1)},
            "The absence ends on 2026-09-01, before it begins on 2026-09-02. Check both days.",
        ),
    ],
)
def test_what_cannot_be_printed_or_cannot_be_is_refused(branch, fields, sentence):
    assert refused(a_member(branch), **fields) == [sentence]


# Its text


def texts(member: Member, on: date = TODAY, *, in_full: bool = False, **more) -> list[str]:
    question = Asked(on, OPERATOR, "张干事", NOON, in_full, more=more, may_issue=True)
    return list(certificate(member, question).texts())


def test_it_says_who_is_a_member_of_which_branch_and_why_he_is_away(branch):
    member = a_member(branch, name="李伟", full_member_on=PartialDate(2006, 6))
    assert texts(
        member,
        addressee="市委党校：",
        purpose="学习",
        away_from=date(2026, 9, 1),
        away_through=date(2027, 1, 20),
    ) == [
        "中国共产党党员证明信",
        "编号：〔2026〕1号",
        "市委党校",
        WHO,
        "该同志因学习自2026年9月1日至2027年1月20日在你处，请安排其参加党的组织生活。",
        "特此证明。",
        "中共某局机关委员会",
        "2026年11月20日",
        "（本证明信不转移党员组织关系。）",
        "",
    ]


def test_what_nobody_knows_is_left_out(branch):
    member = a_member(
        branch, name="李伟", sex="", ethnicity="", born_on=None, id_number="", joined_on=None,
        full_member_on=None, kind="probationary",
    )  # fmt: skip
    assert texts(member)[3:5] == [
        "兹证明李伟同志系中国共产党预备党员，组织关系在中共某局第一支部委员会。",
        "请予接洽，并安排该同志参加党的组织生活。",
    ]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"purpose": "借调"}, "该同志因借调在你处"),
        ({"away_from": date(2026, 9, 1)}, "该同志自2026年9月1日起在你处"),
        ({"away_through": date(2027, 1, 2)}, "该同志至2027年1月2日在你处"),
    ],
)
def test_what_is_known_of_the_absence_is_said(branch, more, said):
    assert texts(a_member(branch), **more)[4].startswith(said)


def test_the_id_number_stands_on_it_only_in_full_with_the_user_in_the_footer(branch):
    member = a_member(branch)
    assert member.id_number not in "".join(texts(member))
    found = texts(member, in_full=True)
    assert f"公民身份号码{member.id_number}" in found[3]
    assert found[-1] == "打印：张干事　2026-11-20 12:00　含完整身份证号码"


def test_it_prints_again_as_it_stood_on_its_day(branch, committee):
    member = a_member(branch, full_member_on=PartialDate(2026, 11, 25))
    first = texts(member)
    committee.rename("中共新局机关委员会", on=date(2026, 11, 26))
    member.leave("transferred_out", date(2026, 11, 27))
    assert texts(member) == first
    assert "预备党员" in first[3]
    assert Certificate.objects.count() == 1


def test_both_forms_say_the_same_and_the_print_is_logged(branch):
    member = a_member(branch, name="李伟")
    printed = print_paper(CERTIFICATE, member, asked(), DOCX)
    words = [each.text for each in Document(io.BytesIO(printed.data)).paragraphs]
    assert set(texts(member)) - {""} <= set(words)
    assert printed.plain_file_name == f"certificate-{member.number}-2026-11-20.docx"
    assert Entry.objects.about(member).get(action=Action.PRINT)


@pytest.mark.parametrize("text", ["#panic() $x$", "<b>&amp;", '"); drop'])
def test_markup_is_printed_as_it_is_written(branch, text):
    member = a_member(branch)
    found = texts(member, addressee=text, purpose=text)
    assert found[2] == text
    assert text in found[4]
    assert print_paper(CERTIFICATE, member, asked(addressee=text), "pdf").data


def test_a_name_of_forty_signs_and_one_that_no_font_has_print(branch):
    member = a_member(branch, name="阿卜杜热合曼江·" * 5)
    Member.objects.filter(pk=member.pk).update(name=f"{member.name[:39]}\ue000")
    member.refresh_from_db()
    [told] = print_paper(CERTIFICATE, member, asked(), "pdf").warnings
    assert "\ue000 (U+E000)" in told


def test_a_wrong_entry_has_no_certificate_even_where_one_was_issued(branch):
    member = a_member(branch)
    issued(member)
    member.mark_wrong("twice")
    with pytest.raises(ValidationError) as error:
        certificate(member, asked())
    assert error.value.messages == ["The entry of 张三 is marked as wrong."]


def test_looking_at_a_certificate_that_was_not_issued_issues_none(branch):
    member = a_member(branch)
    with pytest.raises(ValidationError) as error:
        certificate(member, replace(asked(), may_issue=False))
    assert error.value.messages == [
        "张三 has no certificate of 2026-11-20. Issue one on the member's page."
    ]
    assert not Certificate.objects.exists()


def test_a_reader_prints_again_what_was_issued_but_issues_nothing(branch, committee):
    reader = a_user("reader", committee)
    member, other = a_member(branch), a_member(branch)
    issued(member)
    assert certificate(member, asked(reader)).number_line == "编号：〔2026〕1号"
    with pytest.raises(ValidationError) as error:
        certificate(other, asked(reader))
    assert error.value.messages == [
        "Certificates of 一支部 are issued by 中共某局机关委员会. Ask a clerk there."
    ]
