"""Lists of short texts written one item on a line."""

from lib.forms.fields import LinesField, split_lines


def test_each_line_is_an_item_and_empty_ones_are_none():
    assert split_lines("Eka\n\n  Toka  \r\n") == ["Eka", "Toka"]


def test_bullets_that_people_paste_are_left_out():
    assert split_lines("• Eka\n- Toka\n– Kolmas\n* Neljäs") == ["Eka", "Toka", "Kolmas", "Neljäs"]


def test_nothing_written_is_an_empty_list():
    assert LinesField(required=False).clean("") == []


def test_a_list_is_shown_as_lines_and_what_was_typed_as_it_was():
    assert LinesField().prepare_value(["Eka", "Toka"]) == "Eka\nToka"
    assert LinesField().prepare_value("Eka\n\nToka") == "Eka\n\nToka"


def test_the_same_lines_are_no_change():
    field = LinesField(required=False)
    assert field.has_changed(["Eka"], "Eka\n") is False
    assert field.has_changed(["Eka"], "Eka\nToka") is True
