"""Operating models to and from Innokylä: nothing pasted is lost, and what is written can be read again."""

import pytest

from contacts.models import Term
from methods.editing import innokyla
from methods.models import Method, WorkingCopy
from tests.leaks import assert_not_leaked

PAGE = """Maakunnallinen nuorisotyön malli
Toimintamallin nimi: Yhteinen nuorisotyöntekijä
https://innokyla.fi/fi/toimintamalli/yhteinen-nuorisotyontekija.
Lyhyt kuvaus
Kolme kuntaa, kaksi työntekijää.
Toteutuspaikka
Koulut
Paikkakunta, maakunta tai hyvinvointialue
Keski-Suomi
Rahoittaja
Ei erillisrahoitusta
**Ratkaisun perusidea**
Työntekijät palkataan yhdessä.

1. Tavoite: tuttu aikuinen
Toimintaympäristö **
Pieniä kouluja: seitsemän.
KOHDERYHMÄ JA ASIAKASYMMÄRRYS:
Nuoret 13–16 v.
Toimivuuden ja käyttöönoton ehdot
• Sopimus
• Tila koululla
Arvioinnin tulokset tiivistettynä **
61 % tavoitettu.
Vinkit toimintamallin soveltajille
Sopikaa päivistä.
Kehittämisen vaihe
valmis
Tavoiteltu muutos
Vähemmän yksinäisyyttä.
"""


def test_a_pasted_page_is_sorted_under_our_headings():
    reading = innokyla.read(PAGE)
    assert reading.fields == {
        "title": "Yhteinen nuorisotyöntekijä",
        "summary": "Kolme kuntaa, kaksi työntekijää.",
        "place": "Koulut",
        "region": "Keski-Suomi",
        "funder": "Ei erillisrahoitusta",
        "basic_idea": "Työntekijät palkataan yhdessä.\n\n1. Tavoite: tuttu aikuinen",
        "environment": "Pieniä kouluja: seitsemän.",
        "target_understanding": "Nuoret 13–16 v.",
        "conditions": "• Sopimus\n• Tila koululla",
        "results": "61 % tavoitettu.",
        "tips_for_adopters": "Sopikaa päivistä.",
        "stage": "valmis",
    }
    assert reading.address == "https://innokyla.fi/fi/toimintamalli/yhteinen-nuorisotyontekija"


def test_no_word_of_a_page_is_lost():
    reading = innokyla.read(PAGE)
    kept = " ".join([*reading.fields.values(), reading.other, f"{reading.address}."])
    headings = {form.casefold() for forms in innokyla.HEADINGS.values() for form in forms}
    lines = [line.strip("*: ") for line in PAGE.splitlines()]
    lost = [line for line in lines if line and line not in kept and line.casefold() not in headings]
    assert lost == ["Toimintamallin nimi: Yhteinen nuorisotyöntekijä"]  # its heading is known, its words are the title
    assert reading.other == ("Maakunnallinen nuorisotyön malli\n\nTavoiteltu muutos\nVähemmän yksinäisyyttä.")


@pytest.mark.parametrize("text", ["", "   \n\n", "**\n##\n::", "Kuvaus", "Vain yksi rivi", "a:b\nc", "\xa0" * 9])
def test_odd_text_is_read_without_fault(text):
    innokyla.read(text)


def test_the_first_line_is_the_title_when_none_is_named():
    reading = innokyla.read("Malli\nJohdanto.\nToimintaympäristö\nKoulu")
    assert (reading.fields["title"], reading.other) == ("Malli", "Johdanto.")


def test_a_heading_that_comes_twice_adds_to_the_first():
    assert (
        innokyla.read("Toimintaympäristö\nYksi\nToimintaympäristö **\nKaksi").fields["environment"] == "Yksi\n\nKaksi"
    )


BODY = {
    "basic_idea": "Idea.\n\n- yksi",
    "environment": "Koulu.",
    "target_understanding": "Nuoret.",
    "conditions": ["Tila", "Aika"],
    "results": "Hyvä.",
    "tips_for_adopters": ["Aloita"],
}


def test_what_is_written_is_read_again(method, words, client):
    made = method("Iso malli", kind="model", stage=words["valmis"], **BODY)
    text = client.get(f"/en/methods/{made.slug}/innokyla/").context["text"]
    places = [text.index(innokyla.HEADINGS[name][0] + "\n") for name in list(innokyla.HEADINGS)[7:13]]
    assert places == sorted(places)
    fields = innokyla.read(text).fields
    assert (fields["title"], fields["basic_idea"], fields["conditions"]) == (
        "Iso malli",
        "Idea.\n\n- yksi",
        "- Tila\n- Aika",
    )


@pytest.mark.parametrize(("person", "status"), [(None, 404), ("matti", 404), ("aino", 200), ("kaisa", 200)])
def test_the_text_of_a_draft_is_as_hidden_as_the_draft(world, method, words, client, person, status):
    made = method("Iso malli", state="draft", kind="model", stage=words["valmis"])
    if person:
        client.force_login(getattr(world, person))
    assert client.get(f"/en/methods/{made.slug}/innokyla/").status_code == status


def test_a_method_has_no_page_of_innokyla(method, client):
    assert client.get(f"/en/methods/{method().slug}/innokyla/").status_code == 404


