"""The form sections: which fields stand together, in which order, with which hint."""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

STEPS = "steps"
MARKS = gettext_lazy(
    "In long texts an empty line begins a new paragraph, “- ” or “1. ” at the beginning of a line makes a list, and "
    "“## ” a sub-heading."
)

STEPS_OF_MODELS = format_lazy(
    "{} {}",
    gettext_lazy("Only if the model has them: at most twelve in order. Leave a row empty to remove it."),
    MARKS,
)
# code, heading, hint, fields; STEPS stands for the rows of steps
SECTIONS: list[tuple[str, Any, Any, list[str]]] = [
    ("what", gettext_lazy("What it is"), "", ["title", "summary", "language"]),
    (
        "whom",
        gettext_lazy("For whom and where"),
        gettext_lazy("These are what others narrow the bank by."),
        ["topics", "target_groups", "settings", "languages", "age_min", "age_max", "keywords", "competences"],
    ),
    (
        "glance",
        gettext_lazy("At a glance"),
        "",
        ["goal", "group_min", "group_max", "duration_min", "duration_max", "facilitators", "preparation"],
    ),
    (
        "model",
        gettext_lazy("The model"),
        format_lazy(
            "{} {}", gettext_lazy("The headings are those of Innokylä, so that the text can be used there too."), MARKS
        ),
        ["stage", "basic_idea", "environment", "target_understanding", "conditions", "results", "tips_for_adopters"],
    ),
    ("materials", gettext_lazy("Materials"), "", ["materials"]),
    (
        "steps",
        gettext_lazy("Steps"),
        format_lazy("{} {}", gettext_lazy("Two to twelve steps in order. Leave a row empty to remove it."), MARKS),
        [STEPS],
    ),
    ("afterwards", gettext_lazy("Afterwards"), "", ["debrief", "variations", "tips"]),
    (
        "resources",
        gettext_lazy("Resources and partners"),
        "",
        ["resources", "partners", "indicators", "funder", "place", "locality"],
    ),
    ("safety", gettext_lazy("Safety and evaluation"), MARKS, ["safety", "evaluation"]),
    (
        "authors",
        gettext_lazy("Author and sources"),
        gettext_lazy("Stored as they are now: a change of job does not rewrite them."),
        ["author_role", "organisation", "municipality", "credits", "source_url"],
    ),
    ("use", gettext_lazy("Who may see and use it"), "", ["licence", "visibility", "network"]),
    (
        "other",
        gettext_lazy("Text that has found no place yet"),
        gettext_lazy("Readers do not see this. Move it to where it belongs, or leave it out."),
        ["other"],
    ),
]


def headings(is_model: bool) -> list[tuple[str, str]]:
    """(code, heading) of the sections that a kind has."""
    foreign = FOREIGN_TO_MODELS if is_model else FOREIGN_TO_METHODS
    return [(code, str(title)) for code, title, _hint, names in SECTIONS if set(names) - foreign and code != "other"]


FOREIGN_TO_MODELS = {
    "goal", "group_min", "group_max", "duration_min", "duration_max", "facilitators", "preparation", "materials",
    "debrief", "variations", "tips", "evaluation",
}  # fmt: skip
FOREIGN_TO_METHODS = {
    "stage", "basic_idea", "environment", "target_understanding", "conditions", "results", "tips_for_adopters",
    "resources", "partners", "indicators", "funder", "place", "locality",
}  # fmt: skip
