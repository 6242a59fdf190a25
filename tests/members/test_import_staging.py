"""What the rows of a roster mean for the register, before anything is written."""

from __future__ import annotations

from datetime import date

import pytest

from branches.models import PartyGroup
from members.models import Member, Office
from members.sheets.members import MemberResource
from registry.access import OPERATOR
from registry.calendar import PartialDate
from registry.sheets import staging
from registry.sheets.staging import Scope
from tests.factories import TODAY, a_branch, a_committee, a_member, a_user
from tests.members.sheets_of_members import ID_1, ID_2, a_roster, a_row

pytestmark = pytest.mark.django_db


def staged(*rows, organization=None, user=OPERATOR, opening_on=TODAY, **roster):
    scope = Scope(organization.path, str(organization)) if organization else Scope()
    return staging.stage(
        MemberResource,
        a_roster(*rows, **roster),
        "roster.xlsx",
        user=user,
        scope=scope,
        opening_on=opening_on,
        today=TODAY,
    )


def applied(job, user=OPERATOR, *, good_rows=False):
    return staging.apply(MemberResource, job, user, today=TODAY, good_rows=good_rows)


def states(job):
    return [row.state for row in job.rows.order_by("id")]


def told(job):
    """Findings about rows, as cell and code."""
    return [(each.cell, each.code) for each in job.findings.filter(row__isnull=False)]


def known(branch, **fields):
    """A member who agrees with ``a_row``."""
    described = {
        "name": "陶敏",
        "sex": "F",
        "ethnicity": "01",
        "born_on": PartialDate(1980, 5, 17),
        "joined_on": PartialDate(2005, 6),
        "full_member_on": PartialDate(2006, 6),
        "id_number": ID_1,
    }
    return a_member(branch, **described | fields)


def test_an_unknown_person_is_new_and_nothing_is_written_by_looking():
    job = staged(a_row(身份证号码=ID_1), organization=a_branch())
    assert states(job) == ["new"]
    assert job.counts["new"] == 1
    assert not Member.objects.exists()


def test_the_counts_add_up_to_the_records():
    branch = a_branch()
    known(branch)
    job = staged(
        a_row(身份证号码=ID_1),
        a_row(**{"姓  名": "吴琪"}, 身份证号码=ID_2),
        a_row(**{"姓  名": "吴琪"}, 身份证号码=ID_2),
        a_row(**{"姓  名": "曹文"}, 入党时间="1985.13"),
        organization=branch,
    )
    assert states(job) == ["unchanged", "new", "skipped", "error"]
    assert sum(job.counts.values()) == 4


def test_applied_rows_are_members_with_a_stay_since_the_opening_day_a_post_and_a_log():
    branch = a_branch()
    job = staged(
        a_row(身份证号码=ID_1, 党内职务="书记、组织委员"),
        organization=branch,
        opening_on=date(2026, 1, 1),
    )
    outcome = applied(job)

    assert (outcome.new, outcome.changed, outcome.left) == (1, 0, 0)
    member = Member.objects.get()
    assert (member.name, member.sex, member.kind) == ("陶敏", "F", "full")
    assert member.born_on == PartialDate(1980, 5)
    assert member.number == "D00000001"
    assert Member.of_id_number(ID_1) == member
    stay = member.placements.get()
    assert (stay.placed_from, stay.began) == (date(2026, 1, 1), "opening")
    assert set(Office.objects.values_list("post", "held_from")) == {
        ("secretary", date(2026, 1, 1)),
        ("organisation_member", date(2026, 1, 1)),
    }
    assert branch.headcount.full == branch.parent.headcount.full == 1


def test_the_log_names_who_was_added_and_masks_what_is_protected():
    job = staged(a_row(身份证号码=ID_1), organization=a_branch())
    applied(job)
    entry = staging.Entry.objects.get(model="members.member")
    assert entry.chain == f"job:{job.pk}"
    assert ["id_number", "", "***************02X"] in entry.changes
    assert ID_1 not in str(entry.changes)


def test_a_changed_cell_is_shown_old_and_new_and_alone_is_written():
    branch = a_branch()
    member = known(branch, native_place="浙江杭州", phone="13800000000")
    job = staged(
        a_row(身份证号码=ID_1, 联系电话="13900000001", 备注="老党员"),
        organization=branch,
        extra=("备注",),
    )
    row = job.rows.get()
    assert row.state == "changed"
    assert row.values["changes"] == [
        ["phone", "138****0000", "13900000001"],
        ["note", "", "老党员"],
    ]
    applied(job)
    member.refresh_from_db()
    assert (member.phone, member.note, member.version) == ("13900000001", "老党员", 2)
    assert member.native_place == "浙江杭州", "a blank cell never overwrites"
    assert member.born_on == PartialDate(1980, 5, 17), "a month says nothing against its day"