def test_a_page_is_shown_before_anything_is_stored_and_taken_into_the_form(world, words, sign_in):
    client = sign_in(world.aino)
    path = "/en/methods/new/innokyla/"
    page = client.post(path, {"text": PAGE, "action": "preview"})
    assert (page.status_code, WorkingCopy.objects.count(), Method.objects.count()) == (200, 0, 0)
    assert page.context["source"] == "https://innokyla.fi/fi/toimintamalli/yhteinen-nuorisotyontekija"
    Term.objects.filter(code="valmis").update(fi="Valmis")
    answer = client.post(path, {"text": PAGE, "action": "use", "source_url": "https://innokyla.fi/x"})
    form = client.get(answer.url).context["editor"].form
    assert Method.objects.count() == 0
    assert (form["source_url"].value(), form["summary"].value()) == (
        "https://innokyla.fi/x",
        "Kolme kuntaa, kaksi työntekijää.",
    )
    assert (form["stage"].value(), form["organisation"].value()) == (str(words["valmis"].pk), str(world.employer.pk))
    assert "Tavoiteltu muutos" in form["other"].value()


def test_text_without_a_place_is_kept_with_the_method_and_hidden_from_readers(world, method, words, sign_in, client):
    made = method("Iso malli", kind="model", stage=words["kokeilu"], other="Salainen muistiinpano", **BODY)
    assert "Salainen muistiinpano" in sign_in(world.aino).get(f"/en/methods/{made.slug}/edit/").content.decode()
    client.logout()
    for page in (made.get_absolute_url(), f"/en/methods/{made.slug}/innokyla/"):
        assert_not_leaked("Salainen", client.get(page), where=page)
    assert Method.objects.matching("muistiinpano").count() == 0


@pytest.mark.parametrize(("person", "status"), [(None, 302), ("niilo", 403), ("aino", 200)])
def test_members_bring_pages(world, words, client, person, status):
    if person:
        client.force_login(getattr(world, person))
    assert client.get("/en/methods/new/innokyla/").status_code == status


def test_an_empty_paste_is_refused_in_words(world, words, sign_in):
    answer = sign_in(world.aino).post("/en/methods/new/innokyla/", {"text": " ", "action": "use"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["text"])


ICONS = """Toimintamallin nimi
\ue900 Yhteinen nuorisotyöntekijä
Sijainti-ikoni
Paikkakunta, maakunta tai hyvinvointialue
location_on
Saarijärvi
Äänekoski
Keski-Suomen hyvinvointialue
Kehittämisen vaihe
Vaihe icon
\U0001f3c1 Valmis
![Nuoret on tulevaisuus](https://example.org/kuva.png)
Toimintaympäristö
Koulun ikoni on kello, ja kello soi.
"""


def test_lines_of_icons_are_left_out_and_phase_and_region_are_read():
    """Real use 33: what is a picture on the page is no text of the model; a sentence about an icon is."""
    fields = innokyla.read(ICONS).fields
    assert fields == {
        "title": "Yhteinen nuorisotyöntekijä",
        "region": "Saarijärvi, Äänekoski, Keski-Suomen hyvinvointialue",
        "stage": "Valmis",
        "environment": "Koulun ikoni on kello, ja kello soi.",
    }
    assert innokyla.read(ICONS).other == ""


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Valmis", "valmis"),
        ("Kehittämisen vaihe: valmis", "valmis"),
        ("Kokeilussa", "kokeilu"),
        ("Pilotointi käynnissä", "kokeilu"),
        ("Käyttöönotossa kunnissa", "kayttoonotto"),
        ("Kuvittele ja kokeile", "kokeilu"),
        ("Salainen", ""),
        ("", ""),
    ],
)
def test_the_phase_is_known_by_the_words_people_use(words, code):
    """Real use 33: ours and those of Innokylä."""
    assert innokyla.stage_in(words) == code


@pytest.mark.parametrize(
    ("region", "municipality"),
    [
        ("Saarijärvi", "saarijarvi"),
        ("Saarijärvi\nÄänekoski", None),
        ("Keski-Suomi", None),
        ("Keski-Suomen hyvinvointialue", None),
    ],
)
def test_several_municipalities_a_region_or_a_wellbeing_area_is_a_place(world, words, sign_in, region, municipality):
    """Real use 33: it comes into the form as it was written and goes out again as the source's own."""
    client = sign_in(world.aino)
    page = (
        f"Toimintamallin nimi\nMalli\nPaikkakunta, maakunta tai hyvinvointialue\n{region}\nKehittämisen vaihe\nPilotti"
    )
    answer = client.post("/en/methods/new/innokyla/", {"text": page, "action": "use"})
    editor = client.get(answer.url).context["editor"]
    assert editor.form["locality"].value() == region.replace("\n", ", ")
    chosen = getattr(world.towns, municipality) if municipality else world.aino.municipality
    assert (editor.form["municipality"].value(), editor.form["stage"].value()) == (
        str(chosen.pk),
        str(words["kokeilu"].pk),
    )


def test_the_locality_of_the_source_is_kept_on_copying_out(method, words, client):
    """Real use 33: not the municipality of whoever brought it."""
    made = method("Iso malli", kind="model", stage=words["valmis"], locality="Kainuu, Kuhmo", **BODY)
    fields = innokyla.read(client.get(f"/en/methods/{made.slug}/innokyla/").context["text"]).fields
    assert fields["region"] == "Kainuu, Kuhmo"


def test_a_model_needs_no_steps_and_a_locality_is_enough(method, words):
    """Real use 33: two to twelve steps are for methods; a region is a place without a municipality."""
    facts = {"stage": words["valmis"], "locality": "Keski-Suomi", "municipality": None, **BODY}
    model = method("Malli", state="draft", kind="model", **facts)
    model.save_changes(model.created_at, [])
    assert [lack.field for lack in model.lacks()] == []
    activity = method("Menetelmä", state="draft", municipality=None)
    activity.save_changes(activity.created_at, [])
    assert [lack.field for lack in activity.lacks()] == ["steps", "municipality"]
