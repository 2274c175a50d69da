"""People, cards, areas and registers on the coordinator's desk: what one may change, and what one may not even see."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import ContactCard, Coordinator, Funding, Municipality, Organisation, Term, User


def changelist(model):
    return reverse(f"admin:contacts_{model}_changelist")


def change(thing):
    return reverse(f"admin:contacts_{thing._meta.model_name}_change", args=[thing.pk])


def add(model):
    return reverse(f"admin:contacts_{model}_add")


def shown(answer):
    return set(answer.context["cl"].queryset)


MODELS = ["user", "organisation", "contactcard", "coordinationarea", "municipality", "region", "subregion", "term"]


@pytest.mark.parametrize("model", [*MODELS, "coordinator"])
def test_the_desk_is_closed_to_visitors_members_and_the_disabled(client, sign_in, world, model):
    assert client.get(changelist(model)).status_code == 302
    for person in [world.aino, world.niilo, world.matti]:
        assert sign_in(person).get(changelist(model)).status_code == 302
    assert sign_in(world.vaino).get(changelist(model)).status_code == 302


@pytest.mark.parametrize("model", MODELS)
def test_a_coordinator_opens_the_lists(sign_in, world, model):
    assert sign_in(world.kaisa).get(changelist(model)).status_code == 200


# people


def test_a_coordinator_sees_the_people_of_the_own_area_and_newcomers(sign_in, world):
    people = shown(sign_in(world.kaisa).get(changelist("user")))
    assert people == {world.aino, world.matti, world.vaino, world.niilo, world.kaisa}


def test_a_superuser_sees_everybody(sign_in, world):
    assert len(shown(sign_in(world.ulla).get(changelist("user")))) == User.objects.count()


@pytest.mark.parametrize("name", ["eetu", "kerttu", "ulla"])
def test_people_of_another_area_and_superusers_do_not_exist_for_a_coordinator(sign_in, world, name):
    answer = sign_in(world.kaisa).get(change(getattr(world, name)))
    assert (answer.status_code, answer["Location"]) == (302, reverse("admin:index"))


def person_form(**more):
    return {
        "name": "Aino J.",
        "title": "",
        "phone": "",
        "organisation": "",
        "municipality": "",
        "language": "sv",
    } | more


def test_a_coordinator_mends_a_persons_details(sign_in, world):
    assert sign_in(world.kaisa).post(change(world.aino), person_form()).status_code == 302
    world.aino.refresh_from_db()
    assert (world.aino.name, world.aino.language) == ("Aino J.", "sv")


def test_a_coordinator_gives_nobody_powers_and_takes_over_no_account(sign_in, world):
    greedy = person_form(is_superuser="on", is_staff="on", is_active="", email="kaisa2@example.org", password="secret")
    sign_in(world.kaisa).post(change(world.aino), greedy | {"groups": "1", "user_permissions": "1"})
    world.aino.refresh_from_db()
    assert (world.aino.is_superuser, world.aino.is_staff, world.aino.is_active) == (False, False, True)
    assert (world.aino.email, world.aino.has_usable_password()) == ("aino@example.org", False)


def test_a_coordinator_does_not_become_a_superuser_on_the_own_page(sign_in, world):
    sign_in(world.kaisa).post(change(world.kaisa), person_form(name="Kaisa", is_superuser="on"))
    world.kaisa.refresh_from_db()
    assert world.kaisa.is_superuser is False


def test_a_superuser_disables_an_account_and_a_coordinator_does_not(sign_in, world):
    sign_in(world.ulla).post(change(world.aino), person_form())
    world.aino.refresh_from_db()
    assert world.aino.is_active is False


def test_a_coordinator_adds_a_person_who_signs_in_by_a_code(sign_in, world):
    answer = sign_in(world.kaisa).post(add("user"), person_form(email="Uusi@Example.org", name="Uusi"))
    assert answer.status_code == 302
    new = User.objects.get(email="uusi@example.org")
    assert (new.name, new.has_usable_password(), new.is_staff, new.is_superuser) == ("Uusi", False, False, False)


def test_an_address_has_one_account_however_it_is_written(sign_in, world):
    answer = sign_in(world.kaisa).post(add("user"), person_form(email="AINO@example.org"))
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors


def test_a_coordinator_deletes_nobody(sign_in, world):
    url = reverse("admin:contacts_user_delete", args=[world.aino.pk])
    assert sign_in(world.kaisa).post(url, {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=world.aino.pk).exists()


def test_the_list_tells_the_networks_of_each_person(sign_in, world):
    world.closed.take_in(world.aino, now=timezone.now())
    world.iso.membership_of(world.matti).leave(timezone.now())
    people = {p: p.network_names for p in sign_in(world.kaisa).get(changelist("user")).context["cl"].queryset}
    assert people[world.aino] == "ISO-nuorisotyöverkosto, Perusnuorisotyön verkosto"
    assert people[world.matti] == ""
    assert people[world.niilo] == ""


def test_people_are_found_by_name_and_organisation(sign_in, world):
    client = sign_in(world.kaisa)
    assert shown(client.get(changelist("user"), {"q": "Niilo"})) == {world.niilo}


# organisations and registers


def test_a_coordinator_keeps_the_organisations(sign_in, world, term):
    kind = term("organisation_types", "jarjesto")
    form = {"slug": "uusi-ry", "name": "Uusi ry", "type": kind.pk}
    assert sign_in(world.kaisa).post(add("organisation"), form).status_code == 302
    new = Organisation.objects.get(slug="uusi-ry")
    sign_in(world.kaisa).post(change(new), form | {"successor": world.employer.pk})
    new.refresh_from_db()
    assert new.successor == world.employer


def test_no_coordinator_deletes_an_organisation(sign_in, world):
    url = reverse("admin:contacts_organisation_delete", args=[world.employer.pk])
    assert sign_in(world.kaisa).post(url, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", ["municipality", "region", "subregion"])
def test_a_coordinator_reads_a_register_and_adds_nothing_to_it(sign_in, world, model):
    client = sign_in(world.kaisa)
    assert client.get(changelist(model)).status_code == 200
    assert client.post(add(model), {}).status_code == 403


def test_a_coordinator_changes_no_municipality_and_a_superuser_does(sign_in, world):
    town = world.towns.saarijarvi
    form = {"code": town.code, "slug": town.slug, "region": "13", "name_fi": "Uusi nimi"}
    assert sign_in(world.kaisa).post(change(town), form).status_code == 403
    assert sign_in(world.ulla).post(change(town), form).status_code == 302
    assert Municipality.objects.get(code="729").name_fi == "Uusi nimi"


def test_the_code_of_a_word_never_changes(sign_in, world, term):
    word = term("topics", "osallisuus")
    sign_in(world.ulla).post(
        change(word), {"list": "x", "code": "x", "fi": "Osallisuus!", "order": 1, "is_active": "on"}
    )
    kept = Term.objects.get(pk=word.pk)
    assert (kept.list, kept.code, kept.fi) == ("topics", "osallisuus", "Osallisuus!")


# cards


def card_form(world, term, **more):
    role = term("contact_roles", "aluekoordinaattori")
    return {"area": world.area.pk, "role": role.pk, "name": "Kortti", "order": 0, "help_with": ""} | more


def test_what_a_card_helps_with_is_written_one_thing_on_a_line(sign_in, world, term):
    form = card_form(world, term, help_with="Verkostot\r\n\r\n• Arjen kysymykset\r\n")
    assert sign_in(world.kaisa).post(add("contactcard"), form).status_code == 302
    card = ContactCard.objects.get(name="Kortti")
    assert card.help_with == ["Verkostot", "Arjen kysymykset"]
    page = sign_in(world.kaisa).get(change(card)).content.decode()
    assert "Verkostot\nArjen kysymykset</textarea>" in page


def test_nobody_makes_a_card_for_another_area(sign_in, world, term):
    answer = sign_in(world.kerttu).post(add("contactcard"), card_form(world, term))
    assert list(answer.context["adminform"].form.errors) == ["area"]
    assert ContactCard.objects.count() == 0


def test_a_card_of_another_area_is_not_found(sign_in, world, card):
    made = card("Kaisan kortti")
    assert shown(sign_in(world.kerttu).get(changelist("contactcard"))) == set()
    answer = sign_in(world.kerttu).get(change(made))
    assert (answer.status_code, answer["Location"]) == (302, reverse("admin:index"))
    assert shown(sign_in(world.kaisa).get(changelist("contactcard"))) == {made}


# areas, funders, coordinators


def area_form(area, **more):
    names = ["name_fi", "name_sv", "name_en", "title_fi", "title_sv", "title_en", "lead_fi", "lead_sv", "lead_en"]
    return (
        {name: getattr(area, name) for name in [*names, "aim", "background"]}
        | {
            "slug": area.slug,
            "accent": area.accent,
            "host": area.host_id or "",
            "started_on": area.started_on or "",
            "tasks": "\n".join(area.tasks),
            "municipalities": [town.pk for town in area.municipalities.all()],
            "fundings-TOTAL_FORMS": 0,
            "fundings-INITIAL_FORMS": 0,
        }
        | more
    )


def test_a_coordinator_writes_the_front_page_of_the_own_area(sign_in, world):
    form = area_form(world.area, title_fi="Uusi otsikko", tasks="Vierailee kunnissa\nNeuvoo", slug="toinen-osoite")
    assert sign_in(world.kaisa).post(change(world.area), form).status_code == 302
    world.area.refresh_from_db()
    assert (world.area.title_fi, world.area.tasks) == ("Uusi otsikko", ["Vierailee kunnissa", "Neuvoo"])
    assert world.area.slug == "keski-suomi"


def test_the_area_of_somebody_else_is_not_found(sign_in, world):
    client = sign_in(world.kerttu)
    assert shown(client.get(changelist("coordinationarea"))) == {world.other_area}
    assert client.post(change(world.area), area_form(world.area, title_fi="Kaapattu"))["Location"] == reverse(
        "admin:index"
    )
    world.area.refresh_from_db()
    assert world.area.title_fi == "Maakunnallinen nuorisotyö Keski-Suomessa"


def test_a_new_funder_leaves_the_former_as_history(sign_in, world, term):
    kind = term("organisation_types", "valtion-virasto")
    lvv = Organisation.objects.create(slug="lvv", name="Lupa- ja valvontavirasto", abbreviation="LVV", type=kind)
    avi = Organisation.objects.create(slug="avi", name="Aluehallintovirasto", type=kind, successor=lvv)
    old = Funding.objects.create(area=world.area, funder=avi, started_on=date(2019, 3, 1))
    rows = {
        "fundings-TOTAL_FORMS": 2,
        "fundings-INITIAL_FORMS": 1,
        "fundings-0-id": old.pk,
        "fundings-0-area": world.area.pk,
        "fundings-0-funder": avi.pk,
        "fundings-0-started_on": "2019-03-01",
        "fundings-0-ended_on": "2025-12-31",
        "fundings-1-area": world.area.pk,
        "fundings-1-funder": lvv.pk,
        "fundings-1-started_on": "2026-01-01",
    }
    assert sign_in(world.kaisa).post(change(world.area), area_form(world.area) | rows).status_code == 302
    assert world.area.funder_on(date(2025, 12, 31)).funder == avi
    assert world.area.funder_on(date(2026, 1, 1)).funder == lvv


def test_a_coordinator_makes_no_area_and_deletes_none(sign_in, world):
    assert sign_in(world.kaisa).get(add("coordinationarea")).status_code == 403
    url = reverse("admin:contacts_coordinationarea_delete", args=[world.area.pk])
    assert sign_in(world.kaisa).post(url, {"post": "yes"}).status_code == 403


def test_a_superuser_names_a_coordinator_and_a_coordinator_does_not(sign_in, world):
    form = {"area": world.area.pk, "user": world.aino.pk, "started_on": "2026-01-01"}
    assert sign_in(world.kaisa).post(add("coordinator"), form).status_code == 403
    assert Coordinator.objects.filter(user=world.aino).count() == 0
    assert sign_in(world.ulla).post(add("coordinator"), form).status_code == 302
    assert Coordinator.objects.filter(user=world.aino, area=world.area).count() == 1
    assert User.objects.get(pk=world.aino.pk).is_coordinator() is True


def test_a_coordinator_whose_time_has_ended_has_no_desk(sign_in, world):
    Coordinator.objects.filter(user=world.kaisa).update(ended_on=date(2020, 1, 1))
    assert sign_in(world.kaisa).get(reverse("admin:index")).status_code == 302


@pytest.mark.parametrize("model", ["user", "organisation", "contactcard"])
def test_long_lists_ask_no_more_than_short_ones(sign_in, world, queries, card, term, model):
    sign_in(world.kaisa)
    one = queries(changelist(model))
    for number in range(24):
        world.iso.take_in(User.objects.create_user(f"p{number}@example.org", name=f"P{number}"), now=timezone.now())
        Organisation.objects.create(slug=f"o{number}", name=f"O{number}", type=term("organisation_types", "kunta"))
        card(f"Kortti {number}")
    assert queries(changelist(model)) == one


def typed_word(**more):
    return {"list": "topics", "fi": "Moottorikelkkailu", "sv": "", "en": "", "help": "", "order": 90} | more


def test_a_coordinator_adds_a_word_of_the_own_area_and_puts_it_out_of_use(sign_in, world, term):
    """Real use 35: coordinators may add terms of the own area; the code is made of the word."""
    client, page = sign_in(world.kaisa), add("term")
    for _time in range(2):
        client.post(page, typed_word(area=world.area.pk, is_active="on"))
    words = Term.objects.filter(area=world.area).order_by("pk")
    assert [(word.list, word.code, word.fi) for word in words] == [
        ("topics", "moottorikelkkailu", "Moottorikelkkailu"),
        ("topics", "moottorikelkkailu-2", "Moottorikelkkailu"),
    ]
    client.post(change(words[0]), {"fi": "Kelkkailu", "sv": "", "en": "", "help": "", "order": 1})
    word = Term.objects.get(pk=words[0].pk)
    assert (word.fi, word.code, word.is_active, word.area) == ("Kelkkailu", "moottorikelkkailu", False, world.area)


@pytest.mark.parametrize("wrong", ["area", "list"])
def test_a_word_is_added_to_no_other_area_and_to_no_list_with_fixed_codes(sign_in, world, wrong):
    """Real use 35: shared words and fixed codes stay."""
    typed = typed_word(area=world.area.pk) | (
        {"area": world.other_area.pk} if wrong == "area" else {"list": "licences"}
    )
    answer = sign_in(world.kaisa).post(add("term"), typed)
    assert list(answer.context["adminform"].form.errors) == [wrong]
    without_area = sign_in(world.kaisa).post(add("term"), typed_word())
    assert list(without_area.context["adminform"].form.errors) == ["area"]
    assert Term.objects.filter(fi="Moottorikelkkailu").count() == 0


def test_a_word_of_another_area_or_of_all_is_only_read(sign_in, world, term):
    foreign = term("topics", "kerttu", area=world.other_area)
    client = sign_in(world.kaisa)
    for word in (foreign, term("topics", "luonto")):
        assert (client.get(change(word)).status_code, client.post(change(word), typed_word()).status_code) == (200, 403)


def test_words_of_an_area_are_offered_there_only(world, term):
    """Real use 35: one installation may serve several areas."""
    own, foreign, shared = (
        term("topics", "oma", area=world.area),
        term("topics", "vieras", area=world.other_area),
        term("topics", "luonto"),
    )
    topics = Term.objects.in_list("topics").order_by("pk")
    assert list(topics.offered_to(world.aino)) == list(topics.run_by(world.kaisa)) == [own, shared]
    assert list(topics.offered_to(world.niilo)) == [shared]
    assert list(topics.offered_to(world.niilo, world.other_area.pk)) == [foreign, shared]
    assert list(topics.run_by(world.ulla)) == [own, foreign, shared]


def test_a_superuser_invites_a_further_coordinator_from_the_areas_page(sign_in, world):
    """Real use 35: also the second coordinator, and the one who follows, gets a letter."""
    invite = reverse("setup-coordinator", args=[world.area.slug])
    page = sign_in(world.ulla).get(change(world.area)).content.decode()
    assert (invite in page, "Kaisa Koordinaattori" in page) == (True, True)
    assert invite not in sign_in(world.kaisa).get(change(world.area)).content.decode()
