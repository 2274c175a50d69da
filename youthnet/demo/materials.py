"""Demo content of the meetings room: a paper among the materials of the next meeting, and one of a meeting held."""

from datetime import datetime

from django.utils import timezone

from contacts.models import User
from lib.uploads.validation import validate
from meetings.models import AgendaItem, Material, Meeting
from youthnet.demo.pack_reader import Pack
from youthnet.demo.pictures import handout

NETWORK, KEEPER = "iso-nuorisotyoverkosto", "koordinaattori.keski-suomi@example.org"
BEFORE = ("Ennakkotehtävä", "Miettikää kunnassanne: mikä kevään suunnitelmissa kaipaa muiden apua?")
AFTER = ("Kalvojen teksti", "Tapaamisen kalvot tekstinä niille, jotka eivät päässeet paikalle.")


def load(pack: Pack) -> None:
    now = timezone.now()
    meetings = Meeting.objects.published().filter(networks__slug=NETWORK, cancelled_at=None)
    add(meetings.upcoming(now).next_first().first(), BEFORE, AgendaItem.MEMBERS, now)
    add(meetings.past(now).latest_first().first(), AFTER, AgendaItem.EVERYBODY, now)


def add(meeting: Meeting | None, words: tuple[str, str], visibility: str, now: datetime) -> None:
    """A file, unless the meeting has materials already."""
    keeper = User.objects.filter(email=KEEPER).first()
    if meeting is None or keeper is None or meeting.materials.exists():
        return
    title, text = words
    Material.objects.store_upload(
        meeting, validate(handout(title, text)), keeper, now, title=title, visibility=visibility, alt=""
    )
