"""Demo content of the contacts room: organisations, people, the area and its contact cards."""

from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps

from contacts.models import ContactCard, CoordinationArea, Municipality, Organisation, Region, User
from contacts.reference_data import loading as reference_data
from lib.text.richtext import html_from_markdown
from youthnet.demo.pack_reader import Pack

COORDINATOR = "koordinaattori"


def load(pack: Pack) -> None:
    """The reference rows first, because everything else points at them; where they are, they stay."""
    reference_data.load(apps.get_model)
    load_organisations(pack)
    area = load_area(pack)
    load_people(pack, area)
    load_cards(pack, area)


def load_organisations(pack: Pack) -> None:
    """Two rounds, because a successor may stand further down than the one it carries on from."""
    rows = pack.file("organisations")["organisations"]
    for row in rows:
        details = {
            "name": row["name"],
            "abbreviation": row.get("short", ""),
            "type": pack.term("organisation_types", row["type"]),
            "sector": pack.term("sectors", row.get("sector")),
            "municipality_id": row.get("municipality"),
            "email": row.get("email", ""),
            "phone": row.get("phone", ""),
        }
        organisation, _is_new = Organisation.objects.update_or_create(slug=row["slug"], defaults=details)
        organisation.work_forms.set(pack.terms("work_forms", row.get("work_forms")))
    for row in rows:
        if "successor" in row:
            successor = Organisation.objects.get(slug=row["successor"])
            Organisation.objects.filter(slug=row["slug"]).update(successor=successor)


def load_area(pack: Pack) -> CoordinationArea:
    """The area of the region page, its funders then and now, and its municipalities."""
    page, plan = pack.file("pages")["region_page"], pack.file("plan")["plan"]
    region = Region.objects.get(code=page["region"])
    details = {f"name_{language}": getattr(region, f"name_{language}") for language in ("fi", "sv", "en")}
    for stem in ("title", "lead"):
        details |= {f"{stem}_{language}": page[stem].get(language, "") for language in ("fi", "sv", "en")}
    details |= {
        "background": html_from_markdown(page["body"]),
        "tasks": plan["coordinator_tasks"],
        "aim": plan["mission"],
        "host": Organisation.objects.get(slug=plan["host_organisation"]),
        "started_on": page["started"],
    }
    area, _is_new = CoordinationArea.objects.update_or_create(slug=page["slug"], defaults=details)
    area.municipalities.set(Municipality.objects.current().filter(region=region))
    _load_fundings(area, page["fundings"], plan["funding_instrument"])
    return area


def _load_fundings(area: CoordinationArea, rows: list[dict[str, Any]], instrument: str) -> None:
    for row in rows:
        area.fundings.update_or_create(
            funder=Organisation.objects.get(slug=row["funder"]),
            started_on=row["start"],
            defaults={"ended_on": row.get("end"), "instrument": instrument},
        )


def load_people(pack: Pack, area: CoordinationArea) -> None:
    """Everybody signs in by a code; the addresses count as verified, because there is nobody to read the letters."""
    organisations = {organisation.slug: organisation for organisation in Organisation.objects.all()}
    for row in pack.file("members")["members"]:
        person = User.objects.filter(email=row["email"]).first() or User.objects.create_user(row["email"])
        person.introduce(
            name=row["display_name"],
            title=row["title"],
            organisation=organisations[row["organisation"]],
            municipality=Municipality.objects.filter(code=row["municipality"]).first(),
            language=row["language"],
        )
        EmailAddress.objects.get_or_create(
            user=person, email=person.email, defaults={"verified": True, "primary": True}
        )
        if row["role"] == COORDINATOR:
            area.appoint(person, on=area.started_on or pack.today)


def load_cards(pack: Pack, area: CoordinationArea) -> None:
    same = ["email", "phone", "phone_note", "second_phone", "second_phone_note"]
    same += ["street_address", "postcode", "town", "postal_address", "hours"]
    for place, row in enumerate(pack.file("pages")["contacts"], start=1):
        details = {key: row.get(key) or "" for key in same} | {
            "name": row["display_name"],
            "organisation": Organisation.objects.get(slug=row["organisation"]),
            "help_with": row["help_with"],
            "order": place,
            "confirmed_on": pack.day(row["confirmed"]),
        }
        card, _is_new = ContactCard.objects.update_or_create(
            area=area, role=pack.term("contact_roles", row["role"]), ended_on=None, defaults=details
        )
        card.index()
