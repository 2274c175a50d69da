"""The pages of the desk where a coordinator answers a wish: take up, make a training, join, decline, open, tell.

Looking at them changes nothing; the button acts by the verb of the wish.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from lib.exceptions import Refused
from lib.forms.posting import attempt
from lib.tasks import wake
from meetings.models import Wish
from meetings.tasks import answer_wishes
from meetings.wishes.forms import DeclineForm, MergeForm, TrainingForm


def take_up(request: HttpRequest, wish: Wish, context: dict[str, Any]) -> HttpResponse:
    """Say that somebody looks into it."""
    if request.method == "POST":
        return _act(request, wish, lambda: wish.take_up(timezone.now()), _("The wish is taken up."))
    context |= {
        "title": _("Take up the wish"),
        "lead": _("Members see that you look into it. Nobody is written to."),
        "quiet_label": _("Take it up"),
    }
    return _page(request, context)


def training(request: HttpRequest, wish: Wish, context: dict[str, Any]) -> HttpResponse:
    """Make a draft of a meeting, filled in from the wish."""
    now = timezone.now()
    form = TrainingForm(request.POST or None, wish=wish, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            meeting = wish.become_training(now, **form.cleaned_data)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return _back(wish)
        messages.success(
            request, _("This is a draft of the training. Those who wished for it are on its list of participants.")
        )
        return redirect("admin:meetings_meeting_change", meeting.pk)
    context |= {
        "title": _("Make a training of the wish"),
        "lead": _(
            "A draft is made with the words of the wish, for you to complete. Those who wished are put on its list; "
            "they hear of it when you publish it and invite."
        ),
        "form": form,
        "quiet_label": _("Make the draft"),
    }
    return _page(request, context)


def merge(request: HttpRequest, wish: Wish, context: dict[str, Any]) -> HttpResponse:
    """Two wishes for the same thing become one."""
    form = MergeForm(request.POST or None, wish=wish)
    if request.method == "POST" and form.is_valid():
        other = form.cleaned_data["other"]
        return _act(request, other, lambda: wish.merge_into(other, timezone.now()), _("The wishes are one now."))
    context |= {
        "title": _("Join the wish to another"),
        "lead": _("Everybody who supports this wish supports the other one then. Nobody is written to."),
        "form": form,
        "quiet_label": _("Join them"),
    }
    return _page(request, context)


def decline(request: HttpRequest, wish: Wish, context: dict[str, Any]) -> HttpResponse:
    """Say no, with words."""
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        tells, reply = "_tell" in request.POST, form.cleaned_data["reply"]
        done = _("The wish is declined. The letters leave within a minute.") if tells else _("The wish is declined.")
        return _act(request, wish, lambda: wish.decline(timezone.now(), reply, notify=tells), done)
    people = wish.people_to_tell()
    context |= {
        "title": _("Decline the wish"),
        "lead": _("The wish stays on the site with your words. It can be opened again."),
        "form": form,
        "people": people,
        "tell_label": _telling(
            ngettext("Decline and tell %(number)d person", "Decline and tell %(number)d people", len(people)), people
        ),
        "quiet_label": _("Decline quietly"),
    }
    return _page(request, context)


def reopen(request: HttpRequest, wish: Wish, context: dict[str, Any]) -> HttpResponse:
    """As if it had not been answered."""
    if request.method == "POST":
        return _act(request, wish, wish.reopen, _("The wish is open again."))
    context |= {
        "title": _("Open the wish again"),
        "lead": _("Your words are taken away and members can support it again. Nobody is written to."),
        "quiet_label": _("Open it again"),
    }
    return _page(request, context)


def notify(request: HttpRequest, wish: Wish, context: dict[str, Any]) -> HttpResponse:
    """The answer was given quietly; now those who wished hear of it."""
    if request.method == "POST":
        return _act(request, wish, lambda: wish.notify(timezone.now()), _("The letters leave within a minute."))
    people = wish.people_to_tell()
    context |= {
        "title": _("Tell of the answer"),
        "lead": _("Each gets one letter: about the training, or with the words you wrote."),
        "people": people,
        "tell_label": _telling(ngettext("Tell %(number)d person", "Tell %(number)d people", len(people)), people),
    }
    return _page(request, context)


def actions_of(wish: Wish) -> list[dict[str, str]]:
    """The buttons that make sense in the wish's present state."""
    names = {
        "training": _("Make a training of it…"),
        "take_up": _("Take up…"),
        "merge": _("Join to another…"),
        "decline": pgettext("a wish", "Decline…"),
        "reopen": pgettext("a wish", "Open again…"),
        "tell": _("Tell of the answer…"),
    }
    return [
        {"url": reverse(f"admin:meetings_wish_{name}", args=[wish.pk]), "name": names[name]} for name in _fitting(wish)
    ]


def _fitting(wish: Wish) -> list[str]:
    if not wish.is_active:
        return []
    bound = wish.meeting is not None and not wish.meeting.is_cancelled
    untold = ["tell"] if wish.told_at is None and wish.tell_at is None else []
    by_state = {
        Wish.OPEN: ["training", "take_up", "merge", "decline"],
        Wish.TAKEN_UP: [] if bound else ["training", "merge", "decline", "reopen"],
        Wish.ARRANGED: untold,
        Wish.DECLINED: ["reopen", *untold],
    }
    return by_state[wish.state()]


def _telling(words: str, people: list[Any]) -> str:
    """Words on the button that writes letters; none when there is nobody to write to."""
    return words % {"number": len(people)} if people else ""


def _act(request: HttpRequest, wish: Wish, act: Callable[[], Any], done: str) -> HttpResponse:
    """Do it, say what happened or why not, and go back to the wish."""
    if attempt(request, act, done):
        wake(answer_wishes)
    return _back(wish)


def _back(wish: Wish) -> HttpResponse:
    return redirect("admin:meetings_wish_change", wish.pk)


def _page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(request, "admin/meetings/wish/confirm.html", context)
