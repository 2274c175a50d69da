"""Take the demo content out of an installation, before the real work begins or after a look around."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from contacts.models import User
from youthnet.demo.pack_reader import Pack
from youthnet.demo.removal import remove


class Command(BaseCommand):
    help = "Remove the demo content, and nothing that people have added. --dry-run tells what would go."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="tell what would go and stay; remove nothing")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        done = remove(Pack(today=timezone.localdate()), dry_run=dry_run)
        for name, number in done.removed.items():
            self.stdout.write(f"{number:5} {name}")
        verb = "would be removed" if dry_run else "were removed"
        self.stdout.write(f"{done.removed.total()} demo rows {verb}, with what belongs to them.")
        if done.kept:
            self.stdout.write(f"{len(done.kept)} demo rows stay, because rows of your own need them:")
            for each in done.kept:
                self.stdout.write(f"      {each}")
        if not dry_run and not User.objects.filter(is_superuser=True).exists():
            self.stdout.write(
                'Nobody may sign in to the desk now: say createsuperuser --noinput --email "your address".'
            )
