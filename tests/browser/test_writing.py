"""Writing a method by hand in Finnish, with a broken connection, a returned review and a reader on a small phone."""

from tests.browser.people import COORDINATOR, MEMBER, press


def state(page, name, patience=30):
    page.locator(f"#save-state[data-state={name}]").wait_for(timeout=patience * 1000)


def write(page):
    """Everything that a complete method needs besides its title."""
    texts = {"summary": "Kaksi kiveä, yksi kysymys ja aikaa kuunnella.", "goal": "Jokainen tulee kuulluksi."}
    texts |= {
        "debrief": "Mitä kuulit?",
        "evaluation": "Kysy jokaiselta.",
        "safety": "- Saa olla hiljaa.\n- Saa lähteä.",
    }
    texts |= {"age_min": "12", "age_max": "17", "group_min": "4", "duration_min": "20", "duration_max": "40"}
    for name, words in texts.items():
        page.locator(f"#id_{name}").fill(words)
    for name in ("topics", "target_groups", "settings", "preparation"):
        page.locator(f"input[name={name}]").first.check()
    for row, title in enumerate(["Kivien valinta", "Kysymys kiertää"]):
        page.locator(f"#id_steps-{row}-title").fill(title)
        page.locator(f"#id_steps-{row}-minutes").fill("15")


def test_a_method_is_written_through_a_broken_connection_and_found(portal, enter, browser, axe):
    author = enter(MEMBER, width=320)
    author.goto("/menetelmat/uusi/?kind=method")
    assert author.evaluate("document.documentElement.scrollWidth") <= 320
    author.locator("#id_title").fill("Kahden lyhdyn kierros")
    state(author, "saved")
    assert "key=" in author.url

    # the connection goes: the page says so, and the text is still there after it has come back
    author.context.set_offline(True)
    author.locator("#id_goal").fill("Sanottu ilman verkkoa.")
    state(author, "unsaved")
    author.locator("button[name=action][value=save]").last.click()
    assert author.locator("#id_goal").input_value() == "Sanottu ilman verkkoa."
    author.context.set_offline(False)
    state(author, "saved", patience=60)
    author.reload()
    assert author.locator("#id_goal").input_value() == "Sanottu ilman verkkoa."
    assert axe(author) == []

    write(author)
    state(author, "saved")
    press(author, author.locator("button[name=action][value=submit]"))
    author.wait_for_url("**/kahden-lyhdyn-kierros/")
    assert axe(author) == []
    address = author.url

    # the coordinator returns it with words on the steps; the author answers beside them
    desk = enter(COORDINATOR)
    desk.goto(address)
    desk.locator("input[name=verdict][value=returned]").check()
    desk.locator("details:has(#id_on_steps) > summary").click()
    desk.locator("#id_on_steps").fill("Mitä kierroksella kysytään?")
    assert axe(desk) == []
    press(desk, desk.locator("form[action$='/tarkista/'] button").first)

    author.goto(f"{address}muokkaa/")
    assert "Mitä kierroksella kysytään?" in author.locator("#steps").inner_text()
    assert axe(author) == []
    author.locator("#id_steps-1-text").fill("Mikä sai sinut hymyilemään?")
    author.locator("#steps input[type=checkbox][name$=is_done]").check()
    press(author, author.locator("button[name=action][value=submit]"))
    author.wait_for_url("**/kahden-lyhdyn-kierros/")
    desk.goto(address)
    desk.locator("input[name=verdict][value=accepted]").check()
    press(desk, desk.locator("form[action$='/tarkista/'] button").first)

    # anybody finds it by an inflected word on a small phone
    context = browser.new_context(viewport={"width": 320, "height": 700}, locale="fi-FI", base_url=portal)
    reader = context.new_page()
    reader.goto("/menetelmat/?q=lyhtyjen")
    reader.get_by_role("link", name="Kahden lyhdyn kierros").click()
    reader.wait_for_url("**/kahden-lyhdyn-kierros/")
    assert reader.evaluate("document.documentElement.scrollWidth") <= 320
    assert axe(reader) == []

    # and prints it as a card
    reader.get_by_role("link", name="Tulosta", exact=True).click()
    reader.wait_for_url("**/kahden-lyhdyn-kierros/kortti/")
    assert reader.locator("svg").count()
    assert axe(reader) == []
    assert reader.request.get(f"{address}kortti.pdf").body().startswith(b"%PDF-")
    context.close()


def test_two_windows_keep_each_others_words(enter):
    first = enter(MEMBER)
    first.goto("/menetelmat/uusi/?kind=method")
    first.locator("#id_title").fill("Kaksi ikkunaa")
    state(first, "saved")
    second = first.context.new_page()
    second.goto(first.url)
    assert second.locator("#id_title").input_value() == "Kaksi ikkunaa"
    first.locator("#id_goal").fill("Ensimmäisen tavoite")
    first.locator("#id_title").focus()
    state(first, "saved")
    first.wait_for_function("document.querySelector('[name=serial]').value === '2'")
    second.locator("#id_goal").fill("Toisen tavoite")
    state(second, "outrun")
    assert "Ensimmäisen tavoite" in second.locator("#notes").inner_text()
    second.locator("[data-keep=mine]").click()
    state(second, "saved")
    second.reload()
    assert second.locator("#id_goal").input_value() == "Toisen tavoite"


def test_text_written_after_the_sign_in_has_ended_is_offered_back(portal, enter):
    page = enter(MEMBER)
    page.goto("/menetelmat/uusi/?kind=method")
    page.locator("#id_title").fill("Kirjautuminen vanheni")
    state(page, "saved")
    kept = page.url
    cookies = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    page.locator("#id_goal").fill("Kirjoitettu kirjautumatta")
    state(page, "signed-out")
    assert page.locator("#save-state a").get_attribute("href").startswith("/tunnus/kirjaudu/?next=")
    page.context.add_cookies(cookies)
    page.goto(kept)
    page.locator("#restore").wait_for()
    with page.expect_navigation():
        page.locator("[data-restore=yes]").click()
    assert page.locator("#id_goal").input_value() == "Kirjoitettu kirjautumatta"
