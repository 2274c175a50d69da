"""Whatever writes a row makes it findable as it is now: verbs, the desk, the demo, the rounds."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from contacts.models import ContactCard, User
from meetings.models import Meeting
from networks.models import Network, NewsItem, Page, Question
from plans.models import Goal, Plan
from search.analysis import finnish
from search.tasks import keep_fresh
from tests.leaks import assert_not_leaked
from tests.permissions.scene import meeting, plan
from tests.snapshot import Snapshot


def found(model, words):
    return [str(row) for row in model.objects.matching(words).order_by("pk")]


def desk(client, world, page, row=None, **typed):
    """Fill in a page of the desk as the coordinator: what it shows, and what is typed over it."""
    client.force_login(world.kaisa)
    path = reverse(f"admin:{page}_change", args=[row.pk]) if row else reverse(f"admin:{page}_add")
    form = client.get(path).context["adminform"].form
    shown = {f"{name}": form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    sent = {}
    for name, value in (shown | typed).items():
        if value is None or value is False or value == []:
            continue
        sent[name] = [getattr(each, "pk", each) for each in value] if isinstance(value, list) else value
    for formset in client.get(path).context["inline_admin_formsets"]:
        for field in formset.formset.management_form:
            sent[field.html_name] = field.value()
    answer = client.post(path, sent)
    assert answer.status_code == 302, answer.context["errors"]


def test_a_meeting_is_found_by_its_new_words_after_a_change_and_its_copy_too(world, term):
    row = meeting(world, term, "kevat", [world.iso], Meeting.PUBLIC)
    row.change(timezone.now(), title="Päihdekasvatus")
    assert found(Meeting, "päihdekasvatuksen") == ["Päihdekasvatus"]
    row.copy(timezone.now())
    assert found(Meeting, "päihdekasvatuksesta") == ["Päihdekasvatus"] * 2
    row.change(timezone.now(), title="Syksy")
    assert found(Meeting, "päihdekasvatus") == ["Päihdekasvatus"]


def test_news_pages_and_questions_written_on_the_desk_are_found(client, world, term):
    desk(client, world, "networks_newsitem", title="Valtionavustukset", slug="a", summary="Hae nyt.", language="fi")
    assert found(NewsItem, "valtionavustus") == ["Valtionavustukset"]
    desk(client, world, "networks_newsitem", NewsItem.objects.get(), title="Leiriavustukset")
    assert (found(NewsItem, "valtionavustus"), found(NewsItem, "leiriavustus")) == ([], ["Leiriavustukset"])
    desk(client, world, "networks_page", title="Pelisäännöt", slug="b", body="<p>Kuunnellaan</p><p>toisia</p>")
    assert found(Page, "pelisääntö") == found(Page, '"kuunnellaan toisia"') == ["Pelisäännöt"]
    jasenyys = term("faq_categories", "jasenyys").pk
    desk(client, world, "networks_question", question="Kuka pääsee mukaan?", answer="Kaikki.", category=jasenyys)
    assert found(Question, "pääsen") == ["Kuka pääsee mukaan?"]


def test_a_network_on_the_desk_is_found_by_its_municipalities(client, world):
    desk(client, world, "networks_network", world.iso, municipalities=["729"], tagline="Yhdessä rajojen yli")
    assert found(Network, "saarijärvellä") == found(Network, "raja") == ["ISO-nuorisotyöverkosto"]


def test_a_plan_is_found_by_its_goals_and_so_is_the_next_one(client, world):
    row = plan(world.area, "suunnitelma", published=True)
    goal = Goal.objects.create(plan=row, code="1", title="Tavoite")
    desk(client, world, "plans_goal", goal, title="Nuorten osallisuus vahvistuu")
    assert found(Plan, "osallisuutta") == ["suunnitelma"]
    row.start_next()
    assert len(found(Plan, "osallisuutta")) == 2


def test_a_person_is_found_from_the_beginning_and_by_a_new_name(world):
    User.objects.create_user("uusi@example.org", name="Veera Vanha")
    assert found(User, "veera") == ["Veera Vanha"]
    User.objects.get(email="uusi@example.org").introduce(name="Veera Uusi", municipality=world.towns.saarijarvi)
    assert (found(User, "vanha"), found(User, "veera saarijärvi")) == ([], ["Veera Uusi"])


def test_an_employer_of_another_name_renames_its_people_and_cards(client, world, term):
    card = ContactCard.objects.create(
        area=world.area, role=term("contact_roles", "aluekoordinaattori"), name="Kortti", organisation=world.employer
    )
    card.index()
    world.aino.index()
    desk(client, world, "contacts_organisation", world.employer, name="Hyvinvointialueen nuorisotalo")
    assert found(ContactCard, "hyvinvointialue") == [str(card)]
    assert "Aino Jäsen" in found(User, "nuorisotalo")


def test_the_desk_searches_inflected_words_and_parts_of_words_alike(client, world, term):
    row = meeting(world, term, "a", [world.iso], Meeting.PUBLIC)
    row.change(timezone.now(), title="Ryhmäytymisleikkejä")
    client.force_login(world.kaisa)
    for typed in ("leikki", "äytymis", "ryhmäytymisleikit"):
        listed = client.get(reverse("admin:meetings_meeting_changelist"), {"q": typed}).context["cl"].queryset
        assert [each.title for each in listed] == ["Ryhmäytymisleikkejä"]
    client.force_login(world.kerttu)
    assert not client.get(reverse("admin:meetings_meeting_changelist"), {"q": "leikki"}).context["cl"].queryset


def test_the_desk_finds_people_by_address_still(client, world):
    client.force_login(world.kaisa)
    listed = client.get(reverse("admin:contacts_user_changelist"), {"q": "matti@example"}).context["cl"].queryset
    assert [person.name for person in listed] == ["Matti Yhteyshenkilö"]


def test_the_round_makes_findable_what_nobody_did(world):
    Page.objects.create(area=world.area, slug="a", title="Pelisäännöt", body="x")
    keep_fresh()
    assert found(Page, "pelisääntö") == ["Pelisäännöt"]
    assert set(Network.objects.values_list("search_backend", flat=True)) == {finnish.backend()}


DEMO = Snapshot(lambda: call_command("load_demo", verbosity=0), lasts=timedelta(minutes=10))


@pytest.mark.parametrize("model", [Meeting, Network, NewsItem, Page, Question, Plan, ContactCard])
def test_the_demo_is_findable_at_once(db, model):
    DEMO.restore()
    assert list(model.objects.exclude(search_backend=finnish.backend())) == []
    assert model.objects.exists()


def test_no_words_of_hidden_columns_are_kept(world, term):
    """The words of a row hold what its page shows and nothing else."""
    row = meeting(world, term, "a", [world.iso], Meeting.PUBLIC)
    words = " ".join(text for text, _language, _weight in row.weighted_words())
    assert_not_leaked("salainen", words)
    assert_not_leaked(world.iso.name, words)
    person = " ".join(text for text, _language, _weight in world.aino.weighted_words())
    assert_not_leaked("@", person)
