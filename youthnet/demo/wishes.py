"""Demo content of the meetings room: wishes for trainings, one of which became a training."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from contacts.models import CoordinationArea, User
from meetings.models import Meeting, Wish
from networks.models import Membership, Network
from youthnet.demo.minutes import person
from youthnet.demo.pack_reader import ZONE, Pack

# (title, why, network, kind, way of meeting, best time, how many support it, what some of them would need)
WISHES: list[tuple[str, str, str, str, str, str, int, list[str]]] = [
    (
        "Ensiapukoulutus leireille lähteville",
        "Ohjaajien ensiapukortit vanhenevat keväällä. Yhteinen kurssi tulisi halvemmaksi kuin omat.",
        "", "koulutus", "onsite", "keväällä ennen leirejä", 9,
        ["Meiltä tulisi kolme kesätyöntekijää.", "EA1 riittää, kunhan harjoitellaan myös metsässä."],
    ),
    (
        "Nuorten päihteet nyt: mitä nuorisotyöntekijän pitää tietää",
        "Nikotiinituotteet ja kannabis ovat arkea. Tarvitsemme tietoa ja tapoja puhua.",
        "", "koulutus", "hybrid", "arkiaamuisin", 7, ["Myös vanhempainillan runko olisi hyvä."],
    ),
    (
        "Digipelitoiminnan käynnistäminen pienessä kunnassa",
        "Miten aloitetaan pienellä rahalla ja ilman omaa pelitilaa?",
        "iso-nuorisotyoverkosto", "webinaari", "online", "", 4, [],
    ),
    (
        "Selkokieli nuorten ohjauksessa", "Yhä useampi nuori opettelee vielä suomea.",
        "", "tyopaja", "", "syksyllä", 3, ["Esimerkkejä lomakkeista, kiitos."],
    ),
    (
        "Traileriohjaajan perehdytys", "Kalusto kiertää kunnissa, mutta sen käyttö opitaan kantapään kautta.",
        "", "koulutus", "onsite", "", 2, [],
    ),
]  # fmt: skip
ARRANGED, TAKEN_UP, DECLINED = 1, 2, 4
REPLY = "Perehdytys on jo osa kaluston lainaamista: sovi siitä, kun varaat trailerin."


def load(pack: Pack) -> None:
    area = CoordinationArea.objects.get(slug=pack.file("pages")["region_page"]["slug"])
    if Wish.objects.filter(area=area).exists():
        return
    made = [load_wish(pack, area, number, row) for number, row in enumerate(WISHES)]
    now = timezone.now()
    arrange(pack, made[ARRANGED], now)
    made[TAKEN_UP].take_up(now)
    made[DECLINED].decline(now, REPLY, notify=False)


def load_wish(pack: Pack, area: CoordinationArea, number: int, row: tuple[Any, ...]) -> Wish:
    """One wish, weeks old, with the names of members under it."""
    title, text, slug, kind, mode, best_time, supporters, needs = row
    since = timezone.now() - timedelta(days=9 * (len(WISHES) - number))
    people = members(area, number, supporters)
    facts = {"title": title, "text": text, "mode": mode, "best_time": best_time, "area": area}
    facts |= {"kind": pack.term("event_types", kind), "network": Network.objects.filter(slug=slug).first()}
    wish = Wish.objects.propose(people[0], since, **facts)
    for day, supporter in enumerate(people[1:], start=1):
        wish.support(supporter, since + timedelta(hours=day), needs[day - 1] if day <= len(needs) else "")
    return wish


def members(area: CoordinationArea, number: int, how_many: int) -> list[User]:
    """Some members of the area; the demo's own member wishes for the first, and supports the third."""
    own = person("kunnan-yhteyshenkilo")
    found = User.objects.active().filter(memberships__in=Membership.objects.active().filter(network__area=area))
    others = list(found.filter(coordinations=None).exclude(pk=own.pk if own else 0).distinct().order_by("pk"))
    begin = (number * 5) % max(1, len(others) - how_many)
    chosen = others[begin : begin + how_many]
    if own and number == 0:
        return [own, *chosen][:how_many]
    return [*chosen[: how_many - 1], own] if own and number == TAKEN_UP else chosen


def arrange(pack: Pack, wish: Wish, now: datetime) -> None:
    """The wish that became a training: published, and everybody told."""
    day = timezone.localdate(now) + timedelta(weeks=7)
    day += timedelta(days=3 - day.weekday())
    starts_at, ends_at = (datetime.combine(day, time(hour), tzinfo=ZONE) for hour in (9, 12))
    training: Meeting = wish.become_training(now, starts_at, ends_at, kind=pack.term("event_types", "koulutus"))
    facts = {"place_name": "Nuorten taidetyöpaja", "town": "Jyväskylä", "mode": Meeting.ONSITE}
    training.change(now, summary="Aamupäivä ajankohtaisesta tiedosta ja puheeksi ottamisesta.", **facts)
    training.publish(now)
    wish.mark_told(now)
