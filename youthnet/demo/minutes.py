"""Demo content of the meetings room: agendas, minutes, decisions and tasks of the meetings in the pack."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from contacts.models import User
from meetings.models import AgendaItem, Decision, Meeting, Minutes, Proposal, Task
from networks.models import Network
from youthnet.demo.pack_reader import Pack

KINDS = {
    "tiedoksi": AgendaItem.INFORMATION,
    "keskustelu": AgendaItem.DISCUSSION,
    "paatos": AgendaItem.DECISION,
    "tyoskentely": AgendaItem.WORK,
    "tauko": AgendaItem.BREAK,
}
APPROVED, DRAFT, NONE_KEPT = "julkaistu", "luonnos", "ei-laadita"
DONE = "toteutunut"
PROPOSALS = ["Kesätyöntekijöiden perehdytys kunnissa", "Nuorisoautojen yhteiskäyttö"]
# Roles that the pack names for tasks, as people of the demo.
DOERS = {
    "aluekoordinaattori": "koordinaattori.keski-suomi@example.org",
    "kunnan-yhteyshenkilo": "nuorisotyontekija.saarijarvi@example.org",
}


def load(pack: Pack) -> None:
    rows = pack.file("meetings")["meetings"]
    for row in rows:
        load_papers(pack, Meeting.objects.get(slug=row["slug"]), row)
    load_proposals(pack)


def load_papers(pack: Pack, meeting: Meeting, row: dict[str, Any]) -> None:
    """Made anew at every loading, unless somebody has gone on writing."""
    if meeting.agenda.exists() or Minutes.objects.filter(meeting=meeting).exists():
        return
    for item in row.get("agenda", []):
        AgendaItem.objects.add(meeting, item["title"], kind=KINDS[item["type"]], minutes=item["minutes"])
    if written := row.get("minutes"):
        load_minutes(pack, meeting, written)


def load_minutes(pack: Pack, meeting: Meeting, written: dict[str, Any]) -> None:
    now = meeting.ends_at
    minutes = Minutes.objects.start(meeting)
    if written["status"] == NONE_KEPT:
        minutes.skip(now)
        return
    keeper = person("aluekoordinaattori")
    minutes.write(" ".join(written.get("text", "").split()), minutes.notes_version, now=now, by=keeper)
    item = meeting.agenda.in_order().filter(kind=AgendaItem.DECISION).last()
    for text in written.get("decisions", []):
        Decision.objects.record(meeting, text, now, item=item)
    for action in written.get("actions", []):
        load_task(pack, meeting, action, item)
    minutes.show_to(Minutes.MEMBERS)
    minutes.write_summary(written.get("in_short", ""))
    if written["status"] == APPROVED:
        minutes.approve(pack.moment(written.get("published")) or now + timedelta(days=7), by=keeper, notify=False)
    elif written["status"] == DRAFT:
        minutes.send_for_comments(timezone.now(), notify=False)


def load_task(pack: Pack, meeting: Meeting, action: dict[str, Any], item: AgendaItem | None) -> None:
    """A task of the pack: who, what, by when, and whether it is done."""
    owner, due_on = person(action["who"]), pack.day(action.get("due"))
    words = "" if owner else action["who"]
    task = Task.objects.give(
        meeting, action["what"], meeting.ends_at, owner=owner, owner_name=words, due_on=due_on, item=item
    )
    if action["status"] == DONE:
        Task.objects.filter(pk=task.pk).update(done_at=timezone.now())


def load_proposals(pack: Pack) -> None:
    """One wish that waits for an answer, and one that is kept for a later meeting."""
    network = Network.objects.filter(slug="iso-nuorisotyoverkosto").first()
    proposer, now = person("kunnan-yhteyshenkilo"), timezone.now()
    if network is None or proposer is None or network.proposals.exists():
        return
    wish = {"network": network, "proposer": proposer, "created_at": now - timedelta(days=3)}
    Proposal.objects.create(
        title=PROPOSALS[0],
        text="Voisimmeko koota yhteisen perehdytyslistan? Meillä on luonnos, jota voi kommentoida.",
        minutes=20,
        **wish,
    )
    later = Proposal.objects.create(title=PROPOSALS[1], text="Kuka lainaa kenelle ja millä ehdoin?", **wish)
    later.keep_for_later(now, "Hyvä aihe. Otetaan kevään tapaamiseen, kun autotyöryhmä on kokoontunut.")


def person(role: str) -> User | None:
    return User.objects.filter(email=DOERS.get(role, "")).first()
