"""The words of the product: every text is in the three catalogues, whole, and every address leads back to its page."""

import ast
import gettext
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern, get_resolver, resolve, reverse
from django.urls.resolvers import RegexPattern
from django.utils import translation
from django.utils.translation.template import templatize

from search.analysis.voikko import NoVoikko, Voikko

HOUSE = Path(__file__).resolve().parent.parent
LANGUAGES = [code for code, _name in settings.LANGUAGES]
ROOMS = ["contacts", "networks", "meetings", "methods", "newsletters", "plans", "outbox", "search"]
SOURCES = ["lib", "servers", "youthnet", *ROOMS]

# What is the same in both languages: names, examples in Finnish, units, and words that Swedish shares with English.
NAMES = {"Keski-Suomen", "Keski-Suomessa", "Saarijärven", "Saarijärvellä", "Outlook"}
UNITS = {"%(range)s min", "%(range)s h", "%(minutes)s min", "%(hours)s h"}
SAME = {
    "fi": NAMES | UNITS | {"%(hours)s h, %(way)s", "<slug:slug>/innokyla/", "Android", "PDF", "Logo", "logo"},
    "sv": NAMES
    | UNITS
    | {"Organisation", "organisation", "Period", "Portal", "Test: %(subject)s", "Tips", "tips"}
    | {"block", "person", "status", "text"}
    | {"%(hours)s h, %(way)s", "<slug:slug>/innokyla/", "Android", "PDF", "%(size)s MB", "%(size)s kB"}
    | {"<slug:slug>/agenda/", "agenda/<int:pk>/", "Version %(number)s", "Version %(number)s, %(day)s"}
    | {"material", "version", "version %(number)s", "Person"},
}
ENGLISH = re.compile(r"\b(the|and|you|your|this|that|with|from|not|please)\b", re.IGNORECASE)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|%%|\{\w*\}|<[^>]+>")

# What is not a Finnish word in a Finnish sentence.
UNSPELLED = re.compile(PLACEHOLDER.pattern + r"|https?://\S+|\S+@\S+|#\w+|\.\w+|%\(\w+\)r|CC BY|HTML:ää")
UNKNOWN = {"Innokylässä", "Outlook", "Teams", "SPF", "DKIM", "Atom-syöte", "ISO-tunnus", "NUTS-tunnus", "kt", "min"}
UNKNOWN |= {"Android", "Atom", "Ctrl", "Innokylän", "Innokylästä", "Innokylään", "Mac", "Macilla", "Mt", "QR-koodi"}
UNKNOWN |= {"Outlookilla", "Teamsissa", "Teamsista", "Teams-raportti", "https", "iPad", "iPhone", "vuotiaat"}
UNKNOWN |= {"CSV", "CSV-muodossa", "DOCX", "DOCX-muodossa", "ODT", "ODT-", "PDF", "PDF-"}
UNKNOWN |= {"JPEG", "JPEG-", "JPEG-muodossa", "PNG", "PNG-", "WebP", "WebP-", "HEIC"}
UNKNOWN |= {"HEIC-kuva", "HEIC-muotoisia", "JavaScript"}
UNKNOWN |= {"WebP-kuva", "Vko", "vko"}
WORD = re.compile(r"[A-ZÅÄÖa-zåäöéšž][A-ZÅÄÖa-zåäöéšž-]+")


@dataclass
class Message:
    """One entry of a catalogue."""

    context: str | None = None
    words: str = ""
    plural: str | None = None
    translations: dict[int, str] = field(default_factory=dict)
    is_fuzzy: bool = False

    @property
    def key(self):
        return self.context, self.words, self.plural

    def forms(self):
        """Each translation beside the English it stands for."""
        return [(self.plural if number else self.words, words) for number, words in sorted(self.translations.items())]


# --- reading catalogues and sources ---


def read_catalogue(path):
    """The entries of a .po file without its header."""
    blocks = re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))
    return [message for block in blocks if (message := read_message(block)) and message.words]


def read_message(block):
    message, target = Message(), None
    for line in block.splitlines():
        if line.startswith("#"):
            message.is_fuzzy = message.is_fuzzy or (line.startswith("#,") and "fuzzy" in line)
            continue
        name, _space, words = line.partition(" ") if not line.startswith('"') else (target, "", line)
        put(message, name, ast.literal_eval(words), begins=name is not target)
        target = name
    return message if target else None


def put(message, name, words, begins):
    if name.startswith("msgstr"):
        number = int(name[7:-1] or 0) if name.endswith("]") else 0
        message.translations[number] = message.translations.get(number, "") + words
        return
    attribute = {"msgctxt": "context", "msgid": "words", "msgid_plural": "plural"}[name]
    setattr(message, attribute, words if begins else getattr(message, attribute) + words)


def texts_of_python(source):
    """(context, words, plural) of each call of gettext and its sisters, under whatever name they were imported."""
    tree = ast.parse(source)
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {alias.asname or alias.name: alias.name for alias in node.names if "gettext" in alias.name}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            words = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            yield text(names[node.func.id], words)


def texts_of_template(source):
    """The same for a template, through Django's own extraction."""
    literal = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
    for call in re.finditer(rf"\b(_|n?p?gettext)\((({literal}(?:, )?)+)", templatize(source)):
        words = [ast.literal_eval(each) for each in re.findall(literal, call[2])]
        yield text(call[1].replace("_", "gettext"), words)


def text(function, words):
    context = words.pop(0) if "pgettext" in function else None
    return context, words[0], words[1] if function.startswith("n") else None


