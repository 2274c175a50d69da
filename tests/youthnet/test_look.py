"""What every page has in common: the frame, the colour, the languages, the error pages and the fields of forms."""

import re
from html import unescape

import pytest
from django import forms
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from contacts.models import CoordinationArea
from youthnet.pages import theme
from youthnet.templatetags import ui

INLINE = re.compile(r"<style(?![^>]*nonce=)|<script(?![^>]*(src|nonce)=)|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']", re.I)


def heading(response):
    [words] = re.findall(r"<h1[^>]*>(.*?)</h1>", response.content.decode(), re.S)
    return unescape(re.sub(r"<[^>]+>", "", words)).strip()


def links(response, mark):
    """The addresses of links that carry an attribute."""
    return re.findall(rf'<a href="([^"]*)"[^>]*{mark}', response.content.decode())


# --- the frame ---


def test_an_anonymous_reader_gets_no_cookie(client, world):
    answer = client.get(reverse("home"))
    assert answer.status_code == 200
    assert not answer.cookies


@pytest.mark.parametrize("name", ["home", "account_login", "account_signup"])
def test_a_page_carries_nothing_that_strict_csp_forbids(client, world, name):
    page = client.get(reverse(name))
    assert INLINE.findall(page.content.decode()) == []
    assert "unsafe" not in page["Content-Security-Policy"]


def test_every_page_can_be_skipped_to_its_content_and_says_its_language(client, world):
    page = client.get(reverse("account_login")).content.decode()
    assert re.findall(r'<html lang="(\w+)">', page) == ["fi"]
    assert page.index('href="#content"') < page.index("<header") < page.index('id="content"')


def test_the_language_links_lead_to_the_same_page_with_its_query(client, world):
    page = client.get(reverse("account_login") + "?next=/x/")
    there = []
    for code in ("fi", "sv", "en"):
        with translation.override(code):
            there.append(reverse("account_login") + "?next=/x/")
    assert links(page, "hreflang") == [escape(path) for path in there]


def test_the_head_names_the_other_languages_with_full_addresses(client, world, settings):
    settings.SITE_URL = "https://portal.example.org"
    page = client.get(reverse("home")).content.decode()
    assert re.findall(r'<link rel="alternate" hreflang="(\w+)" href="([^"]*)">', page) == [
        ("fi", "https://portal.example.org/"),
        ("sv", "https://portal.example.org/sv/"),
        ("en", "https://portal.example.org/en/"),
    ]


def test_the_head_of_the_page_offers_what_the_reader_may_use(client, world):
    def doors():
        page = client.get(reverse("home")).content.decode()
        names = ("account_login", "contacts:me", "admin:index", "account_logout")
        head = page[page.index("<header") : page.index("</header>")]
        return {name for name in names if f'="{reverse(name)}"' in head}

    assert doors() == {"account_login"}
    client.force_login(world.aino)
    assert doors() == {"contacts:me", "account_logout"}
    client.force_login(world.kaisa)
    assert doors() == {"contacts:me", "account_logout", "admin:index"}


def test_the_single_area_gives_the_portal_its_name_and_colour(client, world):
    world.elsewhere.delete()
    world.other_area.delete()
    CoordinationArea.objects.update(accent="#7a1f5c")
    page = client.get(reverse("account_login")).content.decode()
    assert re.findall(r'class="brand-name">([^<]*)<', page) == ["Keski-Suomen nuorisotyö"]
    assert f'class="site-footer-name">{world.area.title}<' in page
    assert re.findall(r"theme\.css\?accent=(\w+)", page) == ["7a1f5c"]


def test_without_a_logo_the_mark_is_the_areas_own_map(client, world):
    world.elsewhere.delete()
    world.other_area.delete()
    page = client.get(reverse("account_login")).content.decode()
    mark = page[page.index("brand-mark") : page.index("brand-name")]
    assert mark.count("<rect") == world.area.municipalities.exclude(grid_row=None).count() > 0


