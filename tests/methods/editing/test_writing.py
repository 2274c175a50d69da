"""Writing: drafts, what is missing, rows, and what a form must not change."""

from datetime import timedelta

import pytest

from methods.models import Method

NEW = "/en/methods/new/?kind=method"


def addresses(answer):
    """Where the links of the error summary lead."""
    return [address for address, _words in answer.context["missing"]]


def test_the_kind_is_chosen_first(world, words, sign_in):
    page = sign_in(world.aino).get("/en/methods/new/")
    assert [link in page.content.decode() for link in ('href="?kind=method"', 'href="?kind=model"')] == [True, True]


@pytest.mark.parametrize("kind", ["", "toimintamalli", "nonsense"])
def test_an_unknown_kind_asks_for_the_kind(world, words, sign_in, kind):
    assert b"?kind=model" in sign_in(world.aino).post(f"/en/methods/new/?kind={kind}", {"title": "Jotain"}).content
    assert Method.objects.count() == 0


def test_a_draft_needs_only_a_title(world, words, sign_in):
    rows = {"steps-TOTAL_FORMS": 3, "steps-INITIAL_FORMS": 3}
    answer = sign_in(world.aino).post(NEW, {"title": "Pelkkä otsikko", "action": "save", **rows})
    made = Method.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/en/methods/{made.slug}/edit/")
    assert (made.state, made.author, made.area, made.visibility) == ("draft", world.aino, world.area, "public")


def test_without_a_title_nothing_is_kept_and_nothing_typed_is_lost(world, typed, sign_in):
    answer = sign_in(world.aino).post(NEW, typed(title="", goal="Tärkeä tavoite"))
    assert answer.status_code == 422
    assert "Tärkeä tavoite" in answer.content.decode()
    assert "Kellon rakentaminen" in answer.content.decode()
    assert Method.objects.count() == 0


def test_a_new_method_begins_with_what_is_known_of_its_author(world, words, sign_in):
    form = sign_in(world.aino).get(NEW).context["editor"].form
    assert form["organisation"].value() == world.employer.pk
    assert form["municipality"].value() == "179"
    assert form["licence"].value() == words["cc-by-4.0"].pk


def test_all_that_is_typed_is_kept(world, typed, words, sign_in):
    sign_in(world.aino).post(NEW, typed(keywords="Välitunti, KELLO,, kello"))
    made = Method.objects.get()
    assert made.keywords == ["välitunti", "kello"]
    assert made.materials == ["Seinäkello", "Pyykkipoikia"]
    assert list(made.topics.all()) == [words["osallisuus"]]
    assert [(s.order, s.title, s.minutes) for s in made.steps.in_order()] == [
        (1, "Kellon rakentaminen", 5),
        (2, "Pito", 10),
    ]


def test_ranges_must_be_in_order(world, typed, sign_in):
    answer = sign_in(world.aino).post(NEW, typed(age_min=17, age_max=12))
    assert answer.status_code == 422
    assert answer.context["editor"].errors == [("#content", "The youngest cannot be older than the oldest.")]


def test_a_step_with_words_needs_a_title(world, typed, sign_in):
    answer = sign_in(world.aino).post(NEW, typed(**{"steps-1-title": ""}))
    assert answer.context["editor"].errors == [("#id_steps-1-title", "Step 2, Title: Give the step a title.")]


def test_a_row_left_empty_is_no_step(world, typed, method, sign_in):
    made = method(state="draft")
    rows = {"steps-0-title": "", "steps-0-text": "", "steps-0-minutes": ""}
    sign_in(world.aino).post(f"/en/methods/{made.slug}/edit/", typed(**rows))
    assert [(step.order, step.title) for step in made.steps.in_order()] == [(1, "Pito")]


def test_more_rows_are_given_without_complaint_and_nothing_is_kept(world, typed, words, sign_in):
    answer = sign_in(world.aino).post(NEW, typed(title="", action="more", topics=[words["ryhmaytyminen"].pk]))
    editor = answer.context["editor"]
    assert (answer.status_code, editor.errors, Method.objects.count()) == (200, [], 0)
    assert [row["title"].value() for row in editor.steps] == ["Kellon rakentaminen", "Pito", None, None, None]
    assert editor.form["goal"].value() == "Nuori saa mielekästä tekemistä."
    assert editor.form["topics"].value() == [str(words["ryhmaytyminen"].pk)]
    assert editor.form["materials"].value() == "Seinäkello\nPyykkipoikia"


