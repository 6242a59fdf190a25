"""The table of organisations, the officers, the contact list: what stood on a day."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.models import Area, Organization, Unit
from members.models import Member
from registry.calendar import PartialDate
from tests.factories import TODAY, a_branch, a_committee, a_member, a_user, a_work_committee
from tests.members.papers import column, headings, made, office, rows, text_of

pytestmark = pytest.mark.django_db
JUNE, MAY = date(2024, 6, 1), date(2024, 5, 31)
every_paper = pytest.mark.parametrize("key", ["organizations", "officers", "contacts"])


def shown(paper, *keys):
    return [tuple(row[key] for key in keys) for row in rows(paper)]


def in_area(organization, name, order=0):
    area, _ = Area.objects.get_or_create(name=name, defaults={"display_order": order})
    Organization.objects.filter(pk=organization.pk).update(area=area)
    organization.refresh_from_db()


# 党组织一览表


def test_the_tree_stands_in_its_order_with_sums_from_below():
    top = a_work_committee(name="市直机关工委", code="100")
    late = a_committee(top, name="乙机关党委", code="100002", display_order=2)
    early = a_committee(top, name="甲机关党委", code="100001", display_order=1)
    joint = a_branch(late, name="联合支部", code="100002001", sort="joint")
    first, second = a_branch(early, name="一支部"), a_branch(early, name="二支部")
    for branch in (first, first, second, joint):
        a_member(branch)
    a_member(first, kind="probationary", joined_on=PartialDate(2026, 3), full_member_on=None)

    paper = made("organizations", top)

    assert shown(paper, "name", "kind", "full", "probationary", "people") == [
        ("市直机关工委", "机关工委", "4", "1", "5"),
        ("　甲机关党委", "机关党委", "3", "1", "4"),
        ("　　一支部", "党支部", "2", "1", "3"),
        ("　　二支部", "党支部", "1", "0", "1"),
        ("　乙机关党委", "机关党委", "1", "0", "1"),
        ("　　联合支部", "联合党支部", "1", "0", "1"),
    ]
    assert column(paper, "code")[0] == "100"
    assert set(column(paper, "founded_on")) == {"2000.01.01"}
    [section] = paper.table.sections
    assert section.total == (
        "合计：党组织6个（机关工委1个、机关党委2个、党支部3个），党员5人，"
        "其中正式党员4人、预备党员1人"
    )
    assert (paper.title, paper.count_line) == ("市直机关工委党组织一览表", "共6个党组织")


def test_names_places_secretaries_and_people_are_those_of_the_day():
    old, new = a_committee(name="旧党委"), a_committee(name="新党委")
    branch = a_branch(old, name="第一支部")
    li = a_member(branch, name="李伟")
    office(li, held_until=JUNE)
    office(None, organization=branch, name_from_elsewhere="王芳", held_from=JUNE)
    a_member(branch).leave("died", JUNE)
    branch.rename("第二支部", "", on=JUNE, document="")
    branch.move_under(new, on=JUNE, document="")

    before = shown(made("organizations", old, MAY), "name", "secretary", "people")
    after = shown(made("organizations", new, JUNE), "name", "secretary", "people")

    assert before == [("旧党委", "", "2"), ("　第一支部", "李伟", "2")]
    assert after == [("新党委", "", "1"), ("　第二支部", "王芳", "1")]
    assert shown(made("organizations", old, JUNE), "name") == [("旧党委",)]


def test_a_dissolved_branch_stands_on_the_lists_of_its_days():
    committee = a_committee(name="党委")
    branch = a_branch(committee, name="支部")
    branch.dissolve(on=JUNE, document="")

    assert column(made("organizations", committee, MAY), "name") == ["党委", "　支部"]
    assert column(made("organizations", committee, JUNE), "name") == ["党委"]
    assert column(made("organizations", branch, MAY), "name") == ["支部"]


def test_a_branch_shares_the_unit_of_its_superior():
    committee = a_committee()
    own, shared = a_branch(committee), a_branch(committee)
    for organization, name in ((committee, "市财政局"), (own, "市国库中心"), (own, "市票据中心")):
        organization.units.add(Unit.objects.get_or_create(name=name)[0])

    assert column(made("organizations", committee), "unit") == [
        "市财政局",
        "市国库中心、市票据中心",
        "市财政局",
    ]
    clerk = a_user("branch_clerk", shared)
    assert column(made("organizations", shared, reader=clerk), "unit") == ["市财政局"]


def test_of_an_organisation_that_has_left_the_readers_rows_nothing_later_is_told():
    old, new = a_committee(), a_committee()
    branch = a_branch(old, name="支部")
    branch.move_under(new, on=JUNE, document="")
    branch.refresh_from_db()
    branch.units.add(Unit.objects.create(name="新单位"))
    in_area(branch, "新片区")
    Organization.objects.filter(pk=branch.pk).update(contact="新联系人")
    clerk = a_user("committee_clerk", old)

    [_own, shown_] = rows(made("organizations", old, MAY, clerk))
    contacts = "".join(made("contacts", old, MAY, clerk).texts())

    assert (shown_["name"], shown_["unit"]) == ("　支部", "")
    assert "新片区" not in contacts
    assert "新联系人" not in contacts


def test_more_organisations_than_anybody_reads_get_a_sentence(monkeypatch):
    committee = a_committee(short_name="党委")
    a_branch(committee)
    monkeypatch.setattr("members.papers.organizations.MOST", 2)
    assert made("organizations", committee).count == 2
    a_branch(committee)

    with pytest.raises(ValidationError) as error:
        made("organizations", committee)

    assert error.value.message_dict == {
        "organization": ["More than 2 organisations stand at 党委. Choose one below it."]
    }


# 党内职务名册


def test_officers_stand_by_organisation_and_there_in_order_of_posts():
    committee = a_committee(name="机关党委")
    branch = a_branch(committee, name="一支部")
    member = a_member(branch, name="李伟")
    office(a_member(branch, name="王芳"), "discipline_member")
    office(member, "secretary", held_from=date(2023, 6, 1))
    office(member, "deputy_secretary", committee, full_time=True)
    office(member, "discipline_secretary", committee, body="discipline")
    office(None, organization=committee, name_from_elsewhere="外来书记")

    paper = made("officers", committee)

    assert list(headings(paper)) == ["机关党委（3项）", "一支部（2项）"]
    assert shown(paper, "name", "post", "note") == [
        ("外来书记", "书记", ""),
        ("李伟", "副书记", "专职"),
        ("李伟", "机关纪委书记", ""),
        ("李伟", "书记", ""),
        ("王芳", "纪检委员", ""),
    ]
    assert column(paper, "held_from")[3] == "2023.06.01"
    assert paper.count_line == "共5项职务"


def test_posts_are_those_of_the_day():
    branch = a_branch()
    office(a_member(branch, name="前任"), held_until=JUNE)
    office(a_member(branch, name="后任"), held_from=JUNE)
    office(a_member(branch, name="误录"), "publicity_member").member.mark_wrong("entered twice")

    assert column(made("officers", branch, MAY), "name") == ["前任"]
    assert column(made("officers", branch, JUNE), "name") == ["后任"]


@pytest.mark.parametrize("key", ["officers", "contacts"])
def test_of_an_officer_who_was_never_in_the_readers_rows_only_the_name_is_known(key):
    committee = a_committee()
    foreign = a_member(a_branch(), name="外人", phone="13800001234", job_title="外单位处长")
    office(foreign, "secretary", committee)
    clerk = a_user("committee_clerk", committee)

    paper = made(key, committee, TODAY, clerk, in_full=True)

    assert column(paper, "name") == ["外人"]
    told = "".join(paper.texts())
    assert not {word for word in ("1234", "外单位", "1980.05") if word in told}


def test_an_officer_who_has_moved_out_since_is_masked_and_without_later_data():
    branch = a_branch()
    member = a_member(branch, name="李伟", phone="13800001234")
    office(member, held_until=date(2024, 9, 1))
    member.move_to(a_branch(), JUNE)
    member.job_title = "新单位处长"
    member.correct(TODAY)
    clerk = a_user("branch_clerk", branch)

    paper = made("officers", branch, MAY, clerk, in_full=True)

    assert shown(paper, "name", "joined_on", "phone", "job") == [
        ("李伟", "2005.06.01", "138****1234", "")
    ]


# 党务干部通讯录


def test_the_contact_list_goes_by_area_and_unit():
    top = a_work_committee()
    south, north = a_committee(top, name="南党委"), a_committee(top, name="北党委")
    loose = a_committee(top, name="未划党委")
    in_area(south, "南片区", 2), in_area(north, "北片区", 1)
    south.units.add(Unit.objects.create(name="南局"))
    for number, committee in enumerate((south, north, loose)):
        branch = a_branch(committee, name=f"支部{number}", short_name=f"支部{number}")
        member = a_member(
            branch, name=f"书记{'甲乙丙'[number]}", office_phone="010-88", phone="13800001234"
        )
        office(member)
        office(a_member(branch), "publicity_member")

    paper = made("contacts", top)

    assert list(headings(paper)) == ["北片区（1人）", "南片区（1人）", "未划分片区（1人）"]
    assert shown(paper, "number", "name", "unit", "organization", "office_phone", "mobile") == [
        ("1", "书记乙", "", "支部1", "010-88", "138****1234"),
        ("2", "书记甲", "南局", "支部0", "010-88", "138****1234"),
        ("3", "书记丙", "", "支部2", "010-88", "138****1234"),
    ]
    assert set(column(made("contacts", top, in_full=True), "mobile")) == {"13800001234"}
    assert list(headings(made("contacts", loose))) == [""]


def test_everybody_stands_once_with_all_posts_and_the_contact_of_the_organisation_beside():
    committee = a_committee(contact="赵联系", phone="88886666")
    member = a_member(a_branch(committee), name="李伟")
    office(member, "full_time_deputy_secretary", committee, full_time=True)
    office(member, "discipline_secretary", committee, body="discipline")
    office(a_member(member.organization, name="专干"), "member", committee, full_time=True)

    assert shown(made("contacts", committee), "name", "posts", "office_phone", "note") == [
        ("李伟", "专职副书记、机关纪委书记", "", "专职"),
        ("专干", "委员", "", "专职"),
        ("赵联系", "联系人", "88886666", ""),
    ]


# All three


@every_paper
def test_a_day_before_the_founding_gets_a_sentence(key):
    branch = a_branch(short_name="一支部", founded_on=date(2010, 3, 1))

    with pytest.raises(ValidationError) as error:
        made(key, branch, date(2010, 2, 28))

    assert error.value.message_dict == {
        "on": ["一支部 was founded on 2010-03-01. Choose that day or a later one."]
    }


@every_paper
@pytest.mark.parametrize("text", ["#f()$x$", "=1+1", "<b>x"])
def test_syntax_of_any_program_is_printed_as_it_is_written(key, text):
    member = a_member(a_branch(name=text))
    office(member)
    Member.objects.filter(pk=member.pk).update(name=text)

    assert text_of(key, member.organization).count(text) >= 3


@pytest.mark.parametrize("key", ["officers", "contacts"])
def test_a_list_of_nobody_says_so(key):
    assert "（无人员）" in text_of(key, a_branch())


@every_paper
def test_the_number_of_queries_does_not_follow_the_number_of_organisations(key):
    committee = a_committee()

    def queries() -> int:
        clerk = a_user("committee_clerk", committee)
        with CaptureQueriesContext(connection) as captured:
            made(key, committee, TODAY, clerk)
        return len(captured)

    office(a_member(a_branch(committee)))
    few = queries()
    for _ in range(4):
        office(a_member(a_branch(committee)))

    assert queries() == few
