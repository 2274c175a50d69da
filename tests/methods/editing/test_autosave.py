"""Autosave: nothing typed is lost, nobody is written over unawares, and half a form is no error."""

import pytest

from contacts.models import User
from methods.models import Method, WorkingCopy

KEY = "7a0f4a8e-7c3b-4c0e-9d55-0f6f4f6f3a10"
NEW = "/en/methods/new/?kind=method"


@pytest.fixture
def autosave(sign_in):
    """autosave(person, path, typed) gives the answer as the page gets it."""

    def send(person, path, typed, **stamps):
        client = sign_in(User.objects.get(pk=person.pk))
        return client.post(path, typed | {"action": "autosave"} | stamps)

    return send


def stamps(page):
    """The stamps of a form as it was shown."""
    return {
        "key": str(page.context["method"].key),
        "serial": page.context["serial"],
        "based_on": page.context["based_on"],
    }


def test_a_half_typed_form_is_kept_as_typed(world, typed, autosave, sign_in):
    half = typed(title="", age_min="kaksi", summary="x" * 500, source_url="ei osoite")
    answer = autosave(world.aino, NEW, half, key=KEY, serial=0, based_on="")
    assert (answer.status_code, answer.json()["state"], answer.json()["serial"]) == (200, "saved", 1)
    assert Method.objects.count() == 0
    page = sign_in(world.aino).get(f"{NEW}&key={KEY}")
    form = page.context["editor"].form
    kept = [form[name].value() for name in ("title", "age_min", "summary", "source_url")]
    assert kept == ["", "kaksi", "x" * 500, "ei osoite"]
    assert [row["title"].value() for row in page.context["editor"].steps][:2] == ["Kellon rakentaminen", "Pito"]
    assert page.context["is_unsaved"]


def test_the_same_request_twice_keeps_one(world, typed, autosave):
    for _time in range(2):
        assert autosave(world.aino, NEW, typed(), key=KEY, serial=0, based_on="").status_code == 200
    assert WorkingCopy.objects.count() == 1


def test_saving_a_new_form_twice_begins_one_method(world, typed, sign_in):
    client = sign_in(world.aino)
    for _time in range(2):
        assert client.post(NEW, typed(key=KEY, serial="0", based_on="")).status_code == 302
    assert [str(made.key) for made in Method.objects.all()] == [KEY]


def test_a_key_of_somebody_elses_method_begins_a_method_of_ones_own(world, method, typed, sign_in):
    foreign = method(state="draft", author=world.matti)
    sign_in(world.aino).post(NEW, typed(title="Oma menetelmä", key=str(foreign.key), serial="0", based_on=""))
    foreign.refresh_from_db()
    assert (foreign.title, foreign.author) == ("Välituntikello", world.matti)
    assert Method.objects.get(title="Oma menetelmä").author == world.aino


def test_what_is_saved_leaves_no_copy_behind(world, typed, autosave, sign_in):
    autosave(world.aino, NEW, typed(), key=KEY, serial=0, based_on="")
    sign_in(world.aino).post(NEW, typed(key=KEY, serial="1", based_on=""))
    assert (Method.objects.count(), WorkingCopy.objects.count()) == (1, 0)


def test_what_is_refused_stays_in_the_copy(world, typed, sign_in):
    answer = sign_in(world.aino).post(NEW, typed(title="", goal="Pitkään mietitty", key=KEY, serial="0", based_on=""))
    assert answer.status_code == 422
    assert WorkingCopy.objects.get().typed["goal"] == ["Pitkään mietitty"]


def test_a_published_method_is_not_changed_by_autosave(world, method, typed, autosave, sign_in):
    made = method(goal="Vanha tavoite")
    edit = f"/en/methods/{made.slug}/edit/"
    before = stamps(sign_in(world.aino).get(edit))
    autosave(world.aino, edit, typed(goal="Uusi tavoite"), **before)
    made.refresh_from_db()
    assert (made.goal, made.versions.count()) == ("Vanha tavoite", 1)
    page = sign_in(world.aino).get(made.get_absolute_url()).content.decode()
    assert "You have changes that are not saved yet" in page
    assert sign_in(world.aino).get(edit).context["editor"].form["goal"].value() == "Uusi tavoite"


