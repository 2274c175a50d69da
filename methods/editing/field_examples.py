"""A short example for the fields of the form, unfolded by whoever wants one: the same idea all the way through."""

from typing import Any

from django.utils.translation import gettext_lazy as _

FOR_METHODS: dict[str, Any] = {
    "title": _("The clock of breaks"),
    "summary": _("A fifteen-minute stand for school breaks; the young people decide what happens on which day."),
    "keywords": _("break, peer leaders, low threshold"),
    "goal": _("Everybody has somebody to be with during the break, and the youth worker becomes a familiar face."),
    "materials": _("A big paper clock\nClothes pegs with names\nA box of cards for each day"),
    "debrief": _("What was best today?\nWho was left out, and what would have brought them in?"),
    "variations": _("In a youth centre: one clock for the whole evening\nFor a small group: draw lots for the task"),
    "tips": _("Begin with the same pupils for two weeks\nAgree on the place with the caretaker"),
    "safety": _(
        "Agree with the school who supervises.\n\n- Taking part is voluntary.\n- Cards have pictures, so that reading "
        "is not needed.\n- Decide beforehand whom you turn to when something worries you."
    ),
    "evaluation": _("Count who came on three days, and ask: would you come again tomorrow?"),
}
FOR_MODELS: dict[str, Any] = {
    "title": _("A youth worker in every school of the sub-region"),
    "summary": _("Three municipalities share two youth workers, who are in each school on fixed days."),
    "keywords": _("school youth work, shared posts"),
    "basic_idea": _(
        "Two youth workers are employed together, so that small schools get one too.\n\n## Goals\n\n1. Every school "
        "has a familiar adult who is no teacher.\n2. Worries are noticed earlier."
    ),
    "environment": _("Three municipalities of 4,000–9,000 people, distances of up to 50 km, seven schools."),
    "target_understanding": _(
        "Pupils of 13–16 years. In a survey (n = 212) every third said that there is no adult at school to talk to. "
        "The pupils' councils chose the days and places."
    ),
    "conditions": _("A shared agreement on costs\nA room of its own in each school\nA contact person among the staff"),
    "results": _("In one year 61 % of the pupils had met the worker; 14 young people were guided to other services."),
    "tips_for_adopters": _("Agree on the days for a whole school year\nTell the parents in their own languages"),
    "resources": _("Two posts, 600 € of materials a year, travel between the schools."),
    "partners": _("Education services\nThe parish\nA sports club"),
    "indicators": _("Encounters in a month\nPupils who know the worker's name"),
    "funder": _("No separate funding"),
    "place": _("The schools of the sub-region"),
    "locality": "Saarijärvi, Äänekoski, Keski-Suomen hyvinvointialue",
    "safety": _("The school's own rules hold. Records are kept by the school, none by the youth worker."),
}
FOR_BOTH: dict[str, Any] = {
    "author_role": _("Youth worker, school youth work"),
    "credits": _("The idea comes from the colleagues of a neighbouring town; thank you to the pupils' council."),
    "source_url": "https://example.org/menetelma",
}


def example_of(field: str, is_model: bool) -> Any:
    """The example for a field of a kind, or nothing where the choices speak for themselves."""
    return FOR_BOTH.get(field) or (FOR_MODELS if is_model else FOR_METHODS).get(field, "")
