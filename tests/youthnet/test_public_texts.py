"""What the texts of the demo tell readers is there: no page, answer or piece of news promises what is missing."""

import gettext
import re

import pytest
import yaml
from django.conf import settings

PACK = settings.BASE_DIR / "youthnet" / "demo" / "pack"
READ = ["pages", "faq", "news"]  # the files whose texts readers take for the portal's own word
FINNISH = gettext.GNUTranslations((settings.BASE_DIR / "locale/fi/LC_MESSAGES/django.mo").open("rb"))
# In Finnish: downloading one's data, a button that deletes the account, choosing what others see, discussions, pages of
# working groups, folders of files, templates that somebody should have filled in.
MISSING = re.compile(
    r"lada?t[ae]\w* (omat )?tieto|”Poista tunnus”|asetuksista|kentät näkyvät|keskusteluun|keskustelupalst|"
    r"mallipohja\.|mallipohja:|demosivuston mallipohja|työryhmän sivulla|verkoston tiedosto|vuosiraportissa",
    re.IGNORECASE,
)


def texts_of(thing):
    """Every text in a file of the pack, whatever holds it."""
    if isinstance(thing, str):
        yield thing
    for each in thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list) else []:
        yield from texts_of(each)


def flowing(name):
    texts = texts_of(yaml.safe_load((PACK / f"{name}.yaml").read_text(encoding="utf-8")))
    return [" ".join(text.split()) for text in texts]


@pytest.mark.parametrize("name", READ)
def test_no_text_promises_what_is_not_there(name):
    """Real use 15: the privacy page, the questions and the news say only what is true now."""
    assert [text for text in flowing(name) if MISSING.search(text)] == []


def test_a_place_that_an_answer_names_is_called_so_in_the_portal():
    """Real use 15: what stands in quotation marks is the name of a link or page that is there."""
    words = {str(text) for text in FINNISH._catalog.values()}
    named = {name for text in flowing("faq") for name in re.findall(r"”([^”]+)”", text)}
    assert named and named <= words
