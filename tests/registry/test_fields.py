"""Dates as precise as they came: in columns, in questions, and in the box that a clerk fills."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import connection

from members.models import Member
from members.rules import identity
from registry import masks
from registry.calendar import PartialDate, code_from
from registry.fields import PartialDateField
from registry.forms import PartialDateFormField
from tests.factories import a_branch, a_member

YEAR, MONTH, DAY = PartialDate(1985), PartialDate(1985, 6), PartialDate(1985, 6, 12)


@pytest.fixture
def three(db):
    branch = a_branch()
    return [a_member(branch, born_on=born, id_number="") for born in (DAY, YEAR, MONTH)]


def born(rows):
    return [str(member.born_on) for member in rows]


@pytest.mark.usefixtures("three")
def test_a_date_comes_back_as_precise_as_it_was_given():
    assert born(Member.objects.order_by("id")) == ["1985-06-12", "1985", "1985-06"]


@pytest.mark.usefixtures("three")
def test_the_column_holds_numbers_that_sort():
    with connection.cursor() as cursor:
        cursor.execute("SELECT born_on FROM members_member ORDER BY born_on")
        assert [number for (number,) in cursor.fetchall()] == [19850000, 19850600, 19850612]


@pytest.mark.usefixtures("three")
def test_dates_sort_by_their_first_day():
    assert born(Member.objects.order_by("born_on")) == ["1985", "1985-06", "1985-06-12"]


@pytest.mark.parametrize(
    ("since", "found"),
    [
        (date(1985, 1, 1), ["1985", "1985-06", "1985-06-12"]),
        (date(1985, 1, 2), ["1985-06", "1985-06-12"]),
        (date(1985, 6, 1), ["1985-06", "1985-06-12"]),
        (date(1985, 6, 2), ["1985-06-12"]),
        (date(1985, 6, 12), ["1985-06-12"]),
        (date(1985, 6, 13), []),
    ],
)
@pytest.mark.usefixtures("three")
def test_a_range_begins_with_the_first_day_of_a_date(since, found):
    rows = Member.objects.filter(born_on__gte=code_from(since)).order_by("born_on")
    assert born(rows) == found


@pytest.mark.parametrize("value", [DAY, date(1985, 6, 12), "1985-06-12", 19850612])
@pytest.mark.usefixtures("three")
def test_a_date_is_asked_for_in_any_form(value):
    assert Member.objects.filter(born_on=value).count() == 1


@pytest.mark.parametrize(
    ("value", "read"),
    [(None, None), ("", None), ("1985-06", MONTH), (date(1985, 6, 12), DAY), (19850600, MONTH)],
)
def test_a_column_reads_what_a_door_hands_it(value, read):
    assert PartialDateField().to_python(value) == read


@pytest.mark.parametrize("value", ["June", "1985-13", "1985-06-31", "85-06"])
def test_a_column_refuses_what_is_no_date(value):
    with pytest.raises(ValidationError) as refused:
        PartialDateField().to_python(value)
    assert refused.value.messages == [
        f"“{value}” is not a date. Write it as 1985-06-12, 1985-06 or 1985."
    ]


def test_a_serialised_date_is_iso():
    field = Member._meta.get_field("born_on")
    assert field.value_to_string(Member(born_on=MONTH)) == "1985-06"
    assert field.value_to_string(Member(born_on=None)) == ""


class Paper(forms.Form):
    born_on = PartialDateFormField(required=False)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1985-06-12", DAY),
        ("1985.6.12", DAY),
        ("1985/06/12", DAY),
        ("1985年6月12日", DAY),
        ("19850612", DAY),
        (" 1985-06-12 ", DAY),
        ("1985.06", MONTH),
        ("1985年6月", MONTH),
        ("198506", MONTH),
        ("1985", YEAR),
        ("1985年", YEAR),
        ("", None),
    ],
)
def test_a_box_reads_dates_as_clerks_write_them(typed, read):
    form = Paper({"born_on": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["born_on"] == read


@pytest.mark.parametrize("typed", ["1985-13", "1985-02-30", "0000", "june", "12-06-1985", "1985."])
def test_a_box_refuses_what_is_no_date(typed):
    form = Paper({"born_on": typed})
    assert form.errors["born_on"] == [
        f"“{typed}” is not a date. Write it as 1985-06-12, 1985-06 or 1985."
    ]


@pytest.mark.parametrize(
    ("kept", "typed", "changed"),
    [
        (MONTH, "1985.6", False),
        (MONTH, "1985-06-01", True),
        (None, "", False),
        (None, "1985", True),
        (DAY, "nonsense", True),
    ],
)
def test_another_way_of_writing_is_no_change(kept, typed, changed):
    assert PartialDateFormField(required=False).has_changed(kept, typed) is changed


def test_a_box_shows_a_date_as_it_is_kept():
    assert 'value="1985-06"' in str(Paper(initial={"born_on": MONTH})["born_on"])


# Masks


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (masks.masked_id_number, "110101198505170019", "***************019"),
        (masks.masked_id_number, "12", "**"),
        (masks.masked_id_number, "", ""),
        (masks.masked_phone, "13800138000", "138****8000"),
        (masks.masked_phone, "01065001234", "010****1234"),
        (masks.masked_phone, "65001234", "******34"),
        (masks.masked_phone, "1234", "****"),
        (masks.masked_address, "河东市人民路一号院三号楼", "河东市人民路****"),
        (masks.masked_address, "人民路1号", "人民****"),
        (masks.masked_address, "", ""),
    ],
)
def test_a_mask_shows_little(mask, value, shown):
    assert mask(value) == shown


def test_beside_birth_day_and_sex_a_masked_id_number_leaves_a_thousand_open():
    shown = masks.masked_id_number("110101198505170019").strip(masks.HIDDEN)
    counties = range(110000, 112800)  # about as many as there are
    serials = range(1, 1000, 100)  # those that end as the shown signs say
    first_17 = (f"{county}19850517{serial:03}" for county in counties for serial in serials)
    possible = sum((each + identity.check_digit(each)).endswith(shown) for each in first_17)
    assert possible >= 1000


@pytest.mark.parametrize(
    ("text", "mask"),
    [("138****8000", True), ("***", True), ("13800138000", False), ("", False), ("a*b", False)],
)
def test_a_mask_that_comes_back_is_known_as_one(text, mask):
    assert masks.is_mask(text) is mask