def test_the_same_file_again_changes_nothing():
    branch = a_branch()
    rows = [
        a_row(身份证号码=ID_1, 党内职务="书记"),
        a_row(**{"姓  名": "吴琪"}, 身份证号码=ID_2, 联系电话="13900000001"),
    ]
    applied(staged(*rows, organization=branch))
    again = staged(*rows, organization=branch)
    assert states(again) == ["unchanged", "unchanged"]
    assert applied(again).written == 0
    assert Office.objects.count() == 1


def test_the_word_clears_a_field_and_our_own_mask_leaves_it():
    branch = a_branch()
    member = known(branch, phone="13800000000", native_place="浙江杭州", note="旧")
    job = staged(
        a_row(身份证号码=ID_1, 籍贯="清空", 联系电话="138****0000"),
        organization=branch,
        extra=("籍贯",),
    )
    applied(job)
    member.refresh_from_db()
    assert (member.native_place, member.phone, member.note) == ("", "13800000000", "旧")


def test_a_name_cannot_be_cleared():
    job = staged(a_row(**{"姓  名": "清空"}), organization=a_branch())
    assert ("B4", "cannot_be_cleared") in told(job)
    assert states(job) == ["error"]


@pytest.mark.parametrize("key", ["身份证号码", "登记编号", "学工号"])
def test_a_person_is_known_by_each_of_his_numbers(key):
    branch = a_branch()
    member = known(branch, staff_number="2004017")
    said = {"身份证号码": ID_1, "登记编号": member.number, "学工号": "2004017"}[key]
    job = staged(a_row(**{key: said}), organization=branch, extra=("登记编号", "学工号"))
    assert job.rows.get().target_id == member.pk
    assert states(job) == ["unchanged"]


def test_name_and_birth_alone_are_a_question():
    branch = a_branch()
    known(branch)
    job = staged(a_row(), organization=branch)
    assert states(job) == ["question"]
    assert told(job) == [("B4", "match_unsure")]
    assert applied(job).stopped


def test_another_name_under_a_known_id_number_is_a_question():
    branch = a_branch()
    known(branch)
    job = staged(a_row(**{"姓  名": "陶敏敏"}, 身份证号码=ID_1), organization=branch)
    assert told(job) == [("B4", "name_differs")]


def test_two_rows_that_differ_about_one_person_are_both_errors_that_name_each_other():
    job = staged(
        a_row(身份证号码=ID_1, 联系电话="13800000000"),
        a_row(身份证号码=ID_1, 联系电话="13900000000"),
        organization=a_branch(),
    )
    assert states(job) == ["error", "error"]
    assert [each.message for each in job.findings.filter(level="error")] == [
        "The same person stands in Sheet1!5 with other values. Keep one of the rows.",
        "The same person stands in Sheet1!4 with other values. Keep one of the rows.",
    ]


def test_who_is_registered_elsewhere_is_told_in_one_sentence_without_details():
    stranger = known(a_branch(), name="李秘密")
    mine = a_branch()
    job = staged(a_row(身份证号码=ID_1), organization=mine, user=a_user("branch_clerk", mine))
    [finding] = job.findings.filter(row__isnull=False)
    assert (finding.cell, finding.code) == ("I4", "registered_elsewhere")
    assert (
        finding.message == "A person with this ID number is registered elsewhere. Use a transfer."
    )
    assert job.rows.get().target_id is None
    stored = str([row.values for row in job.rows.all()])
    assert stranger.name not in stored
    assert stranger.number not in stored


def test_one_who_has_left_is_a_question():
    branch = a_branch()
    known(branch).leave("died", TODAY)
    assert told(staged(a_row(身份证号码=ID_1), organization=branch)) == [("B4", "has_left")]


