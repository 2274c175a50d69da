"""Demo content of the contacts room: words, places, organisations, people, the area and its contact cards."""

from typing import Any

from allauth.account.models import EmailAddress

from contacts.models import ContactCard, CoordinationArea, Municipality, Organisation, Region, SubRegion, Term, User
from lib.text.richtext import html_from_markdown
from youthnet.demo.pack_reader import Pack

COORDINATOR = "koordinaattori"


def load(pack: Pack) -> None:
    """Words first, because everything else points at them."""
    load_words(pack)
    load_regions(pack)
    load_municipalities(pack)
    load_organisations(pack)
    area = load_area(pack)
    load_people(pack, area)
    load_cards(pack, area)


def load_words(pack: Pack) -> None:
    """One Term per word of each list."""
    lists = {name: words for name, words in pack.file("vocab").items() if isinstance(words, list)}
    rows = [_term(name, place, word) for name, words in lists.items() for place, word in enumerate(words, start=1)]
    Term.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["list", "code"],
        update_fields=["fi", "sv", "en", "help", "minimum", "maximum", "order"],
    )


def _term(name: str, place: int, word: dict[str, Any]) -> Term:
    return Term(
        list=name,
        code=word["code"],
        fi=word["fi"],
        sv=word.get("sv", ""),
        en=word.get("en", ""),
        help=word.get("help", ""),
        minimum=word.get("min"),
        maximum=word.get("max"),
        order=word.get("order", place),
    )


def load_regions(pack: Pack) -> None:
    for row in pack.file("regions")["regions"]:
        details = {key: row[key] for key in ("slug", "nuts3", "iso")} | _names(row)
        details |= {"genitive": row["gen"], "locative": row["loc"]}
        Region.objects.update_or_create(code=row["code"], defaults=details)


def load_municipalities(pack: Pack) -> None:
    content = pack.file("municipalities")
    for row in content["sub_regions"]:
        SubRegion.objects.update_or_create(code=row["code"], defaults={"region_id": content["region"]} | _names(row))
    for row in content["municipalities"]:
        Municipality.objects.update_or_create(code=row["code"], defaults=_municipality(row, content["region"]))


def _municipality(row: dict[str, Any], region: str) -> dict[str, Any]:
    return _names(row) | {
        "slug": row["slug"],
        "region_id": region,
        "sub_region_id": row["sub_region"],
        "genitive": row["gen"],
        "locative": row["loc"],
        "is_town": row["form"] == "kaupunki",
        "grid_row": row["grid"][0],
        "grid_column": row["grid"][1],
    }


def _names(row: dict[str, Any]) -> dict[str, str]:
    return {f"name_{language}": row.get(language, "") for language in ("fi", "sv", "en")}


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
    area.municipalities.set(Municipality.objects.filter(region=region))
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
