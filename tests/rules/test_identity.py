"""ID numbers, and masks that leave enough open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.rules import identity
from registry import masks

WOMAN = "11010519491231002X"  # the examples of the standard
MAN = "440524188001010014"


@st.composite
def id_numbers(draw):
    county = draw(st.integers(110000, 659999))
    born = draw(st.dates(date(1900, 1, 1), date(2020, 12, 31)))
    first_17 = f"{county}{born:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return first_17 + identity.check_digit(first_17)


@pytest.mark.parametrize("number", [WOMAN, MAN, "810000199408230021", "830000199201300022"])
def test_the_examples_of_the_standard_and_residence_permits_are_accepted(number):
    assert identity.objections(number) == []
    assert identity.is_residence_permit(number) is number.startswith("8")


@pytest.mark.parametrize(
    ("number", "code", "sentence"),
    [
        pytest.param(
            "110105194912310021",
            "id_check_digit",
            "“***************021” does not end in the sign that the others demand, so one of them "
            "is mistyped. Compare it with the ID card.",
            id="wrong last sign",
        ),
        pytest.param(
            "11010519490230002X",
            "id_date",
            "“***************02X” holds a birth day that does not exist. Compare digits 7 to 14 "
            "with the ID card.",
            id="30 February",
        ),
        pytest.param(
            "110105194912310000",
            "id_digits_lost",
            "“***************000” was kept as a number, so its last three digits are lost. Format "
            "the cell as text and write the number anew.",
            id="kept as a number",
        ),
        pytest.param(
            "11010519491231002",
            "id_length",
            "“**************002” has 17 signs; an ID number has 18. Compare it with the ID card.",
            id="17 digits",
        ),
        pytest.param(
            "11010519491231002XX",
            "id_sign",
            "“****************2XX” holds other signs than digits and X. Compare it with the ID "
            "card.",
            id="two X",
        ),
        pytest.param(
            "11010519491231002Х",
            "id_sign",
            "“***************02Х” holds other signs than digits and X. Compare it with the ID "
            "card.",
            id="a Cyrillic Х",
        ),
        pytest.param(
            "111111111111111111",
            "id_all_equal",
            "“***************111” repeats one digit. Write the number of the ID card, or leave it "
            "empty.",
            id="all equal",
        ),
    ],
)
def test_a_wrong_number_is_told_why_and_what_to_do(number, code, sentence):
    [said] = identity.objections(number)
    assert (said.code, said.field, said.level) == (code, "id_number", "error")
    assert said == sentence


@pytest.mark.parametrize(
    "written",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "'11010519491231002X",
        "110105-19491231-002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "身份证号：11010519491231002X",
        "110105\u200b19491231002X\n",
    ],
)
def test_blanks_labels_and_wide_signs_are_no_fault(written):
    assert identity.normalised(written) == WOMAN


@pytest.mark.parametrize("written", ["", "O10105", "11010519491231002Х", "无"])
def test_what_is_not_a_number_is_not_repaired(written):
    assert identity.normalised(written) == written


def test_a_number_tells_birth_day_and_sex():
    assert identity.born_on(WOMAN) == date(1949, 12, 31)
    assert identity.sex_of(WOMAN) == "F"
    assert identity.sex_of(MAN) == "M"
    with pytest.raises(ValueError, match="no birth day"):
        identity.born_on("110105")
    with pytest.raises(ValueError, match="does not tell"):
        identity.sex_of("110105")


def test_fifteen_digits_become_eighteen():
    assert identity.from_15("110105491231002") == WOMAN
    with pytest.raises(ValueError, match="is not an ID number of 15 digits"):
        identity.from_15("11010549123100X")


@given(id_numbers())
def test_a_made_number_is_accepted_and_read_back(number):
    lost = number.endswith("000")
    assert lost or identity.objections(number) == []
    assert identity.normalised(" ".join(number).lower()) == number


@given(id_numbers(), st.integers(0, 16), st.integers(1, 9))
def test_one_mistyped_digit_is_always_found(number, place, change):
    digit = str((int(number[place]) + change) % 10)
    assert identity.objections(number[:place] + digit + number[place + 1 :])


@given(id_numbers(), st.integers(0, 15))
def test_two_neighbours_exchanged_are_always_found(number, place):
    exchanged = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert exchanged == number or identity.objections(exchanged)


@given(st.text(max_size=40))
def test_no_text_breaks_the_check_and_none_is_shown_in_full(text):
    for said in identity.objections(identity.normalised(text)):
        shown = said.params["shown"]
        assert len(shown.strip("*")) <= masks.ID_SHOWN or shown.strip("*") == ""


# As many counties as there are today, 2,800; numbers of older people carry retired codes as well.
COUNTIES = [
    f"{province}{prefecture:02}{county:02}"
    for province in (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55),
                     *range(61, 66))
    for prefecture in range(1, 14)
    for county in range(1, 8)
]  # fmt: skip


def possible_beside(born, sex, shown):
    """Every number that ends in what is shown and fits birth day and sex."""
    hidden_orders = 10 ** (4 - len(shown))
    digits = 4 - len(shown)
    return sum(
        identity.check_digit(first_17) == shown[-1] and identity.sex_of(first_17 + "0") == sex
        for county in COUNTIES
        for order in range(hidden_orders)
        for first_17 in [
            f"{county}{born:%Y%m%d}{f'{order:0{digits}}' if digits else ''}{shown[:-1]}"
        ]
    )


def test_a_masked_number_leaves_a_thousand_beside_birth_day_and_sex():
    assert masks.masked_id_number(WOMAN) == "***************02X"
    born, sex = identity.born_on(WOMAN), identity.sex_of(WOMAN)
    assert len(COUNTIES) == 2821
    assert possible_beside(born, sex, WOMAN[-3:]) >= 1000
    assert possible_beside(born, sex, WOMAN[-4:]) < 1000, "one sign more would be too much"


@pytest.mark.parametrize(
    ("masked", "value", "mask"),
    [
        (masks.masked_id_number, "", ""),
        (masks.masked_id_number, "12", "**"),
        (masks.masked_phone, "13800138000", "138****8000"),
        (masks.masked_phone, "010-65001234", "010*****1234"),
        (masks.masked_phone, "65001234", "******34"),
        (masks.masked_phone, "110", "***"),
        (masks.masked_phone, "", ""),
        (masks.masked_address, "江城市滨江区幸福路8号2单元", "江城市滨江区****"),
        (masks.masked_address, "幸福路8号", "幸福****"),
        (masks.masked_address, "", ""),
    ],
)
def test_a_mask_shows_the_little_that_tells_one_from_another(masked, value, mask):
    assert masked(value) == mask
    assert masks.is_mask(mask) is bool(value)


@given(id_numbers())
def test_a_number_is_never_taken_for_a_mask(number):
    assert not masks.is_mask(number)
    assert masks.is_mask(masks.masked_id_number(number))


def test_the_birth_day_of_every_day_is_read_back():
    day = date(1999, 12, 30)
    for _ in range(400):
        first_17 = f"110105{day:%Y%m%d}001"
        assert identity.born_on(first_17 + identity.check_digit(first_17)) == day
        day += timedelta(days=1)
