"""Refusals in words for a person: one base for all rooms."""

import ast

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from lib.exceptions import Refused
from tests.test_layout import modules, tree_of


class TooMany(Refused):
    words = _("There are %(most)d attachments already. Remove one first.")


def test_a_kind_of_refusal_says_its_own_words():
    assert str(TooMany(most=3)) == "Liitteitä on jo 3, enempää ei voi lisätä. Poista yksi ensin."
    with override("en"):
        assert str(TooMany(most=3)) == "There are 3 attachments already. Remove one first."


def test_another_is_given_its_words():
    assert str(Refused("100 % full")) == "100 % full"
    assert str(Refused("%(most)d are there", most=3)) == "3 are there"


def test_no_refusal_writes_the_base_anew():
    """An exception of ours that says `words` or is named after a refusal stands on the one base."""
    alone = [
        f"{name}.{cls.name}"
        for path, name in modules()
        for cls in ast.walk(tree_of(path))
        if isinstance(cls, ast.ClassDef)
        and [ast.unparse(base) for base in cls.bases] == ["Exception"]
        and (cls.name.endswith("Refused") or any("words" in ast.unparse(line) for line in cls.body))
    ]
    for_logs_and_commands = ["outbox.incoming.imap.InboxRefused", "youthnet.doctor.smtp_relay.RelayRefused"]
    assert sorted(alone) == ["lib.exceptions.Refused", *for_logs_and_commands]
