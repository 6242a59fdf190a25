"""References in formulas when rows are put in, and when a formula is copied down."""

from __future__ import annotations

import pytest

from registry.calendar import PartialDate
from registry.sheets.editing.days import writer_of_days
from registry.sheets.editing.formulas import Shift, copied

FIVE_ROWS_BEFORE_15 = Shift(at=15, by=5)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("E14+E15", "E14+E20", id="only cells from the place on move"),
        pytest.param("$E$15*F$16", "$E$20*F$21", id="fixed references move, too"),
        pytest.param("SUM(E5:E14)", "SUM(E5:E19)", id="the list's own area grows with it"),
        pytest.param("SUM(E5:E13)", "SUM(E5:E13)", id="an area that ends above stays"),
        pytest.param("SUM(C14:E14)", "SUM(C14:E14)", id="one row is no list"),
        pytest.param("SUM(15:16)", "SUM(20:21)", id="whole rows"),
        pytest.param("SUM(E:E)", "SUM(E:E)", id="whole columns"),
        pytest.param('COUNTIF(C5:C14,"E15")', 'COUNTIF(C5:C19,"E15")', id="a text is no cell"),
        pytest.param("LOG10(E15)+A1B", "LOG10(E20)+A1B", id="names and functions are no cells"),
        pytest.param("名册!E15+汇总!E15", "名册!E20+汇总!E15", id="the sheet by its name"),
        pytest.param("'名册'!$A$1:$O$21", "'名册'!$A$1:$O$26", id="the quoted name of the sheet"),
        pytest.param("[1]名册!E15", "[1]名册!E15", id="another workbook"),
        pytest.param("E15.5", "E15.5", id="no cell at all"),
    ],
)
def test_a_formula_follows_the_rows_put_in(before, after):
    assert FIVE_ROWS_BEFORE_15.formula(before, "名册", inside=True) == after


def test_from_another_sheet_only_what_names_the_sheet_moves():
    formula = "E15+'名 册'!E15+SUM('名 册'!E5:E14)"
    assert (
        FIVE_ROWS_BEFORE_15.formula(formula, "名 册", inside=False)
        == "E15+'名 册'!E20+SUM('名 册'!E5:E19)"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("C5:C14 D14 E15 F1:F20", "C5:C19 D14:D19 E20 F1:F25"),
        ("A1:J3", "A1:J3"),
    ],
)
def test_rules_on_the_last_row_hold_for_the_rows_put_in_below_it(before, after):
    assert FIVE_ROWS_BEFORE_15.areas(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [("A15:O15", "A20:O20"), ("B5:B14", "B5:B14"), ("A10:A16", "A10:A21"), ("A15", "A20")],
)
def test_merged_cells_move_and_never_grow_at_their_end(before, after):
    assert FIVE_ROWS_BEFORE_15.block(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('IF(B6="","",DATEDIF(E6,$A$1,"y"))', 'IF(B8="","",DATEDIF(E8,$A$1,"y"))'),
        ("SUM(C$6:C6)", "SUM(C$6:C8)"),
        ("汇总!A6&6:6", "汇总!A8&8:8"),
    ],
)
def test_a_formula_is_copied_two_rows_down(before, after):
    assert copied(before, 2) == after


def test_a_formula_is_copied_to_the_right():
    assert copied("B$6+$C6+SUM(A:A)", 0, 1) == "C$6+$C6+SUM(B:B)"


@pytest.mark.parametrize(
    ("heading", "sample", "written"),
    [
        ("出生日期", "", "1985.06.12"),
        ("出生年月", "", "1985.06"),
        ("出生年月", "如1990.01.05", "1985.06.12"),
        ("出生日期", "1990-01-05", "1985-06-12"),
        ("出生日期", "19900105", "19850612"),
        ("出生日期", "1990年1月", "1985年6月"),
        ("出生日期", "1990年1月5日", "1985年6月12日"),
        ("出生日期（YYYY-MM）", "", "1985-06"),
        ("入党时间（格式：xxxx/xx/xx）", "", "1985/06/12"),
    ],
)
def test_a_day_is_written_as_the_form_shows_one(heading, sample, written):
    assert writer_of_days(heading, [sample])(PartialDate(1985, 6, 12)) == written


def test_a_day_that_nobody_knows_is_not_written():
    assert writer_of_days("出生日期", ["1990年1月5日"])(PartialDate(1985, 6)) == "1985年6月"
    assert writer_of_days("出生日期", ["1990-01-05"])(PartialDate(1985)) == "1985"
