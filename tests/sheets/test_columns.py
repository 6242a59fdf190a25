"""Which column is which field, where headings are missing, unknown, shared or twice."""

from __future__ import annotations

import pytest

from registry.sheets.cells import choice_reader, read_text
from registry.sheets.columns import ColumnTable, SheetColumn
from registry.sheets.names import read_name
from registry.sheets.reading import read_workbook
from tests.sheets.making import workbook_of

read_post = choice_reader({"书记": "secretary", "组织委员": "organizer"}, "书记, 组织委员")
TABLE = ColumnTable(
    (
        SheetColumn("name", ("姓名", "党员姓名"), read_name, required=True),
        SheetColumn("party_post", ("党内职务",), read_post, also=("职务",)),
        SheetColumn("job_title", ("行政职务",), read_text, also=("职务",)),
        SheetColumn("id_number", ("身份证号", "证件号码"), read_text, required=True),
    )
)


def matched(*rows, answers=None):
    [sheet] = read_workbook(workbook_of(*rows), "a.xlsx", TABLE.synonyms).sheets
    return TABLE.match(sheet, answers)


def test_columns_are_told_by_letter_and_unknown_ones_are_listed():
    found = matched(["姓名", "证件号码", "血型"], ["张三", "1", "A"])
    assert found.fields == {"A": "name", "B": "id_number"}
    assert found.unknown == {"C": "血型"}
    assert [str(finding) for finding in found.findings] == [
        "The sheet “名册” has columns that are not known and were not read: C 血型."
    ]


def test_a_missing_column_is_named():
    [finding] = matched(["姓名", "党内职务"], ["张三", "书记"]).findings
    assert str(finding) == "The sheet “名册” has no column “身份证号”. Add it."
    assert (finding.code, finding.level) == ("heading_missing", "error")


@pytest.mark.parametrize(
    ("others", "values", "fields"),
    [
        (["行政职务"], ["科长", "书记"], {"C": "job_title", "D": "party_post"}),
        (["党内职务"], ["书记", "科长"], {"C": "party_post", "D": "job_title"}),
    ],
)
def test_a_shared_heading_is_the_field_that_is_left(others, values, fields):
    found = matched(["姓名", "身份证号", *others, "职务"], ["张三", "1", *values])
    assert {k: v for k, v in found.fields.items() if k in "CD"} == fields
    assert found.findings == []


def test_a_shared_heading_is_decided_by_its_values():
    assert matched(["姓名", "身份证号", "职务"], ["张三", "1", "科长"]).fields["C"] == "job_title"


def test_a_shared_heading_that_nothing_decides_is_asked_and_the_answer_kept():
    rows = ["姓名", "身份证号", "职务"], ["张三", "1", "书记"]
    [question, _] = matched(*rows).findings
    assert (question.level, question.code) == ("question", "heading_ambiguous")
    assert "may mean 党内职务 / 行政职务. Choose which." in question
    assert matched(*rows, answers={"职务": "party_post"}).fields["C"] == "party_post"


def test_a_heading_twice_is_an_error_only_where_the_values_differ():
    rows = [["姓名", "身份证号", "证件号码"], ["张三", "1", "1"]]
    assert matched(*rows).findings == []
    [finding] = matched(*rows, ["李四", "2", "3"]).findings
    assert finding.code == "heading_twice"
    assert str(finding).startswith("The columns B and C of the sheet “名册” are both read as")


def test_the_filled_one_of_two_columns_is_taken():
    found = matched(["姓名", "身份证号", "证件号码"], ["张三", None, "1"])
    assert found.fields == {"A": "name", "C": "id_number"}


def test_one_heading_cannot_be_two_fields():
    with pytest.raises(ValueError, match="姓名 names both a and b"):
        ColumnTable(
            (SheetColumn("a", ("姓名",), read_name), SheetColumn("b", ("姓 名*",), read_name))
        )
