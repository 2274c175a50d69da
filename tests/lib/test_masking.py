"""What is written down of an error names the trouble and no person."""

from zoneinfo import ZoneInfoNotFoundError

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import override

from contacts.models import User
from lib.masking import place_of, reason_of
from outbox.message import validation
from outbox.models import LetterRefused
from tests.leaks import assert_not_leaked


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError("no paper"), "OSError: no paper"),
        (ValueError(), "ValueError"),
        (ValueError("Aino <aino@example.org> is away"), "ValueError: Aino … is away"),
        (ValueError("https://kokous.example.org/salainen was closed"), "ValueError: … was closed"),
        (ValueError("040 123 4567 or +358401234567"), "ValueError: … or …"),
        (KeyError("Aino Jäsen"), "KeyError: …"),
        (ZoneInfoNotFoundError("No zone 'Aino' at Mars"), "ZoneInfoNotFoundError: No zone … at Mars"),
        (ValidationError("“Aino” and ”Matti” and «Niilo»"), "ValidationError: […]"),
        (AttributeError("'str' object has no attribute 'x'"), "AttributeError: 'str' object has no attribute 'x'"),
        (
            IntegrityError('violates "once"\nDETAIL:  Key (name)=(Aino) already exists.'),
            'IntegrityError: violates "once"',
        ),
        (ValueError("x" * 500), "ValueError: " + "x" * 288),
    ],
)
def test_the_reason_names_the_trouble_and_no_person(error, reason):
    assert reason_of(error) == reason


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_refused_letter_does_not_tell_its_reader(language):
    with override(language), pytest.raises(LetterRefused) as refused:
        validation.address("Aino Jäsen")
    assert_not_leaked("Aino", reason_of(refused.value))


def test_the_database_does_not_tell_what_a_row_holds(world):
    with pytest.raises(IntegrityError) as refused:
        User.objects.create_user("kaisa@example.org", name="Kaisa Toinen")
    assert_not_leaked("kaisa", reason_of(refused.value))
    assert "contacts_user" in reason_of(refused.value)


def test_the_place_in_the_program_comes_without_the_words_of_the_error():
    try:
        raise ValueError("aino" + "@example.org")
    except ValueError as error:
        told = place_of(error)
    assert "test_masking.py" in told
    assert_not_leaked("aino@example.org", told)
