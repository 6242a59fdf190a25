"""Dates of a membership: which of them contradict each other, and what is counted from them."""

from __future__ import annotations

from datetime import date

import pytest

from members.rules import membership
from members.rules.membership import Facts
from registry.calendar import PartialDate

TODAY = date(2026, 11, 20)
WOMAN_OF_1949 = "11010519491231002X"


def facts(**known):
    """Dates may be written as 1985, 1985-06 or 1985-06-12."""
    for field in ("born_on", "work_began_on", "joined_on", "full_member_on"):
        if field in known:
            known[field] = PartialDate.of(known[field])
    return Facts(**known)


def found(**known):
    return {said.code: said.level for said in membership.objections(facts(**known), TODAY)}


def test_nothing_known_is_nothing_wrong():
    assert found() == {}


def test_an_ordinary_membership_is_nothing_wrong():
    assert (
        found(
            kind="full",
            sex="F",
            id_number=WOMAN_OF_1949,
            born_on="1949-12-31",
            work_began_on="1968-09",
            joined_on="1985-07-01",
            full_member_on="1986-07-01",
        )
        == {}
    )


@pytest.mark.parametrize(
    ("known", "code", "sentence"),
    [
        pytest.param(
            {"joined_on": "2026-11-21"},
            "joined_in_future",
            "Joined on 2026-11-21, which is still to come. Check the date.",
            id="joined tomorrow",
        ),
        pytest.param(
            {"born_on": "2027"},
            "born_in_future",
            "Born on 2027, which is still to come. Check the date.",
            id="born next year",
        ),
        pytest.param(
            {"joined_on": "2020-07-01", "left_on": date(2020, 6, 30)},
            "left_before_joined",
            "Left on 2020-06-30, before joining on 2020-07-01. Check both dates.",
            id="left before joined",
        ),
        pytest.param(
            {"joined_on": "2020-07-01", "full_member_on": "2020-06"},
            "full_before_joined",
            "Became a full member on 2020-06, before joining on 2020-07-01. Check both dates.",
            id="full before joined",
        ),
        pytest.param(
            {"born_on": "1990-05", "joined_on": "1989"},
            "joined_before_born",
            "Joined on 1989, before being born on 1990-05. Check both dates.",
            id="joined before born",
        ),
    ],
)
def test_an_error_says_both_dates_and_the_remedy(known, code, sentence):
    [said] = membership.objections(facts(**known), TODAY)
    assert (said.code, said.level) == (code, "error")
    assert said == sentence


@pytest.mark.parametrize(
    ("known", "code", "sentence"),
    [
        pytest.param(
            {"id_number": WOMAN_OF_1949, "born_on": "1949-12-30"},
            "born_differs_from_id",
            "Born on 1949-12-30, but the ID number says 1949-12-31. The personnel file decides.",
            id="born a day earlier than in the ID number",
        ),
        pytest.param(
            {"id_number": WOMAN_OF_1949, "sex": "M"},
            "sex_differs_from_id",
            "Sex is male, but the ID number says female. The personnel file decides.",
            id="another sex than in the ID number",
        ),
        pytest.param(
            {"born_on": "1990-07-02", "joined_on": "2008-07-01"},
            "joined_too_young",
            "Joined on 2008-07-01, before the age of 18; born on 1990-07-02. Compare both dates "
            "with the personnel file.",
            id="joined a day too young",
        ),
        pytest.param(
            {"joined_on": "2019-07-01", "full_member_on": "2020-06-30"},
            "full_too_soon",
            "Became a full member on 2020-06-30, less than a year after joining on 2019-07-01. "
            "Compare both dates with the personnel file.",
            id="full a day too soon",
        ),
        pytest.param(
            {"joined_on": "2019-07-01", "full_member_on": "2020-07-02"},
            "full_late",
            "Became a full member on 2020-07-02, more than a year after joining on 2019-07-01, "
            "and no extension is known. Full membership begins on the day probation ends.",
            id="full a day late",
        ),
        pytest.param(
            {"kind": "full", "joined_on": "2019-07-01"},
            "full_without_date",
            "The day of full membership is missing. Party age counts from it.",
            id="full since when",
        ),
        pytest.param(
            {"kind": "probationary", "full_member_on": "2026-11-20"},
            "probationary_with_past_full_date",
            "Full membership began on 2026-11-20, but the member is kept as probationary. Check "
            "which is right.",
            id="probationary with the date of today",
        ),
        pytest.param(
            {"kind": "probationary", "full_member_on": "2026-11-21"},
            "full_in_future",
            "Full membership on 2026-11-21 is still to come. Leave the date empty until then.",
            id="the expected date of a probationary member",
        ),
        pytest.param(
            {"work_began_on": "2027"},
            "work_in_future",
            "Began work on 2027, which is still to come. Check the date.",
            id="work from next year on",
        ),
        pytest.param(
            {"work_began_on": "1967", "born_on": "1968-01-01"},
            "work_before_born",
            "Began work on 1967, before being born on 1968-01-01. Check both dates.",
            id="work before birth",
        ),
    ],
)
def test_a_warning_says_what_it_compared(known, code, sentence):
    [said] = membership.objections(facts(**known), TODAY)
    assert (said.code, said.level) == (code, "warning")
    assert said == sentence