def test_a_short_heading_is_the_name_at_the_head(client, world):
    world.elsewhere.delete()
    world.other_area.delete()
    CoordinationArea.objects.update(title_fi="Nuorten Keski-Suomi")
    page = client.get(reverse("account_login")).content.decode()
    assert re.findall(r'class="brand-name">([^<]*)<', page) == ["Nuorten Keski-Suomi"]


# --- the colour ---


def test_the_theme_needs_no_database_and_may_be_kept(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        sheet = client.get(reverse("theme"), {"accent": "7a1f5c"})
    assert sheet["Content-Type"] == "text/css; charset=utf-8"
    assert sheet["Cache-Control"] == "public, max-age=86400"
    assert sheet.content.decode().startswith(":root{--accent:#7a1f5c;")
    assert not sheet.cookies


@pytest.mark.parametrize("accent", ["", "ffff00", "red", "0f6b5", "</style>", "ffffffff"])
def test_a_colour_that_carries_no_white_text_gives_way_to_the_houses_own(client, db, accent):
    assert client.get(reverse("theme"), {"accent": accent}).content == client.get(reverse("theme")).content


def mixed(shade, paper):
    """A fifth of a shade on paper, as tokens.css mixes its strong tints."""
    return tuple(round(0.2 * own + 0.8 * other) for own, other in zip(shade, paper, strict=True))


@given(st.integers(0, 0xFFFFFF))
def test_every_colour_that_can_be_chosen_gives_shades_that_can_be_read(number):
    accent = f"{number:06x}"

    def rgb(colour):
        return tuple(bytes.fromhex(colour.lstrip("#")))

    assert theme.contrast(theme.readable_accent(accent), theme.WHITE) >= 4.5
    day, night = rgb(theme.day_shade(accent)), rgb(theme.night_shade(accent))
    tinted = mixed(theme.readable_accent(accent), theme.WHITE)
    for words, paper in ((day, theme.WHITE), (day, tinted), (night, mixed(night, theme.NIGHT_PAPER))):
        assert theme.contrast(words, paper) >= 4.5
    assert theme.contrast(rgb(theme.night_shade(accent)), (13, 21, 19)) >= 4.5  # words on a button at night


# --- error pages ---


@pytest.mark.urls("tests.youthnet.look_urls")
@pytest.mark.parametrize(
    "path, status, words",
    [
        ("/no-such-page/", 404, "This page is not here"),
        ("/denied/", 403, "This page is not for you to open"),
        ("/odd/", 400, "We did not understand the request"),
        ("/broken/", 500, "Something went wrong with us"),
    ],
)
def test_an_error_is_told_in_words_and_in_the_look(world, settings, path, status, words):
    settings.DEBUG = False
    page = Client(raise_request_exception=False).get(path)
    with translation.override("fi"):
        assert (page.status_code, heading(page)) == (status, translation.gettext(words))
    assert INLINE.findall(page.content.decode()) == []
    assert not page.cookies


@pytest.mark.urls("tests.youthnet.look_urls")
def test_a_refusal_may_say_why(client, world):
    page = client.get("/refused/").content.decode()
    assert re.findall(r'<p class="lead">(.*?)</p>', page) == ["Only Kaisa may open it."]


@pytest.mark.urls("tests.youthnet.look_urls")
def test_the_page_of_a_fault_asks_the_database_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Client(raise_request_exception=False).get("/broken/").status_code == 500


def test_a_form_that_has_grown_old_is_told_so(world):
    page = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "aino@example.org"})
    with translation.override("fi"):
        assert (page.status_code, heading(page)) == (403, translation.gettext("The form had grown old"))


def test_too_many_tries_are_asked_to_wait(client, world):
    answers = [client.post(reverse("account_login"), {"login": "nobody"}) for _ in range(31)]
    assert {answer.status_code for answer in answers[:30]} == {200}
    with translation.override("fi"):
        wait = translation.gettext("Too many tries in a short time")
    assert (answers[30].status_code, heading(answers[30])) == (429, wait)


