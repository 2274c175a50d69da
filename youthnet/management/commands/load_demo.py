"""Load the demo content: safe to run twice, because every row is found again by its own code or address."""

from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from youthnet.demo.pack_reader import Pack

PARTS = ["contacts", "networks", "meetings", "visits", "signup", "minutes", "wishes", "materials"]
PARTS += ["methods", "method_usage", "newsletters", "plans"]


class Command(BaseCommand):
    help = "Load the demo content of Keski-Suomi. Dates are shifted by whole weeks so that meetings lie ahead."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        pack = Pack(today=timezone.localdate())
        for part in PARTS:
            import_module(f"youthnet.demo.{part}").load(pack)
            self.stdout.write(f"{part}: loaded")