def texts_in_the_sources():
    found: dict[tuple[str | None, str, str | None], Path] = {}
    for path in (path for folder in SOURCES for path in sorted((HOUSE / folder).rglob("*.py"))):
        found |= dict.fromkeys(texts_of_python(path.read_text(encoding="utf-8")), path)
    for path in sorted((HOUSE / "templates").rglob("*.*")):
        if path.suffix in {".html", ".txt"}:
            found |= dict.fromkeys(texts_of_template(path.read_text(encoding="utf-8")), path)
    return {key: str(path.relative_to(HOUSE)) for key, path in found.items() if key[1]}


def catalogue(language, domain="django"):
    return read_catalogue(HOUSE / "locale" / language / "LC_MESSAGES" / f"{domain}.po")


# --- the catalogues ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_product_is_in_the_catalogue_and_nothing_else(language):
    kept = {message.key for message in catalogue(language)}
    sources = texts_in_the_sources()
    assert {key: where for key, where in sources.items() if key not in kept} == {}, "run make messages"
    assert kept - sources.keys() == set(), "run make messages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language):
    messages = catalogue(language)
    assert [message.key for message in messages if message.is_fuzzy] == []
    assert [message.key for message in messages if "" in message.translations.values()] == []
    assert [message.key for message in messages if len(message.translations) != (2 if message.plural else 1)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_placeholders_and_the_spaces_around(language):
    wrong = [
        (english, words)
        for message in catalogue(language)
        for english, words in message.forms()
        if sorted(PLACEHOLDER.findall(english)) != sorted(PLACEHOLDER.findall(words)) or words != words.strip()
    ]
    assert wrong == []


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_no_english_is_left_over(language):
    pairs = [(message.words, *form) for message in catalogue(language) for form in message.forms()]
    assert {words for _key, english, words in pairs if words == english} - SAME[language] == set()
    assert [words for _key, _english, words in pairs if ENGLISH.search(words)] == []


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_the_finnish_words_are_spelled_as_voikko_knows_them(domain):
    try:
        voikko = Voikko()
    except NoVoikko:
        pytest.skip("libvoikko and its Finnish dictionary are not on this machine")
    texts = [words for message in catalogue("fi", domain) for words in message.translations.values()]
    words = {word for text in texts if not text.endswith("/") for word in WORD.findall(UNSPELLED.sub(" ", text))}
    assert {word for word in words if not voikko.analyse(word)} - UNKNOWN == set()


def test_the_english_catalogue_says_what_the_sources_say():
    assert [form for message in catalogue("en") for form in message.forms() if form[0] != form[1]] == []


@pytest.mark.parametrize(
    "path", sorted((HOUSE / "locale").rglob("*.po")), ids=lambda path: f"{path.parts[-3]}-{path.stem}"
)
def test_the_compiled_catalogue_holds_the_same_words(path):
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in read_catalogue(path):
        for number, words in message.translations.items():
            assert say(compiled, message, number) == words, "run make messages"


def say(compiled, message, number):
    """What a program gets that asks the compiled catalogue."""
    context = [] if message.context is None else [message.context]
    if message.plural:
        ask = compiled.npgettext if context else compiled.ngettext
        return ask(*context, message.words, message.plural, 2 if number else 1)
    return (compiled.pgettext if context else compiled.gettext)(*context, message.words)


def test_the_extraction_sees_what_people_see():
    python = "from django.utils.translation import pgettext_lazy as p\np('verb', 'Se' 'arch')"
    assert list(texts_of_python(python)) == [("verb", "Search", None)]
    template = "{% load i18n %}{% blocktranslate count n=n %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}"
    assert list(texts_of_template(template)) == [(None, "%(n)s row", "%(n)s rows")]


# --- the addresses ---


SAMPLES = {"Int": 7, "Slug": "syksyn-avaus", "String": "abc123", "Path": "1"}
ADMIN_SAMPLES = {"app_label": "meetings"}


def pages(resolver=None, namespace="", arguments=None):
    """(name, sample arguments) of every page that has a name."""
    for each in (resolver or get_resolver()).url_patterns:
        inner = (arguments or {}) | samples(each.pattern)
        if not isinstance(each, URLPattern):
            yield from pages(each, f"{namespace}{each.namespace}:" if each.namespace else namespace, inner)
        elif each.name:
            yield namespace + each.name, inner


def samples(pattern):
    if isinstance(pattern, RegexPattern):
        return {name: ADMIN_SAMPLES[name] for name in pattern.regex.groupindex if name in ADMIN_SAMPLES}
    return {name: SAMPLES[type(each).__name__.removesuffix("Converter")] for name, each in pattern.converters.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_address_leads_back_to_its_own_page(language):
    with translation.override(language):
        astray = {
            name: (address, found.view_name)
            for name, arguments in pages()
            if (found := resolve(address := reverse(name, kwargs=arguments))).view_name != name
            or found.kwargs != arguments
        }
    assert astray == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_addresses_are_plain_small_letters(language):
    with translation.override(language):
        addresses = [reverse(name, kwargs=arguments) for name, arguments in pages()]
    assert [address for address in addresses if not re.fullmatch(r"[a-z0-9/._-]+", address)] == []


def test_each_language_has_addresses_of_its_own():
    with translation.override("fi"):
        finnish = reverse("meetings:meeting-list")
    with translation.override("sv"):
        swedish = reverse("meetings:meeting-list")
    with translation.override("en"):
        english = reverse("meetings:meeting-list")
    assert [finnish, swedish, english] == ["/tapaamiset/", "/sv/traffar/", "/en/meetings/"]
