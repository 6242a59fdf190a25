"""“按此表填报”: the empty form of a superior comes back filled with the chosen people."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from members.models import Member, Office, OwnField
from members.sheets import form_filling
from members.sheets.form_filling import FormFilling
from registry.access import OPERATOR
from registry.calendar import PartialDate
from registry.models import Entry, HeadingAnswer, PreparedFile
from registry.models.log import Action
from tests.factories import TODAY, a_branch, a_committee, a_member, a_user
from tests.members.forms_from_above import FRAME, HEADINGS, a_form, lines_of, opened
from tests.members.sheets_of_members import ID_1

pytestmark = pytest.mark.django_db
URL = "/fill-form/"
EMPTY = "The file is empty. Save it again, then choose it once more."
PDF = "The file is a PDF. Choose the workbook from which it was printed."
NO_FORM = (
    "No sheet of the form has a row of headings that are known, such as 姓名 and 性别. "
    "Check that it is a form with one row for each person."
)


def asked(client, data, name="采集表.xlsx", query="", **said):
    """Upload a form; the page that answers."""
    return client.post(f"{URL}?{query}", {"file": SimpleUploadedFile(name, data), **said})


def filled_by(client, data, *args, **said):
    """Upload a form and fetch the filled one."""
    page = asked(client, data, *args, **said)
    assert page.context["result"], page.context["form"].errors
    return client.get(page.context["file_url"]).getvalue()


def filled(data, people, *, full=False, name="采集表.xlsx", user=OPERATOR):
    """Fill a form without a page."""
    filling = FormFilling(user, full=full, on=TODAY)
    return filling.fill(data, name, people.in_roster_order(), {}, chain="test")


def notes_of(result):
    return [str(note) for note in result.notes]


def people_of(branch):
    return Member.objects.filter(organization=branch)


def test_the_people_of_the_list_stand_in_the_form_in_their_order(client, clerk, branch):
    a_member(branch, name="李一", id_number=ID_1, born_on=PartialDate(1980, 5, 17))
    a_member(branch, name="王二", sex="F", born_on=PartialDate(1985, 6), id_number="")
    lines = lines_of(filled_by(client, a_form()))
    assert lines[3][:7] == [1, "李一", "男", "1980.05", "2005.06.01", "*" * 15 + "02X", None]
    assert lines[4][:7] == [2, "王二", "女", "1985.06", "2005.06.01", None, None]


def test_title_unit_line_total_and_signatures_stay(client, clerk, branch):
    a_member(branch)
    before, after = lines_of(a_form()), lines_of(filled_by(client, a_form()))
    assert [after[place] for place in (0, 1, 2, 6, 7)] == [
        before[place] for place in (0, 1, 2, 6, 7)
    ]


def test_only_who_the_filters_let_through_is_filled_in(client, clerk, committee):
    other = a_branch(committee)
    a_member(a_branch(committee), name="在外")
    a_member(other, name="李一")
    page = client.get(f"{URL}?organization={other.pk}&sex=M")
    assert page.context["count"] == 1
    assert f"{reverse('admin:members_member_changelist')}?organization={other.pk}" in page.text
    data = filled_by(client, a_form(), query=f"organization={other.pk}&sex=M")
    assert [line[1] for line in lines_of(data)[3:6]] == ["李一", None, None]


def test_the_list_leads_to_the_form_with_its_filters(client, clerk, branch):
    page = client.get(f"/members/member/?organization={branch.pk}")
    assert f'href="{URL}?organization={branch.pk}"' in page.text


def test_more_people_than_rows_push_total_and_signatures_down(client, clerk, branch):
    for number in range(5):
        a_member(branch, name="赵钱孙李周"[number] + "一")
    book = opened(filled_by(client, a_form(rows=2)))
    sheet = book.active
    column = [cell.value for cell in sheet["A"]]
    assert column[3:] == [1, 2, 3, 4, 5, "合计", "填表人：          审核人："]
    assert sheet["F8"].border == FRAME


def test_columns_that_the_register_does_not_know_are_named(client, clerk, branch):
    a_member(branch)
    page = asked(client, a_form())
    assert (
        "On the sheet “采集表” these columns are not in the register and stay empty: G 政治表现."
        in page.context["notes"]
    )


def test_a_sample_is_replaced_and_a_row_of_requirements_stays():
    branch = a_branch()
    a_member(branch, name="李一")

    def with_sample(book):
        sheet = book.active
        sheet.insert_rows(4)
        for column, text in enumerate(("必填", "必填", "必填", "如1985-06-12", "必填", "必填"), 1):
            sheet.cell(4, column, text)
        for column, text in enumerate((1, "张样例", "女", "1985-06-12", None, None, "好"), 1):
            sheet.cell(5, column, text)

    result = filled(a_form(then=with_sample), people_of(branch))
    lines = lines_of(result.data)
    assert lines[3][:4] == ["必填", "必填", "必填", "如1985-06-12"]
    assert lines[4][:4] == [1, "李一", "男", "1980-05-17"], "the day is written as the form asks"
    assert lines[4][6] is None, "nothing of the sample is left"
    assert "1 rows of people that stood in the form were replaced." in notes_of(result)


def test_a_date_cell_gets_a_day_where_the_register_knows_what_it_shows():
    branch = a_branch()
    a_member(branch, born_on=PartialDate(1980, 5, 17), joined_on=PartialDate(2005, 6))

    def with_formats(book):
        for row in range(4, 7):
            book.active.cell(row, 4).number_format = 'yyyy"年"m"月"'
            book.active.cell(row, 5).number_format = "yyyy-mm-dd"

    line = lines_of(filled(a_form(then=with_formats), people_of(branch)).data)[3]
    assert line[3].date() == date(1980, 5, 17)
    assert line[4] == "2005.06", "a day that nobody knows is not invented"


def test_formulas_are_kept_and_copied_into_added_rows():
    branch = a_branch()
    for _ in range(4):
        a_member(branch)

    def with_formulas(book):
        for row in (4, 5):
            book.active.cell(row, 7, f'=IF(B{row}="","",LEN(B{row}))')
        book.active.cell(6, 2, "=COUNTA(B4:B5)")

    form = a_form(*HEADINGS[:6], "年龄", rows=2, then=with_formulas)
    result = filled(form, people_of(branch))
    lines = lines_of(result.data)
    assert [line[6] for line in lines[3:7]] == [
        f'=IF(B{row}="","",LEN(B{row}))' for row in range(4, 8)
    ]
    assert lines[7][1] == "=COUNTA(B4:B7)"
    assert (
        "These columns compute their values themselves and were left to do so: 年龄."
        in notes_of(result)
    )


def test_derived_columns_are_those_of_today():
    committee = a_committee(name="云州市交通局机关党委")
    branch = a_branch(committee, name="第一党支部", code="030201")
    member = a_member(
        branch, born_on=PartialDate(1980, 1, 1), full_member_on=PartialDate(2006, 6, 1)
    )
    Office.objects.create(
        organization=branch, member=member, post="secretary", held_from=date(2024, 1, 1)
    )
    headings = ("序号", "姓名", "年龄", "党龄", "党内职务", "所在党支部", "所在党委", "党支部编码")
    line = lines_of(filled(a_form(*headings), people_of(branch)).data)[3]
    assert line == [
        1, "张三", 46, 20, "书记", "第一党支部", "云州市交通局机关党委", "030201"
    ]  # fmt: skip


def test_numbers_stay_text_which_excel_shortens_otherwise():
    branch = a_branch()
    member = a_member(branch, phone="13912345678")
    form = a_form("序号", "姓名", "身份证号码", "手机号码")
    [row] = list(opened(filled(form, people_of(branch), full=True).data).active["A4:D4"])
    assert [cell.value for cell in row[2:]] == [member.id_number, "13912345678"]
    assert row[3].data_type == "s"
    assert row[3].number_format == "@"
    assert row[3].border == FRAME


def test_a_name_that_looks_like_a_formula_is_a_text():
    branch = a_branch()
    a_member(branch, note="=HYPERLINK(1)")
    form = a_form("序号", "姓名", "备注")
    cell = opened(filled(form, people_of(branch)).data).active["C4"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_full_numbers_need_the_verb_and_a_reason(client, clerk, branch):
    member = a_member(branch)
    form = a_form()
    refused = asked(client, form, full="on")
    assert refused.context["form"].errors["full"] == ["Say what the full numbers are needed for."]
    data = filled_by(client, form, full="on", reason="年度统计")
    assert lines_of(data)[3][5] == member.id_number
    entry = Entry.objects.filter(action=Action.EXPORT).get()
    assert entry.reason == "年度统计"
    assert ["numbers", "", "full"] in entry.changes


def test_a_reader_gets_masked_numbers_whatever_he_asks(client, committee, branch):
    a_member(branch)
    client.force_login(a_user("reader", committee))
    refused = asked(client, a_form(), full="on", reason="年度统计")
    assert refused.context["form"].errors["full"] == [
        "You may export these rows with masked numbers only."
    ]
    assert lines_of(filled_by(client, a_form()))[3][5].startswith("*" * 15)


def test_every_filled_form_is_logged_with_filter_and_count(client, clerk, branch):
    a_member(branch)
    asked(client, a_form(), query="sex=M")
    entry = Entry.objects.filter(action=Action.EXPORT).get()
    assert entry.label == "采集表.xlsx"
    assert entry.user == clerk
    assert ["rows", "", 1] in entry.changes
    assert any(name == "filter" and "sex" in text for name, _, text in entry.changes)
    assert ["numbers", "", "masked"] in entry.changes


def test_the_filled_form_is_for_its_clerk_alone(client, clerk, committee, branch):
    a_member(branch)
    url = asked(client, a_form()).context["file_url"]
    client.force_login(a_user("committee_clerk", committee))
    assert client.get(url).status_code == 404


def test_people_of_others_are_not_filled_in(client, clerk, branch):
    a_member(branch, name="李一")
    a_member(a_branch(), name="外人")
    data = filled_by(client, a_form(), query="state=all")
    assert [line[1] for line in lines_of(data)[3:5]] == ["李一", None]


def test_a_sheet_for_each_branch_gets_the_people_of_that_branch():
    committee = a_committee()
    first, second = (a_branch(committee, name=f"第{n}党支部") for n in "一二")
    for branch, name in ((first, "李一"), (second, "王二"), (a_branch(committee), "在外")):
        a_member(branch, name=name)
    form = a_form(sheet_names=("第一党支部", "第二党支部", "说明"))
    result = filled(form, Member.objects.under(committee))
    assert lines_of(result.data, "第一党支部")[3][1] == "李一"
    assert lines_of(result.data, "第二党支部")[3][1] == "王二"
    assert lines_of(result.data, "说明")[3][1] is None
    assert result.count == 2
    assert (
        "1 of the chosen people belong to no branch that a sheet is named after, and were left out."
        in notes_of(result)
    )
    assert "These sheets were left as they are: 说明." in notes_of(result)


def test_a_form_in_another_format_comes_back_as_xlsx_and_says_so(client, clerk, branch):
    a_member(branch, name="李一")
    form = "序号,姓名,性别,政治表现\n1,,,\n2,,,\n".encode("gb18030")
    page = asked(client, form, "采集表.csv")
    result = page.context["result"]
    assert result.name == "采集表.xlsx"
    assert lines_of(result.data)[1][:3] == [1, "李一", "男"]
    assert "comes back as one" in page.context["notes"][0]


def test_a_heading_that_may_mean_several_things_is_filled_and_said():
    branch = a_branch()
    a_member(branch, job_title="综合科科员")
    result = filled(a_form("序号", "姓名", "党内职务", "职务"), people_of(branch))
    assert lines_of(result.data)[3][3] == "综合科科员"
    result = filled(a_form("序号", "姓名", "党籍状态", "备注"), people_of(branch))
    assert lines_of(result.data)[3][2] == "正式党员"
    assert (
        "The heading “党籍状态” in column C of the sheet “采集表” may mean several things; the "
        "column was filled as 党员类型. Check it." in notes_of(result)
    )


def test_the_own_fields_of_the_office_are_filled_in(client, clerk, branch):
    OwnField.keep(branch, ["政治表现"])
    member = a_member(branch, name="李一")
    member.own = {"政治表现": "优秀"}
    member.save()

    result = filled_by(client, a_form())

    assert lines_of(result)[3][6] == "优秀"


def test_the_own_fields_of_another_office_stay_empty_and_are_named(client, clerk, branch):
    elsewhere = a_branch()
    OwnField.keep(elsewhere, ["政治表现"])
    a_member(branch, name="李一")

    page = asked(client, a_form())

    assert any("G 政治表现" in note for note in page.context["notes"])


def test_what_the_office_has_said_of_a_heading_before_holds_for_its_forms(branch):
    a_member(branch, job_title="综合科科员", employer="市某局")
    HeadingAnswer.objects.create(
        scope_path=branch.path, kind="members", heading="职务", field="job_title"
    )
    result = filled(a_form("序号", "姓名", "职务"), people_of(branch))

    assert lines_of(result.data)[3][2] == "综合科科员"
    assert not any("several things" in note for note in notes_of(result))


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.xlsx", b"", EMPTY),
        ("a.xlsx", b"%PDF-1.7", PDF),
        ("a.xlsx", a_form("项目", "金额"), NO_FORM),
    ],
)
def test_what_is_no_form_gets_one_sentence(client, clerk, branch, name, data, sentence):
    a_member(branch)
    page = asked(client, data, name)
    assert page.context["form"].errors["file"] == [sentence]
    assert not PreparedFile.objects.exists()
    assert not Entry.objects.filter(action=Action.EXPORT).exists()


def test_nobody_chosen_is_said(client, clerk, branch):
    page = asked(client, a_form(), query="sex=F")
    assert page.context["form"].non_field_errors() == ["Nobody is chosen. Choose other people."]


def test_filters_that_cannot_be_read_choose_nobody(client, clerk, branch):
    a_member(branch)
    answer = client.get(f"{URL}?age_from=alt", follow=True)
    assert answer.redirect_chain[0][0].startswith("/members/member/?age_from=")
    assert "nobody is chosen" in answer.text


def test_more_people_than_a_form_takes_are_refused(client, clerk, branch, monkeypatch):
    monkeypatch.setattr(form_filling, "MOST", 1)
    for _ in range(2):
        a_member(branch)
    page = asked(client, a_form())
    assert page.context["form"].errors["file"] == [
        "2 people are chosen; a form takes at most 1. Choose fewer."
    ]
