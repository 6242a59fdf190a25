"""``manage.py import_organizations``: a whole tree from one list."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from branches.models import Organization
from branches.sheets.organizations import OrganizationResource
from registry.access import OPERATOR
from registry.models import ImportJob
from registry.sheets import staging
from registry.sheets.answering import Answering
from registry.sheets.keeping import kept_rows
from tests.factories import TODAY, a_committee, a_user, a_work_committee

pytestmark = pytest.mark.django_db
HEADINGS = "组织代码,组织全称,组织简称,组织类别,上级组织代码,所在单位,成立时间"
TREE = (
    "100001001,机关第一支部,第一党支部,党支部,100001,交通局,2019.03",
    "100,市直属机关工作委员会,市直机关工委,机关工委,,,",
    "100001,交通局机关委员会,交通局机关党委,机关党委,100,,",
    "100001002,联合支部,,联合党支部,100001,交通局、公路中心,",
)


@pytest.fixture
def run(tmp_path):
    def run(*lines, headings=HEADINGS, **options):
        path = tmp_path / "tree.csv"
        path.write_text("\n".join([headings, *lines]), encoding="utf-8")
        out, err, code = StringIO(), StringIO(), 0
        try:
            call_command("import_organizations", path, json=True, stdout=out, stderr=err, **options)
        except CommandError as error:
            code = error.returncode
        report = json.loads(out.getvalue())
        return code, report["counts"], [(each["cell"], each["code"]) for each in report["findings"]]

    return run


def test_a_tree_is_founded_superiors_first_wherever_they_stand_in_the_file(run):
    code, counts, findings = run(*TREE)
    assert (code, counts["new"], findings) == (0, 4, [])
    first = Organization.objects.get(code="100001001")
    assert [each.code for each in first.ancestors()] == ["100", "100001"]
    assert (first.founded_on, first.kind, first.short_name) == (
        date(2019, 3, 1), "branch", "第一党支部",
    )  # fmt: skip
    assert first.periods.count() == 1
    joint = Organization.objects.get(code="100001002")
    assert joint.sort == "joint"
    assert sorted(each.name for each in joint.units.all()) == ["交通局", "公路中心"]


def test_checking_founds_nothing(run):
    assert run(*TREE, check=True)[:2] == (0, run(*TREE, check=True)[1])
    assert not Organization.objects.exists()


def test_the_same_list_again_changes_nothing(run):
    run(*TREE)
    code, counts, findings = run(*TREE)
    assert (code, counts["unchanged"], findings) == (0, 4, [])


def test_a_contact_is_corrected_but_a_name_changes_on_its_day(run):
    run(*TREE)
    headings = "组织代码,组织全称,联系电话"
    assert run("100001,交通局机关委员会,88886666", headings=headings)[1]["changed"] == 1
    assert Organization.objects.get(code="100001").phone == "88886666"
    code, _, findings = run("100001,交通运输局机关委员会,", headings=headings)
    assert (code, findings) == (1, [("B2", "change_by_verb")])


@pytest.mark.parametrize(
    ("line", "finding"),
    [
        pytest.param("12a,支部,,党支部,100,,", ("A2", "code_not_digits"), id="letters in a code"),
        pytest.param(",支部,,党支部,100,,", ("A2", "value_missing"), id="no code"),
        pytest.param("7,,,党支部,100,,", ("B2", "name_missing"), id="no name"),
        pytest.param("7,支部,,,100,,", ("D2", "value_missing"), id="no kind"),
        pytest.param("7,支部,,兴趣小组,100,,", ("D2", "choice_unknown"), id="unknown kind"),
        pytest.param("7,支部,,党支部,555,,", ("E2", "parent_unknown"), id="unknown superior"),
        pytest.param("7,工委,,机关工委,100,,", ("E2", "parent_refused"), id="wrong superior"),
        pytest.param("7,支部,,党支部,7,,", ("E2", "parent_refused"), id="under itself"),
    ],
)
def test_what_cannot_be_founded_is_told_at_its_cell(run, line, finding):
    a_work_committee(code="100")
    code, counts, findings = run(line)
    assert code == 1
    assert counts["error"] == 1
    assert finding in findings
    assert Organization.objects.count() == 1


def test_nothing_is_founded_below_what_is_refused(run):
    a_work_committee(code="100")
    code, counts, _ = run("7,,,机关党委,100,,", "71,支部,,党支部,7,,")
    assert (code, counts["error"]) == (1, 2)


def test_a_clerk_founds_below_his_own_committee_only(run):
    mine, foreign = a_committee(code="2"), a_committee(code="3")
    a_user("committee_clerk", mine, username="jiguan")
    assert run("2001,甲支部,,党支部,2,,", username="jiguan")[0] == 0
    assert run("3001,乙支部,,党支部,3,,", username="jiguan")[2] == [("E2", "parent_unknown")]
    assert run("9,丙党委,,党委,,,", username="jiguan")[2] == [("E2", "parent_unknown")]
    assert run(f"{foreign.code},改名,,党委,2,,", username="jiguan")[2] == [("A2", "code_taken")]
    assert set(Organization.objects.values_list("name", flat=True)) >= {"甲支部"}


def test_the_level_of_a_row_tells_its_superior_where_no_code_does(run):
    headings = "层级,组织代码,组织全称,组织类别"
    lines = ("1,100,工委,机关工委", "2,100001,党委,机关党委", "3,5,支部,党支部", "2,6,总支,党总支")
    assert run(*lines, headings=headings)[0] == 0
    parents = dict(Organization.objects.values_list("code", "parent__code"))
    assert parents == {"100": None, "100001": "100", "5": "100001", "6": "100"}


def test_a_difference_that_needs_a_verb_may_be_left_as_the_register_has_it(run):
    top = a_work_committee(code="100", name="旧工委", contact="甲")
    code, counts, _ = run("100,新工委,机关工委,乙", headings="组织代码,组织全称,组织类别,联系人")
    assert (code, counts["question"]) == (1, 1)
    job = ImportJob.objects.get()
    [row] = kept_rows(job)
    answering = Answering(OrganizationResource, job, OPERATOR, TODAY)
    assert answering.answer(row.key, "change_by_verb", "register") == 1
    [row] = kept_rows(job)
    assert (row.state, row.changes) == ("changed", [["contact", "甲", "乙"]])
    staging.apply(OrganizationResource, job, OPERATOR, today=TODAY, good_rows=False)
    top.refresh_from_db()
    assert (top.name, top.contact) == ("旧工委", "乙")


def test_one_superior_has_no_two_of_one_name_and_none_is_older_than_its_superior(run):
    top = a_work_committee(code="100", founded_on=date(2010, 1, 1))
    a_committee(top, name="交通局机关委员会", founded_on=date(2011, 1, 1))
    code, counts, findings = run(
        "7,交通局机关委员会,,机关党委,100,,",
        "8,财政局机关委员会,,机关党委,100,,",
        "9,财政局机关委员会,,机关党委,100,,",
        "6,教育局机关委员会,,机关党委,100,,2001.01",
    )
    assert (code, counts["new"], counts["error"]) == (1, 1, 3)
    refused = [cell for cell, code in findings if code == "organization_refused"]
    assert refused == ["B2", "B4", "G5"]


def test_a_list_with_former_codes_founds_nothing_anew(run):
    run(*TREE)
    committee, top = Organization.objects.get(code="100001"), a_work_committee(code="200")
    committee.move_under(top, on=date(2024, 5, 1), recode=True)
    headings = "组织代码,组织全称,联系电话"
    code, counts, findings = run("100001,交通局机关委员会,88886666", headings=headings)
    assert (code, counts["changed"], findings) == (0, 1, [])
    committee.refresh_from_db()
    assert (committee.code, committee.phone) == ("200001", "88886666")
    branch = "100001003,机关第三支部,党支部,100001"
    code, counts, _findings = run(branch, headings="组织代码,组织全称,组织类别,上级组织代码")
    assert (code, counts["new"]) == (0, 1)
    assert Organization.objects.get(code="100001003").parent == committee
