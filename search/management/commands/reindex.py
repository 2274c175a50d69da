"""Make rows findable again that another analyser took apart, or all of them; may be stopped and run again."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Model

from search import finnish


class Command(BaseCommand):
    help = "Take the words of searchable pages apart again where another analyser, or none, did it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="Every row, also those that are up to date.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"analyser: {finnish.backend()}")
        for model in searchable():
            stale: Any = model._default_manager.all()
            if not options["all"]:
                stale = stale.exclude(search_backend=finnish.backend())
            done = 0
            stale = stale.with_words() if hasattr(stale, "with_words") else stale
            for row in stale.order_by("pk").iterator(chunk_size=200):
                row.index()
                done += 1
            self.stdout.write(f"{model._meta.label}: {done}")


def searchable() -> list[type[Model]]:
    """Models whose rows know how to make themselves findable."""
    return [model for model in apps.get_models() if hasattr(model, "search_backend") and hasattr(model, "index")]
