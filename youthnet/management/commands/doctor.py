"""Look at what the portal needs from outside, and say in words what is missing."""

import argparse
import json
from collections.abc import Iterable
from inspect import signature
from itertools import chain, groupby
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations

from youthnet.doctor import mail, search
from youthnet.doctor.report import LOOK, OK, WRONG, Check

PARTS = {"mail": mail, "search": search}


class Command(BaseCommand):
    help = "Look at what the portal needs from outside: each line says OK, LOOK or WRONG, and what to do."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for machines")
        parts = parser.add_subparsers(dest="part", metavar="part", help="; ".join(part.HELP for part in PARTS.values()))
        for name, part in PARTS.items():
            own = parts.add_parser(name, help=part.HELP)
            own.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="for machines")
            part.add_arguments(own)

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        named = [options["part"]] if options["part"] else list(PARTS)
        found = {name: list(PARTS[name].examine(**own(name, options))) for name in named}
        if options["json"]:
            self.as_json(found)
        else:
            self.in_words(found)
        if wrong := count_verdicts(chain(*found.values()))[WRONG]:
            raise CommandError(f"The doctor found {wrong} {'thing' if wrong == 1 else 'things'} wrong.")

    def in_words(self, found: dict[str, list[Check]]) -> None:
        for part, findings in found.items():
            for about, lines in groupby(findings, key=lambda finding: finding.about):
                self.stdout.write(f"{part}: {about}")
                for line in lines:
                    self.stdout.write(str(line))
                self.stdout.write("")
        self.stdout.write(
            ", ".join(f"{number} {verdict}" for verdict, number in count_verdicts(chain(*found.values())).items())
        )

    def as_json(self, found: dict[str, list[Check]]) -> None:
        lines = [{"part": part, **finding.as_dict()} for part, findings in found.items() for finding in findings]
        told = {**count_verdicts(chain(*found.values())), "findings": lines}
        self.stdout.write(json.dumps(told, indent=1, ensure_ascii=False))


def count_verdicts(findings: Iterable[Check]) -> dict[str, int]:
    verdicts = [finding.verdict for finding in findings]
    return {verdict: verdicts.count(verdict) for verdict in (OK, LOOK, WRONG)}


def own(part: str, options: dict[str, Any]) -> dict[str, Any]:
    """The options that this part takes; none when it was not named."""
    return {name: options[name] for name in signature(PARTS[part].examine).parameters if name in options}
