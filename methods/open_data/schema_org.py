"""A public method as schema.org data (LearningResource with HowTo steps), for search engines and portals."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from contacts.models import Term
from lib.absolute_urls import absolute
from methods.models import Method, MethodStep

# What would end the script element or begin an entity; JSON may write every character by its number.
ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def of(method: Method, steps: list[MethodStep], terms: list[Term]) -> SafeString | None:
    """JSON-LD for a script element, or None for a method that not everybody may see."""
    if not method.is_published or method.visibility != Method.PUBLIC:
        return None
    found = {name: value for name, value in _facts(method, steps, terms).items() if value}
    return mark_safe(json.dumps(found, ensure_ascii=False).translate(ESCAPED))


def _facts(method: Method, steps: list[MethodStep], terms: list[Term]) -> dict[str, Any]:
    url = absolute(method.get_absolute_url())
    return {
        "@context": "https://schema.org",
        "@type": ["LearningResource", "HowTo"],
        "@id": url,
        "url": url,
        "name": method.title,
        "description": method.summary,
        "inLanguage": method.language,
        "datePublished": method.published_at.date().isoformat() if method.published_at else None,
        "dateModified": method.changed_at.date().isoformat(),
        "license": method.reuse_url,
        "isAccessibleForFree": True,
        "author": {"@type": "Organization", "name": method.organisation.name} if method.organisation else None,
        "keywords": method.keywords,
        "typicalAgeRange": _between(method.age_min, method.age_max),
        "timeRequired": f"PT{method.duration_max}M" if method.duration_max else None,
        "teaches": method.goal,
        "supply": method.materials,
        "step": [_how_to_step(step, number) for number, step in enumerate(steps, start=1)],
        **_term_names(terms),
    }


def _term_names(terms: list[Term]) -> dict[str, Any]:
    """Whom it is for and what it is about, in the words of the vocabulary."""
    return {
        "audience": [
            {"@type": "Audience", "audienceType": str(term)} for term in terms if term.list == "target_groups"
        ],
        "about": [str(term) for term in terms if term.list == "topics"],
        "competencyRequired": [str(term) for term in terms if term.list == "competences"],
    }


def _how_to_step(step: MethodStep, number: int) -> dict[str, Any]:
    found = {"@type": "HowToStep", "position": number, "name": step.title, "text": step.text or step.title}
    return found | ({"timeRequired": f"PT{step.minutes}M"} if step.minutes else {})


def _between(low: int | None, high: int | None) -> str:
    return "" if low is None and high is None else f"{low or 0}-{'' if high is None else high}"