def test_a_known_member_listed_under_another_branch_is_a_question():
    committee = a_committee()
    one = a_branch(committee)
    a_branch(committee, name="第二支部")
    known(one)
    job = staged(
        a_row(身份证号码=ID_1, 所在党支部="第二支部"),
        organization=committee,
        extra=("所在党支部",),
    )
    assert told(job) == [("K4", "branch_differs")]


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("100200300", id="code"),
        pytest.param("中共临江市交通局机关第一支部委员会", id="full name"),
        pytest.param("机关第一党支部", id="short name"),
        pytest.param("机关第一支部", id="short name, written loosely"),
        pytest.param("交通局机关党委/机关第一党支部", id="committee and branch"),
        pytest.param("交通局机关党委机关第一党支部", id="committee and branch in one"),
    ],
)
def test_a_branch_is_found_as_offices_write_it(written):
    committee = a_committee(short_name="交通局机关党委")
    branch = a_branch(
        committee,
        code="100200300",
        name="中共临江市交通局机关第一支部委员会",
        short_name="机关第一党支部",
    )
    a_branch(committee, short_name="机关第二党支部")
    job = staged(a_row(所在党支部=written), organization=committee, extra=("所在党支部",))
    assert told(job) == []
    assert job.rows.get().values["outcome"]["organization"] == branch.pk


def test_an_unknown_branch_names_the_nearest_of_ones_own():
    committee = a_committee()
    for name in ("机关第一党支部", "机关第二党支部", "离退休党支部"):
        a_branch(committee, short_name=name)
    job = staged(a_row(所在党支部="机关第七党支部"), organization=committee, extra=("所在党支部",))
    [finding] = job.findings.filter(row__isnull=False)
    assert finding.code == "branch_unknown"
    assert finding.message.startswith("There is no branch “机关第七党支部” among yours.")
    assert "机关第一党支部" in finding.message


def test_a_branch_of_somebody_else_gets_the_very_sentence_of_an_unknown_one():
    mine, foreign = a_branch(short_name="我的党支部"), a_branch(short_name="别人党支部")
    clerk = a_user("branch_clerk", mine)

    def said_of(written):
        job = staged(
            a_row(所在党支部=written), organization=mine, user=clerk, extra=("所在党支部",)
        )
        return job.findings.get(row__isnull=False).message.replace(written, "…")

    assert said_of("别人党支部") == said_of("没有党支部")
    assert said_of(foreign.code) == said_of("9" * len(foreign.code))


def test_a_name_that_two_committees_use_asks_and_the_committee_answers():
    top = a_committee().parent
    one, other = (
        a_committee(top, short_name="甲局机关党委"),
        a_committee(top, short_name="乙局机关党委"),
    )
    a_branch(one, short_name="第一党支部")
    second = a_branch(other, short_name="第一党支部")
    rows = (a_row(所在党支部="第一党支部"), a_row(所在党支部="第一党支部", 所在党委="乙局机关党委"))
    job = staged(rows[0], organization=top, extra=("所在党支部",))
    assert told(job) == [("K4", "branch_ambiguous")]
    job = staged(rows[1], organization=top, extra=("所在党支部", "所在党委"))
    assert job.rows.get().values["outcome"]["organization"] == second.pk


@pytest.mark.parametrize(
    "said",
    [
        {"unit": "填报单位（盖章）：机关第二党支部"},
        {"title": "交通局机关第二党支部党员花名册"},
        {"sheet_name": "机关第二党支部"},
    ],
)
def test_a_sheet_without_a_branch_column_says_its_branch_above_the_table(said):
    committee = a_committee()
    a_branch(committee, short_name="机关第一党支部")
    second = a_branch(committee, short_name="机关第二党支部")
    job = staged(a_row(), organization=committee, **said)
    assert job.rows.get().values["outcome"]["organization"] == second.pk
    assert job.findings.filter(code="branch_from_title").count() == 1


def test_a_row_that_names_no_branch_anywhere_is_an_error():
    committee = a_committee()
    a_branch(committee), a_branch(committee)
    assert told(staged(a_row(), organization=committee)) == [("B4", "branch_missing")]


def test_a_stay_begins_when_the_relation_came_and_never_before_the_founding():
    branch = a_branch(founded_on=date(2010, 3, 1))
    job = staged(
        a_row(身份证号码=ID_1, 组织关系转入时间="2015.07"),
        a_row(**{"姓  名": "吴琪"}, 身份证号码=ID_2, 组织关系转入时间="2001-02-03"),
        organization=branch,
        extra=("组织关系转入时间",),
    )
    applied(job)
    stays = {each.name: each.placements.get().placed_from for each in Member.objects.all()}
    assert stays == {"陶敏": date(2015, 7, 1), "吴琪": date(2010, 3, 1)}


def test_posts_of_a_superior_and_unknown_ones_are_told_and_not_invented():
    job = staged(
        a_row(身份证号码=ID_1, 党内职务="机关党委专职副书记"),
        a_row(**{"姓  名": "吴琪"}, 身份证号码=ID_2, 党内职务="党建联络员"),
        organization=a_branch(),
    )
    assert told(job) == [("H4", "post_elsewhere"), ("H5", "post_unread")]
    applied(job)
    assert Member.objects.count() == 2
    assert not Office.objects.exists()