def test_unsaved_changes_are_for_their_author_only(world, method, typed, autosave, sign_in):
    made = method(goal="Vanha tavoite")
    edit = f"/en/methods/{made.slug}/edit/"
    autosave(world.aino, edit, typed(goal="Keskeneräinen"))
    page = sign_in(User.objects.get(pk=world.kaisa.pk)).get(edit)
    assert (page.context["editor"].form["goal"].value(), page.context["is_unsaved"]) == ("Vanha tavoite", False)


def test_unsaved_changes_can_be_discarded(world, method, typed, autosave, sign_in):
    made = method(goal="Vanha tavoite")
    edit = f"/en/methods/{made.slug}/edit/"
    autosave(world.aino, edit, typed(goal="Uusi tavoite"))
    assert sign_in(world.aino).post(edit, {"action": "discard"}).status_code == 302
    assert WorkingCopy.objects.count() == 0
    assert sign_in(world.aino).get(edit).context["editor"].form["goal"].value() == "Vanha tavoite"


def test_a_copy_that_says_what_is_stored_is_not_kept(world, typed, autosave, sign_in):
    client = sign_in(world.aino)
    client.post(NEW, typed())
    made = Method.objects.get()
    edit = f"/en/methods/{made.slug}/edit/"
    autosave(world.aino, edit, typed(**{"steps-TOTAL_FORMS": 2}), **stamps(client.get(edit)))
    assert WorkingCopy.objects.count() == 0


def test_two_windows_do_not_write_over_each_other(world, method, typed, autosave):
    made = method(state="draft")
    edit = f"/en/methods/{made.slug}/edit/"
    opened = {"key": str(made.key), "serial": 0, "based_on": made.changed_at.isoformat()}
    autosave(world.aino, edit, typed(goal="Ensimmäinen ikkuna"), **opened)
    answer = autosave(world.aino, edit, typed(goal="Toinen ikkuna"), **opened)
    assert (answer.status_code, answer.json()["state"]) == (409, "outrun")
    assert "Ensimmäinen ikkuna" in answer.json()["notes"]
    assert WorkingCopy.objects.get().typed["goal"] == ["Ensimmäinen ikkuna"]
    answer = autosave(world.aino, edit, typed(goal="Toinen ikkuna"), **opened, over="1")
    assert (answer.status_code, WorkingCopy.objects.get().typed["goal"]) == (200, ["Toinen ikkuna"])


def test_saving_over_what_another_window_kept_is_refused_once_and_shows_it(world, method, typed, autosave, sign_in):
    made = method(state="draft")
    edit = f"/en/methods/{made.slug}/edit/"
    opened = {"key": str(made.key), "serial": 0, "based_on": made.changed_at.isoformat()}
    autosave(world.aino, edit, typed(goal="Toinen ikkuna"), **opened)
    page = sign_in(world.aino).post(edit, typed(goal="Tämä ikkuna", **opened))
    assert (page.status_code, page.context["theirs"]) == (409, [("Goal", "Toinen ikkuna")])
    assert page.context["editor"].form["goal"].value() == "Tämä ikkuna"
    assert sign_in(world.aino).post(edit, typed(goal="Tämä ikkuna", **stamps(page))).status_code == 302


