"""Numbers as browsers and strangers send them."""

import pytest

from lib.forms.params import int_or_none, ints_in


@pytest.mark.parametrize(
    ("written", "number"),
    [("7", 7), (" 12 ", 12), ("007", 7), ("9" * 18, int("9" * 18)), (5, 5)]
    + [(wrong, None) for wrong in ("", None, "-1", "1.5", "1e3", "x", "٣", "²", "9" * 19, "1\x00", "0x1f", "1_000")],
)
def test_a_number_is_read_and_nothing_else(written, number):
    assert int_or_none(written) == number


def test_a_list_of_numbers_leaves_out_what_is_none():
    assert ints_in("3,x,1,,99999999999999999999, 2") == [3, 1, 2]
    assert ints_in("") == []