def test_there_are_never_more_than_twelve_rows(world, typed, sign_in):
    rows = {f"steps-{n}-title": f"Vaihe {n}" for n in range(11)}
    answer = sign_in(world.aino).post(NEW, typed(action="more", **rows, **{"steps-TOTAL_FORMS": 11}))
    assert len(answer.context["editor"].steps.forms) == 12
    assert not answer.context["editor"].has_room


def test_thirteen_steps_are_refused(world, typed, sign_in):
    rows = {f"steps-{n}-title": f"Vaihe {n}" for n in range(13)}
    answer = sign_in(world.aino).post(NEW, typed(**rows, **{"steps-TOTAL_FORMS": 13}))
    assert (answer.status_code, Method.objects.count()) == (422, 0)


def test_submitting_an_incomplete_draft_keeps_it_and_tells_what_is_missing(world, typed, sign_in):
    client = sign_in(world.aino)
    answer = client.post(NEW, typed(action="submit", goal="", safety="", debrief="", topics=None), follow=True)
    made = Method.objects.get()
    assert (made.state, made.title) == ("draft", "Välituntikello")
    assert answer.redirect_chain == [(f"/en/methods/{made.slug}/edit/?missing=1", 302)]
    assert addresses(answer) == ["#id_topics_0", "#id_goal", "#id_debrief", "#id_safety"]
    assert answer.context["editor"].form["evaluation"].value() == "Laske osallistujat."


def test_a_complete_draft_is_sent_for_review(world, typed, sign_in):
    answer = sign_in(world.aino).post(NEW, typed(action="submit"))
    made = Method.objects.get()
    assert (answer.url, made.state) == (f"/en/methods/{made.slug}/", "waiting")


def test_an_operating_model_needs_its_own_headings(world, words, sign_in):
    rows = {"steps-TOTAL_FORMS": 0, "steps-INITIAL_FORMS": 0}
    sent = {"title": "Toimintamalli", "stage": words["valmis"].pk, "action": "submit", **rows}
    answer = sign_in(world.aino).post("/en/methods/new/?kind=model", sent, follow=True)
    assert addresses(answer) == [
        "#id_summary", "#id_topics_0", "#id_target_groups_0", "#id_languages_0", "#id_basic_idea",
        "#id_environment", "#id_target_understanding", "#id_conditions", "#id_results", "#id_tips_for_adopters",
        "#id_organisation", "#id_municipality", "#id_licence",
    ]  # fmt: skip


def test_results_are_needed_only_when_a_model_is_past_its_pilot(world, words, method):
    made = method(state="draft", kind="model", stage=words["kokeilu"])
    assert "results" not in [lack.field for lack in made.lacks()]
    made.stage = words["valmis"]
    assert "results" in [lack.field for lack in made.lacks()]


def test_the_headings_of_a_model_stand_in_the_agreed_order(world, words, method, client):
    headings = {
        "basic_idea": "Basic idea of the solution",
        "environment": "Operating environment",
        "target_understanding": "Target group and client understanding",
        "conditions": "Conditions for functioning and roll-out",
        "results": "Evaluation results in brief",
        "tips_for_adopters": "Tips for adopters of the model",
    }
    texts = {name: ["x"] if name in ("conditions", "tips_for_adopters") else "x" for name in headings}
    made = method(kind="model", stage=words["valmis"], **texts)
    html = client.get(f"/en/methods/{made.slug}/").content.decode()
    places = [html.index(f"<h2>{heading}</h2>") for heading in headings.values()]
    assert places == sorted(places)


def test_what_only_the_network_may_use_cannot_be_shown_to_everybody(world, typed, words, sign_in):
    closed = typed(action="submit", licence=words["verkoston-kaytto"].pk)
    assert addresses(sign_in(world.aino).post(NEW, closed, follow=True)) == ["#id_visibility_0"]


def test_an_adaptation_names_its_origin_and_thanks(world, method, typed, sign_in):
    origin = method()
    client = sign_in(world.matti)
    page = f"/en/methods/new/?kind=method&adapts={origin.slug}"
    assert client.get(page).context["editor"].form["derived_from"].value() == origin.slug
    answer = client.post(page, typed(title="Muunnelma", derived_from=origin.slug, action="submit"), follow=True)
    assert addresses(answer) == ["#id_credits"]
    assert Method.objects.get(title="Muunnelma").derived_from == origin


def test_a_method_that_one_may_not_see_cannot_be_named_as_origin(world, method, typed, sign_in):
    hidden = method("Piilotettu", state="draft", author=world.matti)
    assert sign_in(world.aino).post(NEW, typed(derived_from=hidden.slug)).status_code == 422