def test_a_save_based_on_an_older_state_is_refused_and_shows_what_the_other_wrote(world, method, typed, sign_in):
    made = method(state="draft")
    edit = f"/en/methods/{made.slug}/edit/"
    opened = stamps(sign_in(world.aino).get(edit))
    kaisa = User.objects.get(pk=world.kaisa.pk)
    sign_in(kaisa).post(edit, typed(goal="Kaisan tavoite", tips="Kaisan vinkki", **stamps(sign_in(kaisa).get(edit))))
    page = sign_in(world.aino).post(edit, typed(goal="Ainon tavoite", tips="Kaisan vinkki", **opened))
    made.refresh_from_db()
    assert (page.status_code, made.goal) == (409, "Kaisan tavoite")
    assert page.context["theirs"] == [("Goal", "Kaisan tavoite")]
    assert page.context["editor"].form["goal"].value() == "Ainon tavoite"
    assert sign_in(world.aino).post(edit, typed(goal="Ainon tavoite", **stamps(page))).status_code == 302
    made.refresh_from_db()
    assert (made.goal, WorkingCopy.objects.count()) == ("Ainon tavoite", 0)


def test_autosave_keeps_the_text_and_tells_that_another_has_saved(world, method, typed, autosave, sign_in):
    made = method(state="draft")
    edit = f"/en/methods/{made.slug}/edit/"
    opened = stamps(sign_in(world.aino).get(edit))
    sign_in(User.objects.get(pk=world.kaisa.pk)).post(edit, typed(goal="Kaisan tavoite"))
    told = autosave(world.aino, edit, typed(goal="Ainon tavoite"), **opened).json()
    assert told["state"] == "outrun"
    assert "Kaisan tavoite" in told["notes"]
    assert WorkingCopy.objects.get().typed["goal"] == ["Ainon tavoite"]
    page = sign_in(world.aino).get(edit)
    assert page.context["theirs"][0] == ("Goal", "Kaisan tavoite")


def test_more_text_than_all_boxes_hold_is_refused_in_words(world, typed, autosave):
    answer = autosave(world.aino, NEW, typed(safety="x" * 400_001), key=KEY, serial=0)
    assert (answer.status_code, answer.json()["state"], WorkingCopy.objects.count()) == (413, "refused", 0)


def test_a_character_that_no_database_keeps_does_no_harm(world, typed, autosave):
    assert autosave(world.aino, NEW, typed(goal="nolla\0merkki"), key=KEY, serial=0).status_code == 200
    assert WorkingCopy.objects.get().typed["goal"] == ["nollamerkki"]


def test_personal_data_is_warned_about_while_typing(world, typed, autosave):
    notes = autosave(world.aino, NEW, typed(tips="Asiakas 131052-308T", goal="Soita 040 123 4567"), key=KEY).json()[
        "notes"
    ]
    assert ["personal identity code" in notes, "telephone number" in notes] == [True, True]
    assert WorkingCopy.objects.get().typed["tips"] == ["Asiakas 131052-308T"]


def test_how_far_it_has_come_is_told_with_each_save(world, typed, autosave):
    assert "22/22 done" in autosave(world.aino, NEW, typed(), key=KEY).json()["sections"]
    assert "20/22 done" in autosave(world.aino, NEW, typed(goal="", safety=" "), key=KEY).json()["sections"]


def test_what_was_left_unsaved_stands_among_ones_own(world, typed, autosave, sign_in):
    autosave(world.aino, NEW, typed(title="Kesken jäänyt"), key=KEY)
    page = sign_in(world.aino).get("/en/methods/mine/")
    assert f"?kind=method&amp;key={KEY}" in page.content.decode()
    assert [copy.title for copy in page.context["copies"]] == ["Kesken jäänyt"]
    other = sign_in(User.objects.get(pk=world.kaisa.pk)).get("/en/methods/mine/")
    assert list(other.context["copies"]) == []


@pytest.mark.parametrize(("person", "status"), [(None, 302), ("niilo", 403), ("matti", 404), ("kerttu", 404)])
def test_autosave_lets_in_those_who_may_edit_only(world, method, client, person, status):
    made = method(state="draft")
    if person:
        client.force_login(getattr(world, person))
    assert client.post(f"/en/methods/{made.slug}/edit/", {"action": "autosave", "goal": "x"}).status_code == status
    assert WorkingCopy.objects.count() == 0


def test_looking_at_a_form_keeps_nothing(world, words, sign_in):
    sign_in(world.aino).get(f"{NEW}&key={KEY}")
    assert WorkingCopy.objects.count() == 0
