"""Layouts: who keeps them, where they hold, what they make of a roster, and the page for them."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from members.models import Layout, OwnField
from members.papers.columns import COLUMNS
from members.papers.kinds import PAPERS
from members.papers.layouts import layout_for
from members.papers.printing import print_paper
from registry.access import OPERATOR
from registry.calendar import PartialDate
from registry.models import Entry
from registry.papers.lists import A3_ON_ITS_SIDE, A4, A4_ON_ITS_SIDE
from registry.papers.writing import PDF
from tests.factories import a_branch, a_committee, a_member, a_user
from tests.members.rosters import asked_for, column, keys, made

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee():
    return a_committee(short_name="机关党委")


@pytest.fixture
def branch(committee):
    return a_branch(committee, short_name="一支部")


@pytest.fixture
def clerk(client, branch):
    user = a_user("branch_clerk", branch)
    client.force_login(user)
    return user


def a_layout(organization, name="简表", columns=(("number", 10), ("name", 30)), **fields):
    return Layout.objects.create(
        organization=organization, name=name, columns=[list(pair) for pair in columns], **fields
    )


# Where they hold


def test_a_layout_holds_here_and_below_and_the_nearest_of_one_name_wins(committee, branch):
    far, near = a_layout(committee), a_layout(branch)
    other = a_layout(committee, "长表")
    a_layout(a_committee(), "外单位")

    assert list(Layout.objects.nearest_each(branch.path)) == ["标准", "简表", "长表"]
    assert Layout.objects.nearest_each(branch.path)["简表"] == near
    assert Layout.objects.nearest_each(committee.path)["简表"] == far
    assert Layout.objects.nearest_each(branch.path)["长表"] == other


def test_without_a_choice_the_one_called_standard_holds_then_the_built_in_one(committee, branch):
    a_member(branch)
    assert keys(made("roster", branch)) == [each.key for each in COLUMNS]

    a_layout(committee, "标准", [("name", 30), ("party_age", 20)])

    assert keys(made("roster", branch)) == ["name", "party_age"]
    assert keys(made("roster", branch, layout="标准")) == ["name", "party_age"]


def test_an_unknown_layout_is_refused_with_those_that_there_are(branch):
    a_layout(branch)
    a_layout(a_committee(), "外单位")
    for name in ("外单位", "没有"):
        with pytest.raises(ValidationError) as error:
            layout_for(branch, name, OPERATOR)
        assert error.value.message_dict == {
            "layout": [f"There is no layout “{name}” for 一支部. Choose one of these: 标准、简表."]
        }


# What they make of a roster


def test_columns_order_widths_title_foot_and_paper_are_those_of_the_layout(branch):
    a_layout(
        branch,
        columns=[("name", 40), ("number", 12)],
        title="党员名单",
        footer="机关党委制",
        sheet="a4",
    )
    a_layout(branch, "大表", sheet="a3_on_its_side")
    a_member(branch, name="李伟")

    paper = made("roster", branch, layout="简表")

    assert [(each.key, each.width) for each in paper.table.columns] == [
        ("name", 40),
        ("number", 12),
    ]
    assert paper.table.rows == (("李伟", "1"),)
    assert paper.title == "一支部党员名单"
    assert paper.footer == "机关党委制　打印：张干事　2026-11-20 12:00"
    assert paper.page == A4
    assert made("roster", branch).page == A4_ON_ITS_SIDE
    assert made("roster", branch, layout="大表").page == A3_ON_ITS_SIDE
    assert made("checking_sheet", branch, layout="简表").title == "一支部党员信息核对表"


def test_a_layout_may_group_by_branch(committee, branch):
    a_layout(committee, by_branch=True)
    a_member(branch)

    sections = made("roster", committee, layout="简表").table.sections

    assert [(each.heading, each.total) for each in sections] == [("一支部", "小计：1人")]


def test_columns_in_which_nothing_stands_may_be_left_out(branch):
    columns = [("name", 20), ("note", 20), ("job", 20)]
    a_layout(branch, columns=columns, drop_empty=True)
    a_layout(branch, "全", columns)

    assert keys(made("roster", branch, layout="简表")) == ["name", "note", "job"]  # of nobody
    a_member(branch, job_title="科长")
    assert keys(made("roster", branch, layout="简表")) == ["name", "job"]
    assert keys(made("roster", branch, layout="全")) == ["name", "note", "job"]
    assert made("roster", branch, layout="简表").table.rows == (("张三", "科长"),)


def test_further_columns_say_what_the_register_knows_of_that_day(branch):
    member = a_member(
        branch,
        since=date(2010, 3, 1),
        born_on=PartialDate(1980, 5, 17),
        full_member_on=PartialDate(2006, 6, 1),
        degree="3",
        rank="一级科员",
        address="某市某区某街道某号",
        floating=True,
        floating_to="深圳",
    )
    texts = {
        "age": "46",
        "birthday": "1980.05.17",
        "party_age": "20年",
        "kind": "正式党员",
        "category": "在职",
        "degree": "硕士",
        "rank": "一级科员",
        "since": "2010.03.01",
        "floating": "是",
        "floating_to": "深圳",
        "hardship": "",
        "address": "某市某区****",
        "member_number": member.number,
    }
    a_layout(branch, columns=[(key, 20) for key in texts])

    paper = made("roster", branch, layout="简表")

    assert paper.table.rows == (tuple(texts.values()),)
    assert paper.footer.endswith("家庭住址部分隐藏")
    past = made("roster", branch, date(2011, 5, 16), layout="简表")
    assert (column(past, "age"), column(past, "party_age")) == (["30"], ["4年"])


def test_an_own_field_is_a_column_also_where_it_is_named_like_one_of_the_register(branch):
    OwnField.objects.create(organization=branch, name="车牌号")
    OwnField.objects.create(organization=branch, name="姓名")
    member = a_member(branch, name="李伟")
    member.own = {"车牌号": "浙A12345", "姓名": "李大伟"}
    member.save()
    a_layout(branch, columns=[("name", 20), ("own:姓名", 20), ("own:车牌号", 20)])

    paper = made("roster", branch, layout="简表")

    assert paper.table.rows == (("李伟", "李大伟", "浙A12345"),)
    assert [each.heading for each in paper.table.columns] == ["姓名", "姓名", "车牌号"]


def test_a_column_that_there_is_no_more_is_told_of_and_the_rest_prints(branch):
    a_layout(branch, columns=[("name", 20), ("shoe_size", 20), ("own:车牌号", 20)])
    a_member(branch)

    printed = print_paper(PAPERS["roster"], branch, asked_for(layout="简表"), PDF)

    assert printed.data.startswith(b"%PDF")
    assert [str(each) for each in printed.warnings] == [
        f"The layout “简表” has a column “{gone}” that there is no more. "
        "The other columns are printed; choose the columns of the layout anew."
        for gone in ("shoe_size", "车牌号")
    ]
    assert keys(made("roster", branch, layout="简表")) == ["name"]


def test_where_no_column_is_left_the_usual_ones_print(branch):
    a_layout(branch, columns=[("shoe_size", 20)])
    assert keys(made("roster", branch, layout="简表")) == [each.key for each in COLUMNS]


# The page


def answers(form, **changes):
    """What the page would send as it stands, but for ``changes``."""
    sent = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in (sent | changes).items() if value not in (None, False)}


def opened(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.context["form"]


@pytest.mark.usefixtures("clerk")
def test_a_clerk_makes_a_layout_and_prints_with_it(client, branch):
    a_member(branch, name="李伟")
    address = f"/organizations/{branch.pk}/layouts/add/"
    form = opened(client, address)
    assert form["place-number"].value() == 1
    places = {name: "" for name in form.fields if name.startswith("place-")}
    chosen = {"name": "简表", "place-name": 2, "place-party_age": 1, "width-name": 35}
    sent = answers(form, **places | chosen)

    assert client.post(address, sent).status_code == 302

    layout = Layout.objects.get()
    assert layout.columns == [["party_age", 12], ["name", 35]]
    assert layout.organization == branch
    assert Entry.objects.about(layout).get().action == "add"
    page = client.get("/rosters/", {"layout": "简表"})
    assert "简表" in client.get(f"/organizations/{branch.pk}/layouts/").content.decode()
    assert page.context["headings"] == ["党龄", "姓名"]
    assert "layout=%E7%AE%80%E8%A1%A8" in page.content.decode()


@pytest.mark.usefixtures("clerk")
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "简表"}, "The office already has a layout of this name."),
        ({"place-name": "", "place-number": ""}, "Choose at least one column: write a number"),
        ({"width-name": "3"}, "greater than or equal to 4"),
        ({"width-name": "9999"}, "less than or equal to 390"),
        ({"width-name": ""}, "This field is required."),
        ({"sheet": "b5"}, "b5 is not one of the available choices."),
        ({"name": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_a_layout_is_refused(client, branch, changes, sentence):
    a_layout(branch)
    other = a_layout(branch, "别的")
    address = f"/layouts/{other.pk}/"

    answer = client.post(address, answers(opened(client, address)) | changes)

    assert sentence in answer.content.decode()
    other.refresh_from_db()
    assert (other.name, other.columns) == ("别的", [["number", 10], ["name", 30]])


@pytest.mark.usefixtures("clerk")
def test_of_two_who_save_a_layout_the_second_is_told(client, branch):
    layout = a_layout(branch)
    address = f"/layouts/{layout.pk}/"
    sent = answers(opened(client, address))
    assert client.post(address, sent | {"title": "名单"}).status_code == 302

    answer = client.post(address, sent | {"title": "名册"})

    assert "Somebody else has saved this layout in the meantime." in answer.content.decode()
    layout.refresh_from_db()
    assert layout.title == "名单"


@pytest.mark.usefixtures("clerk")
def test_a_layout_with_a_lost_column_says_so_on_its_page_and_loses_it_when_saved(client, branch):
    layout = a_layout(branch, columns=[("shoe_size", 20), ("name", 20)])
    address = f"/layouts/{layout.pk}/"
    assert "has a column “shoe_size” that there is no more" in client.get(address).content.decode()

    client.post(address, answers(opened(client, address)))

    layout.refresh_from_db()
    assert layout.columns == [["name", 20]]


@pytest.mark.usefixtures("clerk")
def test_a_layout_is_deleted_and_the_one_above_holds_again(client, committee, branch):
    far, near = a_layout(committee), a_layout(branch)

    assert client.post(f"/layouts/{near.pk}/", {"delete": "1"}).status_code == 302

    assert Layout.objects.nearest_each(branch.path)["简表"] == far


@pytest.mark.usefixtures("clerk")
def test_layouts_of_others_are_seen_where_they_hold_and_changed_by_nobody_below(
    client, committee, branch
):
    above, foreign = a_layout(committee, "上级表"), a_layout(a_committee(), "外单位表")
    page = client.get(f"/organizations/{branch.pk}/layouts/").content.decode()

    assert "上级表" in page
    assert "外单位表" not in page
    for layout in (above, foreign):
        assert f"/layouts/{layout.pk}/" not in page
        assert client.get(f"/layouts/{layout.pk}/").status_code == 404
        assert client.post(f"/layouts/{layout.pk}/", {"delete": "1"}).status_code == 404
    for address in ("layouts/", "layouts/add/"):
        assert client.get(f"/organizations/{committee.pk}/{address}").status_code == 404
        assert client.get(f"/organizations/987654/{address}").status_code == 404
    assert Layout.objects.count() == 2


@pytest.mark.parametrize("role", ["reader", "approver"])
def test_who_keeps_no_organisation_keeps_no_layouts(client, branch, role):
    client.force_login(a_user(role, branch))

    assert client.get(f"/organizations/{branch.pk}/layouts/").status_code == 403
    assert "/layouts/" not in client.get("/rosters/").content.decode()


@pytest.mark.usefixtures("clerk", "zh")
def test_the_pages_come_in_chinese(client, branch):
    a_layout(branch)
    assert client.get(f"/organizations/{branch.pk}/layouts/").status_code == 200
    assert client.get(f"/organizations/{branch.pk}/layouts/add/").status_code == 200
