"""The information form of a member: what stands in its boxes, of one person and of a branch."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Member, Office, OwnField
from members.papers import member_form
from members.papers.kinds import PAPERS
from members.papers.member_form import (
    MEMBER_FORM,
    MEMBER_FORMS,
    MemberForms,
    form_of_member,
    forms_of_organization,
)
from members.papers.printing import print_paper
from registry.access import OPERATOR
from registry.calendar import PartialDate
from registry.models import Entry
from registry.models.log import Action
from registry.papers.catalogue import Asked
from registry.papers.writing import PDF
from tests.factories import LONG_AGO, TODAY, a_branch, a_committee, a_member, a_user

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def branch():
    return a_branch(a_committee(), name="中共某局第一支部委员会", short_name="一支部")


def asked(reader=OPERATOR, day: date = TODAY, *, in_full: bool = False) -> Asked:
    return Asked(day, reader, "张干事", NOON, in_full)


def boxes(made: MemberForms, nth: int = 0) -> dict[str, str]:
    """The texts of one person by the labels of their boxes."""
    return {label: text for row in made.sheets[nth] for label, text in row}


def of(member: Member, **options) -> dict[str, str]:
    return boxes(form_of_member(Member.objects.get(pk=member.pk), asked(**options)))


def read(tool: str, pdf: bytes, *options: str) -> str:
    command = [shutil.which(tool) or tool, *options]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def pages(pdf: bytes) -> list[str]:
    found = read("pdftotext", pdf, "-", "-").split("\f")[:-1]
    return [re.sub(r"\s", "", page) for page in found]


def printed(paper, subject, **options) -> list[str]:
    return pages(print_paper(paper, subject, asked(**options), PDF).data)


def test_every_item_of_the_record_has_its_box(branch):
    member = a_member(
        branch, name="李伟", native_place="浙江杭州", education="21", degree="4",
        work_began_on=PartialDate(2003, 7), employer="市财政局", job_title="办公室主任",
        rank="一级主任科员", staff_number="A017", sponsors="张三、李四", joined_in="校机关支部",
        file_kept_at="市委组织部", floating=True, floating_to="某市",
        lost_contact_since=PartialDate(2026, 1), hardship=True, office_phone="0571-1234",
        phone="13800001234", address="某市某区某街道某路1号", note="备注文字",
    )  # fmt: skip
    Office.objects.create(member=member, organization=branch, post="secretary", held_from=LONG_AGO)
    assert of(member) == {
        "姓名": "李伟",
        "性别": "男",
        "公民身份号码": f"***************{member.id_number[-3:]}",
        "民族": "汉族",
        "出生日期": "1980.05.17",
        "籍贯": "浙江杭州",
        "学历": "大学本科毕业",
        "学位": "学士",
        "教育类别": "",
        "参加工作时间": "2003.07",
        "工作单位": "市财政局",
        "单位及职务": "办公室主任",
        "职级": "一级主任科员",
        "人员身份": "在职",
        "领导干部": "否",
        "工作证号": "A017",
        "人员类别": "正式党员",
        "党籍状态": "正常",
        "入党时间": "2005.06.01",
        "转正时间": "2006.06.01",
        "党龄": "20年5个月",
        "入党介绍人": "张三、李四",
        "入党时所在支部": "校机关支部",
        "所在党支部": "一支部",
        "所在党小组": "",
        "党内职务": "书记",
        "人事档案存放处": "市委组织部",
        "流动党员": "是（某市）",
        "失去联系": "是（2026.01起）",
        "困难党员": "是",
        "登记编号": member.number,
        "手机号码": "138****1234",
        "办公电话": "0571-1234",
        "家庭住址": "某市某区某****",
        "备注": "备注文字",
    }


def test_protected_values_are_whole_only_in_full_and_the_footer_says_so(branch):
    member = a_member(branch, phone="13800001234", address="某市某区某街道某路1号")
    found = of(member, in_full=True)
    assert found["公民身份号码"] == member.id_number
    assert found["手机号码"] == "13800001234"
    assert found["家庭住址"] == "某市某区某街道某路1号"
    footers = [form_of_member(member, asked(in_full=each)).footer for each in (False, True)]
    assert footers == [
        "打印：张干事　2026-11-20 12:00　身份证号码、手机号码、住址部分隐藏",
        "打印：张干事　2026-11-20 12:00　含完整身份证号码、手机号码、住址",
    ]


def test_what_nobody_knows_is_an_empty_box_for_a_probationary_member_too(branch):
    found = of(
        a_member(
            branch, sex="", ethnicity="", born_on=None, id_number="", joined_on=None,
            full_member_on=None, kind="probationary",
        )
    )  # fmt: skip
    empty = ("性别", "民族", "出生日期", "公民身份号码", "入党时间", "转正时间", "党龄", "手机号码")
    assert [found[label] for label in empty] == [""] * len(empty)
    assert found["人员类别"] == "预备党员"


def test_who_has_left_has_a_form_that_says_so_and_a_wrong_entry_has_none(branch):
    gone, wrong = a_member(branch), a_member(branch)
    gone.leave("transferred_out", date(2026, 6, 1))
    assert of(gone)["党籍状态"] == "转出（2026.06.01）"
    assert of(gone, day=date(2026, 5, 31))["党籍状态"] == "正常"
    wrong.mark_wrong("twice")
    with pytest.raises(ValidationError) as error:
        form_of_member(wrong, asked())
    assert error.value.messages == ["The entry of 张三 is marked as wrong."]


def test_own_fields_stand_above_the_note_as_far_as_they_hold_for_him(branch):
    OwnField.keep(branch.parent, ["车牌号", "爱好"])
    OwnField.keep(a_branch(branch.parent), ["别的"])
    member = a_member(branch)
    member.own = {"车牌号": "浙A12345", "别的": "x"}
    member.save()
    labels = list(of(member))
    assert labels[-3:] == ["车牌号", "爱好", "备注"]
    assert of(member)["车牌号"] == "浙A12345"
    assert of(member)["爱好"] == ""
    assert boxes(forms_of_organization(branch, asked())) == of(member)


def test_own_fields_of_an_office_that_the_reader_may_not_ask_are_not_told(branch):
    OwnField.keep(branch, ["车牌号"])
    member = a_member(branch)
    assert "车牌号" not in of(member, reader=a_user("reader", a_branch()))


def test_a_branch_is_one_document_with_a_page_for_each_in_roster_order(branch):
    for name, order in (("李二", 2), ("李一", 1), ("李三", 3)):
        a_member(branch, name=name, display_order=order)
    a_member(branch, name="走了").leave("died", date(2026, 1, 1))
    found = printed(MEMBER_FORMS, branch)
    assert len(found) == 3
    for number, (page, name) in enumerate(zip(found, ("李一", "李二", "李三"), strict=True), 1):
        assert name in page
        assert f"第{number}页共3页" in page
        assert "党组织：中共某局第一支部委员会" in page
        assert "党支部书记签字" in page


def test_as_at_a_past_day_those_have_a_form_who_belonged_then(branch):
    a_member(branch, name="李伟").leave("died", date(2026, 1, 1))
    assert len(forms_of_organization(branch, asked(day=date(2025, 12, 31))).sheets) == 1
    assert forms_of_organization(branch, asked()).sheets == ()
    assert "（无人员）" in printed(MEMBER_FORMS, branch)[0]


def test_of_who_has_moved_out_of_the_readers_rows_only_the_roster_is_told(branch):
    member = a_member(branch, name="李伟", job_title="办公室主任", note="旧")
    member.move_to(a_branch(), date(2026, 6, 1))
    member.address, member.note = "某市新区某街道", "新支部写的"
    member.correct(TODAY)
    reader = a_user("branch_clerk", branch)
    found = boxes(forms_of_organization(branch, asked(reader, date(2026, 5, 1), in_full=True)))
    assert (found["姓名"], found["所在党支部"]) == ("李伟", "一支部")
    assert found["公民身份号码"].startswith("***")
    assert {found[each] for each in ("备注", "单位及职务", "家庭住址", "党籍状态")} == {""}


def test_more_people_than_pages_is_a_sentence(branch, monkeypatch):
    monkeypatch.setattr(member_form, "MOST", 1)
    a_member(branch)
    a_member(branch)
    with pytest.raises(ValidationError) as error:
        forms_of_organization(branch, asked())
    assert error.value.messages == [
        "一支部 has 2 people; at most 1 forms are printed at once. Choose an organisation below it."
    ]


def test_many_people_ask_the_database_as_often_as_one(branch):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            forms_of_organization(branch, asked())
        return len(captured)

    a_member(branch)
    few = queries()
    for _ in range(5):
        a_member(branch)
    assert queries() == few


@pytest.mark.parametrize("text", ["#panic() $x^2$", "<b>&amp;</b>", "\\u{41} @ref", "=1+1"])
def test_markup_in_every_field_prints_as_it_is_written(branch, text):
    columns = (
        "name", "native_place", "employer", "job_title", "rank", "staff_number", "sponsors",
        "joined_in", "file_kept_at", "note",
    )  # fmt: skip
    member = a_member(branch)
    Member.objects.filter(pk=member.pk).update(**dict.fromkeys(columns, text))
    OwnField.keep(branch, [text])
    member.refresh_from_db()
    [page] = printed(MEMBER_FORM, member)
    assert page.count(re.sub(r"\s", "", text)) == len(columns) + 1


def test_a_crowded_form_stays_on_one_page_and_is_read_whole(branch):
    names = [f"本单位自定义项目名称第{number}" for number in range(24)]
    OwnField.keep(branch, names)
    member = a_member(branch, job_title="甲" * 100, note="乙" * 1200)
    Member.objects.filter(pk=member.pk).update(name="阿卜杜热合曼江·" * 5)
    member.refresh_from_db()
    member.own = dict.fromkeys(names, "丙" * 40)
    member.save()
    [page] = printed(MEMBER_FORM, member)
    assert [page.count(sign) for sign in "乙丙"] == [1200, 24 * 40]
    assert page.count("甲") == 100


def test_a_character_that_no_font_has_is_named(branch):
    member = a_member(branch)
    Member.objects.filter(pk=member.pk).update(sponsors="\ue000")
    member.refresh_from_db()
    [told] = print_paper(MEMBER_FORM, member, asked(), PDF).warnings
    assert "\ue000 (U+E000)" in told


def test_the_papers_are_in_the_catalogue():
    assert {"member_form", "member_forms", "certificate"} <= set(PAPERS)


# The page


def test_a_clerk_prints_the_form_masked_and_for_a_reason_in_full(client, branch):
    clerk = a_user("branch_clerk", branch)
    client.force_login(clerk)
    member = a_member(branch)
    address = f"/members/member/{member.pk}/form/"
    assert address in client.get(f"/members/member/{member.pk}/change/").content.decode()
    assert "With full numbers" in client.get(address).content.decode()
    assert member.id_number not in "".join(pages(client.get(f"{address}?form=pdf").content))

    refused = client.post(address, {"form": "pdf", "reason": ""}, follow=True)
    assert "Say what the full numbers are needed for." in refused.content.decode()
    answer = client.post(address, {"form": "pdf", "reason": "inspection"})
    assert member.id_number in "".join(pages(answer.content))
    entry = Entry.objects.about(member).filter(action=Action.PRINT).first()
    assert (entry.user, entry.reason) == (clerk, "inspection")


def test_a_reader_prints_it_masked_only(client, branch):
    client.force_login(a_user("reader", branch))
    member = a_member(branch)
    address = f"/members/member/{member.pk}/form/"
    assert "With full numbers" not in client.get(address).content.decode()
    assert client.get(f"{address}?form=pdf").status_code == 200
    assert client.post(address, {"form": "pdf", "reason": "curious"}).status_code == 403


def test_a_foreign_member_and_one_that_never_was_are_not_found(client, branch):
    client.force_login(a_user("branch_clerk", branch))
    for pk in (a_member().pk, 987654):
        address = f"/members/member/{pk}/form/"
        assert client.get(address).status_code == 404
        assert client.get(f"{address}?form=pdf").status_code == 404
        assert client.post(address, {"form": "pdf", "reason": "x"}).status_code == 404
    assert not Entry.objects.filter(action=Action.PRINT).exists()


@pytest.mark.parametrize("signs", range(0, 1200, 60))
def test_however_long_the_note_is_the_form_is_one_page(branch, signs):
    OwnField.keep(branch, ["车牌号", "爱好特长", "青年理论学习小组组别（2026年）"])
    member = a_member(branch, note="乙" * signs, job_title="甲" * 60)
    [page] = printed(MEMBER_FORM, member)
    assert page.count("乙") == signs