def test_a_network_that_is_not_ones_own_cannot_be_chosen(world, typed, sign_in):
    client = sign_in(world.aino)
    assert client.post(NEW, typed(visibility="network", network=world.elsewhere.pk)).status_code == 422
    assert client.post(NEW, typed(visibility="network")).status_code == 422
    assert client.post(NEW, typed(visibility="network", network=world.iso.pk)).status_code == 302


def test_fields_that_are_not_the_authors_to_set_are_ignored(world, typed, sign_in):
    smuggled = {
        "published_at": "2026-01-01", "submitted_at": "2026-01-01", "author": world.kaisa.pk, "slug": "oma-osoite",
        "area": world.other_area.pk, "verified_on": "2026-01-01", "co_authors": [world.kaisa.pk], "kind": "model",
        "stage": 1, "search_vector": "x", "id": 99,
    }  # fmt: skip
    sign_in(world.aino).post(NEW, typed(**smuggled))
    made = Method.objects.get()
    assert (made.state, made.author, made.area, made.kind) == ("draft", world.aino, world.area, "method")
    assert (made.slug, made.verified_on, made.stage, made.co_authors.count()) == ("valituntikello", None, None, 0)


def test_two_methods_of_the_same_name_have_addresses_of_their_own(method):
    assert [method(state="draft").slug for _ in range(3)] == ["valituntikello", "valituntikello-2", "valituntikello-3"]


def test_a_title_that_is_the_address_of_another_page_gets_a_number(method):
    assert method("Reviews", state="draft").slug == "reviews-2"


def test_a_published_method_stays_complete(world, method, typed, sign_in):
    made = method(goal="Vanha tavoite")
    client, page = sign_in(world.aino), f"/en/methods/{made.slug}/edit/"
    answer = client.post(page, typed(goal="", title="Uusi nimi"))
    made.refresh_from_db()
    assert (answer.status_code, made.goal, made.title) == (422, "Vanha tavoite", "Välituntikello")
    assert answer.context["editor"].errors == [("#id_goal", "Goal: Write the goal in one sentence.")]
    assert client.post(page, typed(goal="Uusi tavoite")).status_code == 302
    made.refresh_from_db()
    assert (made.goal, made.state, made.steps.count()) == ("Uusi tavoite", "published", 2)


def test_saving_a_waiting_method_leaves_it_waiting(world, method, typed, sign_in):
    made = method(state="waiting")
    sign_in(world.aino).post(f"/en/methods/{made.slug}/edit/", typed(action="submit", goal=""))
    made.refresh_from_db()
    assert (made.state, made.goal) == ("waiting", "")


@pytest.mark.parametrize(
    ("text", "warns"),
    [
        ("Asiakas 131052-308T kävi", True),
        ("asiakas 010203a123b", True),
        ("Soita 040 123 4567", True),
        ("Soita +358 40 1234567", True),
        ("Vuosina 2024-2027 ryhmässä oli 10-15 nuorta klo 13.00", False),
        ("Y-tunnus 1234567-8 ja koodi 20260119", False),
    ],
)
def test_personal_data_is_warned_about_and_kept(world, typed, sign_in, text, warns):
    answer = sign_in(world.aino).post(NEW, typed(tips=text), follow=True)
    assert Method.objects.get().tips == [text]
    assert [m.level_tag for m in answer.context["messages"]] == (["warning"] if warns else []) + ["success"]


def test_steps_that_do_not_fit_the_time_are_warned_about(world, typed, sign_in):
    answer = sign_in(world.aino).post(NEW, typed(**{"steps-0-minutes": 55}), follow=True)
    told = [str(message) for message in answer.context["messages"]]
    assert told[0] == "The steps take 65 minutes together, which is outside 10–15 minutes."


def test_steps_done_in_advance_take_no_time(world, typed, sign_in):
    rows = {"steps-0-minutes": 55, "steps-0-is_in_advance": "on"}
    answer = sign_in(world.aino).post(NEW, typed(**rows), follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["success"]


def test_what_is_written_is_found_at_once(world, typed, sign_in):
    sign_in(world.aino).post(NEW, typed(goal="Ryhmäytymisleikkejä välitunnille"))
    assert Method.objects.matching("leikki").count() == 1
    assert Method.objects.matching("jalkapallo").count() == 0


def test_an_author_of_two_areas_writes_for_the_area_of_the_own_municipality(world, words, method, now):
    world.elsewhere.take_in(world.aino, now=now - timedelta(days=1))
    world.area.municipalities.remove(world.towns.jyvaskyla)
    world.other_area.municipalities.add(world.towns.jyvaskyla)
    assert method(state="draft").area == world.other_area
