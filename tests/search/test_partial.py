"""The best partial matches of a search that found nothing, and the numbers in it."""

import pytest
from django.utils import timezone

from newsletters.models import Issue
from search.analysis.numbers import Numbers, numbers_in
from search.partial import partial_searches
from search.suggest import suggestion
from search.word_counts import count_all
from tests.search.field_documents import DOCUMENTS
from tests.search.field_searches import QUESTIONS


def found(typed, least):
    asked = next(each for each in partial_searches(typed) if each.least == least)
    return [issue.subject_fi for issue in Issue.objects.matching(asked).best()]


def test_what_holds_most_of_the_words_comes_first_and_rare_words_count_most(issue):
    """Real use 31: nothing holds all three words."""
    issue("Ujo esiintyjä lavalla")
    issue("Nuori esiintyjä")
    for town in ("Kivijärvi", "Kinnula", "Kannonkoski"):
        issue(f"Nuori ja {town}")
    count_all(timezone.now())
    assert not Issue.objects.matching("ujo nuori lavalla laulaa").exists()
    assert found("ujo nuori lavalla laulaa", 2) == ["Ujo esiintyjä lavalla"]
    assert found("ujo nuori laulaa", 1) == ["Ujo esiintyjä lavalla"]


def test_one_word_has_no_part_and_what_must_not_be_there_never_is(issue):
    """Real use 31: exclusions hold for partial matches too."""
    issue("Ujo esiintyjä lavalla")
    assert list(partial_searches("ujo")) == list(partial_searches("")) == []
    assert found("ujo laulaja", 1) == ["Ujo esiintyjä lavalla"]
    assert found("ujo laulaja -lava", 1) == []


def first_ten(question):
    """As the page of the search does it: all words, then one fewer at a time until ten are found."""
    rows = list(Issue.objects.matching(question).best()[:10])
    for asked in partial_searches(question) if not rows else ():
        rows = list(Issue.objects.matching(asked).best()[:10])
        if len(rows) == 10 or (rows and asked.is_last):
            break
    return [row.slug for row in rows]


def test_questions_in_whole_sentences_are_answered_among_the_first_ten(issue, capsys):
    """Real use 31: before, a question found only what held its every word, 0.000 of what answers it."""
    for name, (language, title, text) in DOCUMENTS.items():
        made = issue(title, text) if language == "fi" else issue("", "", **{f"subject_{language}": title})
        if language != "fi":
            setattr(made, f"preheader_{language}", text)
            made.save()
            made.index()
        Issue.objects.filter(pk=made.pk).update(slug=name)
    count_all(timezone.now())
    parts = []
    for question, wanted in QUESTIONS.items():
        answers = set(wanted.split())
        parts.append(len(answers & set(first_ten(question))) / len(answers))
    reached = sum(parts) / len(parts)
    with capsys.disabled():
        print(f"\n{len(parts)} questions: recall in ten {reached:.3f}", end=" ")
    assert reached >= 0.8, [question for question, part in zip(QUESTIONS, parts, strict=True) if part < 1]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("leikki 20 nuorta", Numbers("leikki", group=20)),
        ("20 hengen ryhmäytyminen", Numbers("ryhmäytyminen", group=20)),
        ("10–20 osallistujaa", Numbers("", group=15)),
        ("13-vuotias", Numbers("", age=13)),
        ("tunnetaidot 13-15-vuotiaille", Numbers("tunnetaidot", age=14)),
        ("13 v leikki", Numbers("leikki", age=13)),
        ("30 min", Numbers("", minutes=30)),
        ("30 minuutin leikki 13-vuotiaille 20 lasta", Numbers("leikki", age=13, group=20, minutes=30)),
        ("2 tuntia", Numbers("", minutes=120)),
        ("1,5 tuntia", Numbers("1,5 tuntia")),
        ("20 unga 13 år", Numbers("", age=13, group=20)),
        ("13-åringar 45 minuter", Numbers("", age=13, minutes=45)),
        ("20 people 30 minutes", Numbers("", group=20, minutes=30)),
        ("kokous 20.1.2027", Numbers("kokous 20.1.2027")),
        ("8-luokka", Numbers("8-luokka")),
        ("leikki", Numbers("leikki")),
        ("9999 nuorta", Numbers("9999 nuorta")),
    ],
)
def test_numbers_are_read(typed, said):
    """Real use 31: how many, how old, how long."""
    assert numbers_in(typed) == said


@pytest.mark.parametrize("typed", ["pelto", "kiusaaja", "saarni", "ungdom"])
def test_a_word_that_is_right_gets_no_suggestion(issue, typed):
    """Real use 31: “pelto” was answered with “pelko”."""
    issue("Pelko ja kiusaaminen", "saari ungdomar")
    count_all(timezone.now())
    assert suggestion(typed) is None
