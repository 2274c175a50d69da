"""Make rows findable again that another analyser took apart, or all of them; may be stopped and run again."""

from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Model
from django.utils import timezone

from search.analysis import finnish
from search.reindexing import forget_backend, reindex, searchable, stale
from search.word_counts import count_all

_BAR = 24


class Command(BaseCommand):
    help = "Take the words of searchable pages apart again where another analyser, or none, did it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="every row, also those that are up to date")
        parser.add_argument("--room", metavar="NAME", help="only the pages of one room, such as methods")

    def handle(self, *args: Any, **options: Any) -> None:
        models = searchable(options["room"])
        if not models:
            raise CommandError(f"There is nothing to search in a room named {options['room']}.")
        self.stdout.write(f"analyser: {finnish.backend()}")
        try:
            for model in models:
                if options["all"]:
                    forget_backend(model)
                self.index(model)
            self.stdout.write(f"words for suggestions: {count_all(timezone.now())}")
        except KeyboardInterrupt:
            raise CommandError("Stopped. What is done is kept: say manage.py reindex to go on from here.") from None

    def index(self, model: type[Model]) -> None:
        total, done, began = stale(model).count(), 0, monotonic()
        for rows in reindex(model):
            done += rows
            self.report(model, done, max(done, total), monotonic() - began)
        self.write_line(f"{model._meta.label}: {done}", end=True)

    def report(self, model: type[Model], done: int, total: int, seconds: float) -> None:
        rate = done / max(seconds, 0.001)
        bar = "#" * (_BAR * done // total)
        self.write_line(
            f"{model._meta.label} [{bar:<{_BAR}}] {done}/{total}, {rate:.0f}/s, {(total - done) / rate:.0f} s left"
        )

    def write_line(self, text: str, end: bool = False) -> None:
        """On a terminal each line takes the place of the one before it; elsewhere only the last one is written."""
        if self.stdout.isatty():
            self.stdout.write(f"\r\x1b[K{text}", ending="\n" if end else "")
            self.stdout.flush()
        elif end:
            self.stdout.write(text)
