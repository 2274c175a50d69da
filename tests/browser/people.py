"""Who walks through the portal in the browser's tests, and how a press waits for its page."""

MEMBER = "nuorisotyontekija.saarijarvi@example.org"
COORDINATOR = "koordinaattori.keski-suomi@example.org"
OWN_PAGE = "/yhteystiedot/oma/"


def press(page, button):
    """Press a button or a link and wait for the page it leads to."""
    with page.expect_navigation():
        button.click()
