"""Messages as mail servers and people send them, with gaps for whom they are about."""

from pathlib import Path

FOLDER = Path(__file__).parent / "incoming" / "bounces"
GAPS = {
    "RETURN_TO": "bounces@portal.example.org",
    "RECIPIENT": "aino@example.org",
    "STATUS": "5.1.1",
    "DIAGNOSTIC": "550 5.1.1 <aino@example.org>: Recipient address rejected: User unknown",
    "MESSAGE_ID": "<unknown@example.org>",
    "LEAVE_TO": "bounces+leave-12-AbC@portal.example.org",
}


def sample(name, **gaps):
    """sample("postfix", RECIPIENT="eetu@example.org") as bytes."""
    words = (FOLDER / f"{name}.eml").read_text(encoding="utf-8")
    for gap, value in (GAPS | gaps).items():
        words = words.replace(gap, value)
    return words.encode()
