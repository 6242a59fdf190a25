"""Paths: everything below an organisation is one range."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from branches.rules import tree

numbers = st.integers(0, tree.CHILDREN - 1)
paths = st.lists(numbers, min_size=1, max_size=6).map(
    lambda steps: "".join(tree.root_path(step) for step in steps)
)


@pytest.mark.parametrize(
    ("number", "path"),
    [(0, "0000"), (9, "0009"), (10, "000A"), (35, "000Z"), (36, "0010"), (36**4 - 1, "ZZZZ")],
)
def test_children_are_numbered_in_four_signs(number, path):
    assert tree.root_path(number) == path
    assert tree.child_path("000A", number) == "000A" + path


@pytest.mark.parametrize(
    ("path", "following"),
    [("0000", "0001"), ("0009", "000A"), ("000Z", "0010"), ("000A0ZZZ", "000A1000")],
)
def test_the_next_sibling_stands_one_further(path, following):
    assert tree.step_after(path) == following


@pytest.mark.parametrize(
    ("path", "end"), [("0000", "0001"), ("0009", "000:"), ("000Z", "000["), ("", "[")]
)
def test_the_end_is_the_next_text_in_byte_order(path, end):
    assert tree.end_of(path) == end


def test_the_last_place_has_no_next():
    with pytest.raises(ValueError, match="no place among children"):
        tree.step_after("0001ZZZZ")


def test_sixteen_levels_and_no_more():
    path = "0000" * 15
    assert len(tree.child_path(path, 1)) == tree.LONGEST == 64
    with pytest.raises(ValueError, match="16 levels"):
        tree.child_path("0000" * 16, 1)


def test_a_path_knows_its_ancestors_from_the_top():
    assert tree.ancestors_of("00010002000A") == ["0001", "00010002"]
    assert tree.ancestors_of("0001") == []
    assert tree.parent_of("00010002") == "0001"
    assert tree.parent_of("0001") == ""
    assert [tree.level_of(path) for path in ("", "0001", "00010002")] == [0, 1, 2]


@given(paths, paths)
def test_the_range_of_a_path_holds_what_stands_under_it_and_nothing_else(top, other):
    inside = top.encode() <= other.encode() < tree.end_of(top).encode()
    assert inside is tree.stands_under(other, top)
    assert "" <= other < tree.end_of("")


@given(paths, numbers.filter(lambda number: number < tree.CHILDREN - 1))
def test_siblings_sort_in_the_order_of_their_numbers(parent, number):
    path = tree.child_path(parent, number)
    assert path < tree.step_after(path) == tree.child_path(parent, number + 1)
    assert tree.end_of(path) <= tree.step_after(path)


def test_a_subtree_keeps_its_shape_when_it_moves():
    assert tree.moved("000100020003", "00010002", "0009") == "00090003"
    assert tree.moved("00010002", "00010002", "0009") == "0009"


def test_a_subtree_does_not_move_too_deep_or_out_of_nowhere():
    with pytest.raises(ValueError, match="16 levels"):
        tree.moved("00010002", "0001", "0000" * 16)
    with pytest.raises(ValueError, match="does not stand under"):
        tree.moved("0003", "0001", "0009")


@pytest.mark.parametrize(
    ("path", "other", "common"),
    [
        ("00000001", "00000001", "00000001"),
        ("00000001", "000000010002", "00000001"),
        ("00000001", "00000002", "0000"),
        ("0000", "0001", ""),
        ("", "0001", ""),
    ],
)
def test_what_two_have_above_them_in_common(path, other, common):
    assert tree.common_to(path, other) == tree.common_to(other, path) == common
