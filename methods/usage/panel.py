"""The usage panel of a method: trials, actions, and for a member the own collections and plans."""

from typing import Any

from django.http import HttpRequest

from methods.models import Action, Collection, Favourite, Method, SessionPlan, Trial
from methods.usage.undo import just_removed

TRIALS_SHOWN = 8


def of_method(request: HttpRequest, method: Method) -> dict[str, Any]:
    """Everything below the text of a method, in a constant number of queries."""
    tried = method.trials.all() if method.trial_count else method.trials.none()
    kept = list(tried.kept().values_list("municipality_id", "organisation__name", "adopted_on"))
    trials = list(tried.telling_first()[:TRIALS_SHOWN])
    context = {
        "may_try": method.is_published and _may_try(request.user),
        "trials": trials,
        "quoted": next((trial for trial in trials if trial.note), None),
        "trial_places": len({place for place, _name, _day in kept if place}),
        "adopters": sorted({name for _place, name, day in kept if name and day}),
        "actions": method.actions.for_page() if method.is_model else None,
    }
    return context | (_own(request, method) if request.user.is_authenticated else {})


def _may_try(user: Any) -> bool:
    """Members tell of their trials; whoever has not signed in may be one."""
    return not user.is_authenticated or user.is_member()


def _own(request: HttpRequest, method: Method) -> dict[str, Any]:
    person: Any = request.user
    return {
        "shows_names": person.is_superuser or method.area_id in person.area_ids(),
        "is_favourite": Favourite.objects.filter(person=person, method=method).exists(),
        "own_collections": Collection.objects.of(person).latest_first(),
        "own_plans": SessionPlan.objects.of(person).latest_first(),
        "held_trials": Trial.objects.of(person).held_back().filter(method=method).for_own_page(),
        "removed_trial": just_removed(request, Trial.objects.of(person).filter(method=method)),
        "removed_action": just_removed(request, Action.objects.editable_by(person).filter(method=method)),
    }


def of_person(request: HttpRequest) -> dict[str, Any]:
    """My methods: favourites, collections, session plans and trials."""
    person: Any = request.user
    collections, plans = Collection.objects.of(person), SessionPlan.objects.of(person)
    return {
        "favourites": Favourite.objects.methods_of(person).for_cards(),
        "collections": collections.with_counts().latest_first(),
        "plans": plans.latest_first(),
        "trials": Trial.objects.of(person).for_own_page(),
        "removed_collection": just_removed(request, collections),
        "removed_plan": just_removed(request, plans),
    }
