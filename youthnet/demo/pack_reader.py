"""Reads the demo pack and shifts its dates by whole weeks, so that the next meetings never run dry."""

from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from contacts.models import Term

FOLDER = Path(__file__).parent / "pack"
ZONE = ZoneInfo("Europe/Helsinki")
# The parser in C reads the pack seven times as fast; not every build of PyYAML has it.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Pack:
    """The files by name, and the dates as they are on the day of loading."""

    def __init__(self, today: date, folder: Path = FOLDER) -> None:
        self.today = today
        self.folder = folder

    def file(self, name: str) -> dict[str, Any]:
        """The parsed content of `<name>.yaml`."""
        return yaml.load((self.folder / f"{name}.yaml").read_text(encoding="utf-8"), LOADER)

    @cached_property
    def offset(self) -> timedelta:
        """Whole weeks between the pack's anchor and today."""
        weeks = round((self.today - self.file("meetings")["anchor"]).days / 7)
        return timedelta(weeks=weeks)

    def day(self, written: date | str | None) -> date | None:
        """A shifted day."""
        if written is None:
            return None
        return (date.fromisoformat(written) if isinstance(written, str) else written) + self.offset

    def moment(self, written: datetime | date | str | None) -> datetime | None:
        """A shifted moment: local wall time in Helsinki, aware. A bare day means nine in the morning."""
        if written is None:
            return None
        if isinstance(written, str):
            written = datetime.fromisoformat(written)
        if not isinstance(written, datetime):
            written = datetime.combine(written, time(9))
        return (written + self.offset).replace(tzinfo=ZONE)

    def term(self, list_name: str, code: str | None) -> Term | None:
        """The word of a list, or None."""
        return self._terms[list_name, code] if code else None

    def terms(self, list_name: str, codes: list[str] | None) -> list[Term]:
        """The words of a list, in the order given."""
        return [self._terms[list_name, code] for code in codes or []]

    @cached_property
    def _terms(self) -> dict[tuple[str, str], Term]:
        return {(term.list, term.code): term for term in Term.objects.all()}