def test_two_secretaries_in_one_file_warn():
    job = staged(
        a_row(身份证号码=ID_1, 党内职务="书记"),
        a_row(**{"姓  名": "吴琪"}, 身份证号码=ID_2, 党内职务="支部书记"),
        organization=a_branch(),
    )
    assert told(job) == [("H5", "two_secretaries")]
    assert states(job) == ["new", "new"]


def test_a_group_of_the_branch_is_joined_and_another_is_told():
    branch = a_branch()
    group = PartyGroup.objects.create(organization=branch, name="第一党小组")
    job = staged(
        a_row(身份证号码=ID_1, 党小组="第一党小组"),
        a_row(**{"姓  名": "吴琪"}, 身份证号码=ID_2, 党小组="第九党小组"),
        organization=branch,
        extra=("党小组",),
    )
    assert told(job) == [("K5", "group_unknown")]
    applied(job)
    assert [each.party_group for each in Member.objects.order_by("pk")] == [group, None]


def test_the_expected_day_of_full_membership_is_left_out():
    job = staged(
        a_row(入党时间="2026.06", 转正时间="2027.06", 身份证号码=ID_1, 党员类型="预备党员"),
        organization=a_branch(),
        extra=("党员类型",),
    )
    assert told(job) == [("G4", "date_in_future")]
    applied(job)
    assert (Member.objects.get().kind, Member.objects.get().full_member_on) == (
        "probationary",
        None,
    )


def test_what_the_id_number_tells_fills_what_the_sheet_leaves_open():
    job = staged(
        {"姓  名": "陶敏", "入党时间": "2005.06", "转正时间": "2006.06", "身份证号码": ID_1},
        organization=a_branch(),
    )
    applied(job)
    member = Member.objects.get()
    assert (member.sex, member.born_on) == ("F", PartialDate(1980, 5, 17))


def test_a_sheet_with_two_different_columns_of_one_name_writes_no_row():
    job = staged(
        a_row(身份证号码=ID_1, 身份证号=ID_2), organization=a_branch(), extra=("身份证号",)
    )
    assert states(job) == ["error"]
    assert applied(job, good_rows=True).written == 0


def test_the_good_rows_are_written_and_the_others_stay():
    branch = a_branch()
    job = staged(
        a_row(身份证号码=ID_1),
        a_row(**{"姓  名": "吴琪"}, 身份证号码="110101198005170041"),
        organization=branch,
    )
    assert told(job) == [("I5", "id_check_digit")]
    assert applied(job).stopped
    assert not Member.objects.exists()
    outcome = applied(job, good_rows=True)
    assert (outcome.new, outcome.left) == (1, 1)
    job.refresh_from_db()
    assert job.state == "partly"
    assert applied(job, good_rows=True).written == 0
    assert Member.objects.count() == 1


def test_what_changed_between_looking_and_applying_is_shown_and_not_written():
    branch = a_branch()
    job = staged(a_row(身份证号码=ID_1), organization=branch)
    known(branch)
    assert applied(job).overtaken
    assert states(job) == ["unchanged"]
    assert Member.objects.count() == 1


def test_a_branch_dissolved_meanwhile_stops_the_rows():
    branch = a_branch()
    job = staged(a_row(身份证号码=ID_1), organization=branch)
    branch.dissolve(on=TODAY)
    assert applied(job).overtaken
    assert not Member.objects.exists()


def test_looking_at_many_rows_asks_the_database_no_more_often_than_at_few(
    django_assert_max_num_queries,
):
    branch = a_branch()
    rows = [
        a_row(**{"姓  名": f"陶敏{sign}"}, 学工号=f"A{number}")
        for number, sign in enumerate("一二三四五六七八九十" * 9)
    ]
    with django_assert_max_num_queries(40):
        staged(*rows, organization=branch, extra=("学工号",))


def test_all_that_came_from_the_file_is_encrypted_at_rest(django_db_blocker):
    job = staged(a_row(身份证号码=ID_1, 备注="住院"), organization=a_branch(), extra=("备注",))
    with staging.transaction.get_connection().cursor() as cursor:
        cursor.execute("SELECT values_sealed FROM registry_jobrow")
        [[sealed]] = cursor.fetchall()
        cursor.execute("SELECT file FROM registry_importjob")
        [[file]] = cursor.fetchall()
    assert "陶敏" not in sealed
    assert ID_1 not in sealed
    assert not bytes(file).startswith(b"PK")
    assert bytes(job.file).startswith(b"PK")
