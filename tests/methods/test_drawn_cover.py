"""The drawn cover of a method without a picture."""

import re
from pathlib import Path

import yaml
from django.urls import reverse

from methods.models.drawn_cover import GROUNDS, OTHERS, TOPICS

ROOT = Path(__file__).resolve().parents[2]


def test_every_topic_has_a_drawing_of_the_sprite_and_a_tint_of_the_style_sheet():
    sprite = (ROOT / "static/img/covers.svg").read_text(encoding="utf-8")
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    tints = set(re.findall(r"^\.tint-(\w+)", (ROOT / "static/css/site.css").read_text(encoding="utf-8"), re.MULTILINE))
    chosen = [*TOPICS.values(), *OTHERS]
    assert {picture for picture, _tint in chosen} | {f"ground-{n + 1}" for n in range(GROUNDS)} == drawn
    assert {tint for _picture, tint in chosen} <= tints
    lists = yaml.safe_load((ROOT / "contacts/reference_data/files/vocabulary.yaml").read_text(encoding="utf-8"))
    assert list(TOPICS) == [term["code"] for term in lists["topics"]]


def test_the_topic_chooses_the_drawing(method):
    assert method("Retki metsään", topics=["ryhmaytyminen"]).drawn_cover[:2] == ("ring", "leaf")


def test_without_a_known_topic_the_address_chooses_and_always_the_same(method):
    shown = method("Jokin aivan muu", state="draft", topics=[])
    assert shown.drawn_cover == shown.drawn_cover
    assert shown.drawn_cover[:2] in OTHERS


def test_a_card_without_a_picture_shows_the_drawing_to_nobody_who_listens(client, method):
    method("Retki metsään", topics=["ryhmaytyminen"])
    page = client.get(reverse("methods:method-list")).text
    drawing = re.search(r'<div class="cover cover-drawn tint-leaf cover-tile" aria-hidden="true">.*?</div>', page)
    assert drawing and "covers.svg#ring" in drawing[0] and "style=" not in drawing[0]