@pytest.mark.parametrize(
    "known",
    [
        pytest.param({"id_number": WOMAN_OF_1949, "born_on": "1949-12"}, id="the same month"),
        pytest.param({"id_number": WOMAN_OF_1949, "born_on": "1949"}, id="the same year"),
        pytest.param({"joined_on": "2026-11"}, id="joined this month"),
        pytest.param({"joined_on": "2026"}, id="joined this year"),
        pytest.param({"born_on": "1990", "joined_on": "2008"}, id="18 at the end of the year"),
        pytest.param({"born_on": "1990-07", "joined_on": "2008-07"}, id="18 within the month"),
        pytest.param({"born_on": "1990-07-01", "joined_on": "2008-07-01"}, id="18 on the day"),
        pytest.param({"joined_on": "2019-07", "full_member_on": "2020-07-15"}, id="year and month"),
        pytest.param({"joined_on": "2019", "full_member_on": "2020"}, id="only the years"),
        pytest.param({"joined_on": "2020-02-29", "full_member_on": "2021-02-28"}, id="leap day"),
        pytest.param({"joined_on": "2020-07", "left_on": date(2020, 7, 1)}, id="left that month"),
        pytest.param({"kind": "full", "full_member_on": "2026-11"}, id="full this month"),
        pytest.param({"kind": "probationary", "full_member_on": "2026-11"}, id="perhaps tomorrow"),
    ],
)
def test_a_date_raises_a_finding_only_if_no_day_in_it_satisfies_the_rule(known):
    assert found(**known) == {}


@pytest.mark.parametrize(
    ("joined", "silent"),
    [
        ("1955-12-31", True),
        ("1956-01-01", False),
        ("1969-03-31", False),
        ("1969-04-01", True),
        ("1969-03", False),
        ("1969", True),
        ("1977-08-31", True),
        ("1977-09-01", False),
    ],
)
def test_age_and_probation_are_not_asked_of_those_who_joined_under_other_statutes(joined, silent):
    year = int(joined[:4])
    codes = found(born_on=str(year - 15), joined_on=joined, full_member_on=joined)
    assert codes == ({} if silent else {"joined_too_young": "warning", "full_too_soon": "warning"})


def test_an_extension_explains_a_late_full_membership():
    assert found(joined_on="2019-07-01", full_member_on="2020-12-31", extended=True) == {}
    assert found(joined_on="2019-07-01", full_member_on="2020-12-31") == {"full_late": "warning"}


def test_a_wrong_id_number_is_not_compared():
    assert found(id_number="110105194912310021", born_on="1990-01-01", sex="M") == {}


@pytest.mark.parametrize(
    ("full_member_on", "correction", "on", "years_and_months"),
    [
        pytest.param("1985-06-12", 0, date(2026, 6, 11), (40, 11), id="the day before"),
        pytest.param("1985-06-12", 0, date(2026, 6, 12), (41, 0), id="on the day"),
        pytest.param("1985-06", 0, date(2026, 6, 1), (41, 0), id="month only: from its first day"),
        pytest.param("1985", 0, date(2026, 1, 1), (41, 0), id="year only"),
        pytest.param("2020-02-29", 0, date(2021, 2, 28), (1, 0), id="leap day"),
        pytest.param("1985-06-12", -24, date(2026, 6, 12), (39, 0), id="two years of a gap"),
        pytest.param("1985-06-12", 7, date(2026, 6, 12), (41, 7), id="months added"),
        pytest.param("2026-06-12", -24, date(2026, 7, 12), (0, 0), id="never below nothing"),
        pytest.param("2026-06-12", 0, date(2026, 6, 11), None, id="not yet a full member"),
    ],
)
def test_party_age_counts_from_full_membership(full_member_on, correction, on, years_and_months):
    full = PartialDate.of(full_member_on)
    assert membership.party_age(full, correction, on) == years_and_months


def test_a_probationary_member_has_no_party_age():
    assert membership.party_age(None, 12, TODAY) is None


@pytest.mark.parametrize(
    ("joined_on", "year", "birthday"),
    [
        ("1985-06-12", 2026, "2026-06-12"),
        ("1985-06", 2026, "2026-06"),
        ("1985", 2026, "2026"),
        ("2020-02-29", 2026, "2026-02-28"),
        ("2020-02-29", 2028, "2028-02-29"),
        ("2020-02-29", 2020, "2020-02-29"),
    ],
)
def test_the_party_birthday_is_as_precise_as_the_day_of_joining(joined_on, year, birthday):
    there = membership.party_birthday(PartialDate.of(joined_on), year)
    assert there == PartialDate.of(birthday)


def test_there_is_no_party_birthday_before_joining():
    with pytest.raises(ValueError, match="no Party birthday in 1984"):
        membership.party_birthday(PartialDate(1985), 1984)


def test_age_is_counted_in_whole_years():
    assert membership.age(PartialDate(1990, 11, 21), TODAY) == 35
    assert membership.age(PartialDate(1990, 11, 20), TODAY) == 36
