"""What the doctor says: a verdict, one sentence of what was found and one of what to do."""

from dataclasses import asdict, dataclass
from typing import Any

OK, LOOK, WRONG = "OK", "LOOK", "WRONG"


@dataclass(frozen=True)
class Check:
    """`about` names the group a line stands in. WRONG means that letters are lost or refused until it is mended."""

    verdict: str
    about: str
    found: str
    todo: str = ""

    def __str__(self) -> str:
        return f"{self.verdict:<5}  {self.found} {self.todo}".rstrip()

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Section:
    """Writes findings about one thing."""

    about: str

    def ok(self, found: str, todo: str = "") -> Check:
        return Check(OK, self.about, found, todo)

    def look(self, found: str, todo: str) -> Check:
        return Check(LOOK, self.about, found, todo)

    def wrong(self, found: str, todo: str) -> Check:
        return Check(WRONG, self.about, found, todo)