# --- fields ---


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="In full.")
    town = forms.ChoiceField(label="Town", choices=[("179", "Jyväskylä")], required=False)
    ways = forms.MultipleChoiceField(label="Ways", choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)
    agreed = forms.BooleanField(label="I agree")


def drawn(form, name):
    return re.sub(r"\s+", " ", str(form[name].as_field_group())).strip()


def test_a_field_has_its_label_help_and_the_classes_of_the_look():
    assert drawn(Sample(), "name") == (
        '<div class="field field-box"> <label class="form-label" for="id_name">Name</label> '
        '<div class="form-text" id="id_name_helptext">In full.</div> '
        '<input type="text" name="name" class="form-control" required aria-describedby="id_name_helptext" id="id_name">'
        " </div>"
    )


def test_a_refused_field_says_what_is_wrong_and_points_to_the_words():
    with translation.override("en"):
        assert drawn(Sample({}), "name") == (
            '<div class="field field-box field-wrong"> <label class="form-label" for="id_name">Name</label> '
            '<div class="form-text" id="id_name_helptext">In full.</div> '
            '<div class="field-error" id="id_name_error"><p>This field is required.</p></div> '
            '<input type="text" name="name" class="form-control is-invalid" required aria-invalid="true" '
            'aria-describedby="id_name_helptext id_name_error" id="id_name"> </div>'
        )


def test_what_may_stay_empty_is_marked_in_words_only_where_something_is_required():
    class AllFree(forms.Form):
        town = forms.CharField(required=False)

    with translation.override("en"):
        marks = [ui.optional_mark(form["town"]) for form in (Sample(), AllFree())]
    assert marks == ["(optional)", ""]


def test_the_summary_of_a_refused_form_takes_focus_and_leads_to_each_field():
    page = str(Sample({}))
    assert re.findall(r'class="error-summary" role="alert" tabindex="-1" autofocus', page) != []
    led = re.findall(r'<li><a href="#([\w-]+)">', page)
    assert led == ["id_name", "id_ways_0", "id_agreed"]
    assert all(f'id="{target}"' in page for target in led)


def test_a_form_that_was_not_refused_has_no_summary():
    assert "error-summary" not in str(Sample())


# --- words in templates ---


def test_a_protected_address_stands_nowhere_in_the_page_and_is_the_same_for_people():
    link = ui.email_protected("kaisa@example.org")
    assert not re.search(r"@|mailto|kaisa|example", link)
    assert unescape(link) == '<a href="mailto:kaisa@example.org">kaisa@example.org</a>'
    assert ui.email_protected("") == ""


def test_rich_text_is_cleaned_once_more_when_it_is_shown():
    html = '<p onclick="x()">Hei <script>x</script><a href="javascript:x">a</a></p>'
    shown = Template("{% load ui %}{{ html|rich }}").render(Context({"html": html}))
    assert shown == '<p>Hei <a rel="noopener noreferrer">a</a></p>'


# --- the desk ---


def test_the_editor_of_the_desk_gets_the_nonce_of_its_answer(sign_in, world):
    page = sign_in(world.kaisa).get(reverse("admin:networks_newsitem_add"))
    [nonce] = set(re.findall(r"'nonce-([^']+)'", page["Content-Security-Policy"]))
    used = re.findall(r'<script type="importmap" nonce="([^"]+)"', page.content.decode())
    assert used == [nonce]
    assert INLINE.findall(page.content.decode()) == []


def test_the_boxes_of_a_table_on_the_desk_have_labels(sign_in, world):
    page = (
        sign_in(world.ulla)
        .get(reverse("admin:contacts_coordinationarea_change", args=[world.area.pk]))
        .content.decode()
    )
    boxes = re.findall(r'<(?:input|select)[^>]*\bid="(id_fundings-(?:\d+|__prefix__)-(?!id|area)\w+)"', page)
    assert boxes and [box for box in boxes if f'for="{box}"' not in page] == []
