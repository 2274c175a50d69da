"""Forms in a real browser: two clicks, two tabs, and a sign-in that ends while somebody writes."""

from tests.browser.people import COORDINATOR, MEMBER, OWN_PAGE, press

KEPT = "Object.keys(localStorage).filter((name) => name.startsWith('youthnet-form:')).length"


def copies(page):
    return page.evaluate(KEPT)


def has_copies(page, wanted):
    """Whether the browser holds a copy; it is written a moment after the last key."""
    for _moment in range(100):
        if (copies(page) > 0) is wanted:
            return True
        page.wait_for_timeout(100)
    return False


def write_proposal(page, title):
    page.goto("/tapaamiset/ehdotukset/uusi/")
    page.locator("#id_network").select_option(index=1)
    page.locator("#id_title").fill(title)
    page.locator("#id_text").fill("Miten uusi työntekijä otetaan vastaan?")


def session_ends(page):
    """As after two weeks, or on another device; the same sign-in to put back."""
    before = [each for each in page.context.cookies() if each["name"] == "sessionid"]
    page.context.clear_cookies(name="sessionid")
    return before


def test_two_clicks_on_the_button_make_one_proposal(enter):
    """Real use 6: in a browser, with its own two requests."""
    page = enter(MEMBER)
    write_proposal(page, "Kaksi napautusta")
    page.locator("main form.form button[type=submit]").dblclick()
    page.wait_for_url("**/ehdotukset/")
    page.reload()
    assert page.get_by_text("Kaksi napautusta", exact=True).count() == 1


def test_two_tabs_of_the_desk_show_both_and_one_is_kept(enter, axe):
    """Real use 7: the second tab learns what the first has saved, and keeps its own words."""
    first = enter(COORDINATOR)
    first.goto("/tyopoyta/networks/newsitem/")
    first.locator("#result_list tbody th a").first.click()
    first.wait_for_url("**/change/**")
    second = first.context.new_page()
    second.goto(first.url)
    first.locator("#id_title").fill("Ensimmäinen välilehti")
    press(first, first.locator("input[name=_continue]"))
    second.locator("#id_title").fill("Toinen välilehti")
    press(second, second.locator("input[name=_continue]"))
    conflict = second.locator(".conflict")
    assert conflict.count() == 1
    assert "Ensimmäinen välilehti" in conflict.inner_text()
    assert second.locator("#id_title").input_value() == "Toinen välilehti"
    assert second.locator(".unsent-form").count() == 0
    assert axe(second) == []
    second.set_viewport_size({"width": 320, "height": 800})
    assert second.locator(".conflicts").evaluate("each => each.getBoundingClientRect().right <= innerWidth")
    conflict.get_by_label("Pidä minun").check()
    press(second, second.locator("input[name=_continue]"))
    assert second.locator(".conflict").count() == 0
    assert second.locator("#id_title").input_value() == "Toinen välilehti"


def test_what_was_typed_on_the_desk_survives_a_sign_in_that_ended(enter, axe):
    """Real use 7: the text, the rich text too, is offered after signing in, and goes once it has been saved."""
    page = enter(COORDINATOR)
    page.goto("/tyopoyta/networks/newsitem/")
    page.locator("#result_list tbody th a").first.click()
    page.wait_for_url("**/change/**")
    address = page.url
    page.locator("#id_summary").fill("Kirjoitettu ennen kuin kirjautuminen päättyi.")
    page.locator(".prose-editor [contenteditable=true]").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Lisätty loppuun.")
    assert has_copies(page, True)
    cookies = session_ends(page)
    press(page, page.locator("input[name=_continue]"))
    assert "/tunnus/" in page.url
    page.context.add_cookies(cookies)
    page.goto(address)
    box = page.locator(".unsent-form")
    box.wait_for()
    assert axe(page) == []
    box.get_by_role("button", name="Palauta lomakkeeseen").click()
    assert page.locator("#id_summary").input_value() == "Kirjoitettu ennen kuin kirjautuminen päättyi."
    assert "Lisätty loppuun." in page.locator(".prose-editor [contenteditable=true]").first.inner_text()
    press(page, page.locator("input[name=_continue]"))
    assert has_copies(page, False)
    assert page.locator("#id_summary").input_value() == "Kirjoitettu ennen kuin kirjautuminen päättyi."
    assert "Lisätty loppuun." in page.locator("textarea#id_body").evaluate("each => each.value")
    assert page.locator(".unsent-form").count() == 0


def test_a_proposal_survives_and_its_copy_goes_with_the_sending_or_the_sign_out(enter, states):
    """Real use 7: on a shared computer nothing stays behind."""
    page = enter(MEMBER)
    write_proposal(page, "Perehdytys")
    assert has_copies(page, True)
    cookies = session_ends(page)
    press(page, page.locator("main form.form button[type=submit]"))
    page.context.add_cookies(cookies)
    page.goto("/tapaamiset/ehdotukset/uusi/")
    page.get_by_role("button", name="Palauta lomakkeeseen").click()
    assert page.locator("#id_title").input_value() == "Perehdytys"
    assert page.locator("#id_network").evaluate("each => each.selectedIndex") == 1
    press(page, page.locator("main form.form button[type=submit]"))
    page.wait_for_url("**/ehdotukset/")
    assert has_copies(page, False)

    write_proposal(page, "Jää kesken")
    assert has_copies(page, True)
    page.goto(OWN_PAGE)
    states.kept.pop(MEMBER)
    page.get_by_role("button", name="Kirjaudu ulos").first.click()
    page.wait_for_load_state()
    assert copies(page) == 0
