"""Bring the database up to date: migrations, the words rows are found by, and with --demo demo content when empty."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from contacts.models import Coordinator, User
from networks.models import Membership, Network
from search.tasks import keep_fresh

DEMO_DOMAIN = "@example.org"


class Command(BaseCommand):
    help = "Bring the database up to date. The last line it prints names the demo accounts, when there are any."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="fill an empty database with the demo content")

    def handle(self, *args: Any, demo: bool, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=1, stdout=self.stdout)
        if not settings.DEBUG:
            call_command("collectstatic", interactive=False, verbosity=1, stdout=self.stdout)
        if demo and is_empty():
            call_command("load_demo", stdout=self.stdout)
        keep_fresh()
        self.stdout.write(demo_accounts(timezone.localdate()) or "ready")


def is_empty() -> bool:
    return not User.objects.exists() and not Network.objects.exists()


def demo_accounts(on: date) -> str:
    """Somebody who coordinates and somebody who does not, in the words of the last line of `run`."""
    demo = User.objects.active().filter(email__endswith=DEMO_DOMAIN)
    people = {
        "coordinator": demo.filter(coordinations__in=Coordinator.objects.current(on)),
        "member": demo.filter(coordinations=None, memberships__in=Membership.objects.active()),
    }
    found = {post: who.order_by("pk").first() for post, who in people.items()}
    return (
        "accounts: " + ", ".join(f"{post} {who.email}" for post, who in found.items() if who)
        if any(found.values())
        else ""
    )
