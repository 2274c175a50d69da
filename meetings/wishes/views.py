"""Wishes for trainings: members wish, others put their names to it; the coordinator answers on the desk."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from lib.access import members_only
from lib.counters.rate_limit import is_rate_limited
from lib.exceptions import Refused
from lib.forms.posting import posted, show_and_act, show_form
from lib.forms.rendering import error_summary
from meetings.models import Meeting, Wish
from meetings.wishes.filters import WishFilter
from meetings.wishes.forms import NeedForm, WishForm

PER_PAGE = 25
HELD = gettext_lazy("Thank you! The coordinator reads this before others see it.")
SHORTEST = 5  # letters of a title by which others are looked for


def _seen(request: HttpRequest) -> Any:
    return Wish.objects.visible_to(request.user).with_places().with_support(request.user)


@members_only
@require_safe
def wish_list(request: HttpRequest) -> HttpResponse:
    """What members wish for, the one that most people support first."""
    found = WishFilter(request.GET, queryset=_seen(request), request=request)
    page = Paginator(found.found(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "meetings/wishes/wish_list.html", {"filter": found, "page": page})


@members_only
@show_and_act
def wish_new(request: HttpRequest) -> HttpResponse:
    """Wish for a training. When others wish for something like it, they are shown first."""
    form = WishForm(posted(request), user=request.user)
    if request.method == "POST" and is_rate_limited(request, "meetings.wish"):
        return render(request, "meetings/wishes/rate_limited.html", status=429)
    similar: Any = []
    if form.is_valid():
        similar = [] if "anyway" in request.POST else list(_similar(request, form.cleaned_data["title"]))
        if not similar:
            return _save(request, form)
    context = {"form": form, "similar": similar}
    return show_form(request, "meetings/wishes/wish_new.html", context)


@members_only
@show_and_act
def wish_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend one's own wish that is held back."""
    held = Wish.objects.visible_to(request.user).filter(proposer=request.user.pk).held_back()
    wish: Wish = get_object_or_404(held, pk=pk)
    form = WishForm(posted(request), user=request.user, instance=wish)
    if not form.is_valid():
        return show_form(request, "meetings/wishes/wish_edit.html", {"form": form, "wish": wish})
    is_held = _is_held(request, form)
    wish.rewrite(timezone.now(), is_held=is_held, **form.cleaned_data)
    messages.success(request, HELD if is_held else _("Thank you. Others see your wish now."))
    return redirect(wish)


@members_only
@require_safe
def wish_similar(request: HttpRequest) -> HttpResponse:
    """Wishes that resemble what is being typed, as a part of the page."""
    similar = _similar(request, request.GET.get("title", ""))
    return render(request, "meetings/wishes/_wish_similar.html", {"similar": similar})


@members_only
@require_safe
def wish_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One wish, what its supporters would need, and what became of it."""
    user, wish = request.user, get_object_or_404(_seen(request), pk=pk)
    if wish.merged_into_id and Wish.objects.visible_to(user).filter(pk=wish.merged_into_id).exists():
        return redirect("meetings:wish-detail", wish.merged_into_id)
    own = wish.supports.filter(user=user.pk).first()
    context = {
        "wish": wish,
        "own": own,
        "comments": wish.supports.said(),
        "topics": wish.topics.order_by("order", "pk"),
        "training": Meeting.objects.visible_to(user).filter(pk=wish.meeting_id).first(),
        "is_mine": wish.proposer_id == user.pk,
        "is_run": Wish.objects.run_by(user).filter(pk=pk).exists(),
        "form": NeedForm(initial={"comment": own.comment if own else ""}),
    }
    return render(request, "meetings/wishes/wish_detail.html", context)


@members_only
@require_POST
def wish_support(request: HttpRequest, pk: int) -> HttpResponse:
    """Put one's name to a wish, say what one would need, or take the name away."""
    wish: Wish = get_object_or_404(Wish.objects.visible_to(request.user), pk=pk)
    form = NeedForm(request.POST)
    if not form.is_valid():
        messages.error(request, error_summary(form))
    else:
        _say(request, lambda: _support(request, wish, form.cleaned_data["comment"]))
    return redirect(wish)


@members_only
@require_POST
def wish_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back one's own wish while nobody else supports it, or put it back."""
    wish: Wish = get_object_or_404(Wish.objects.visible_to(request.user).filter(proposer=request.user.pk), pk=pk)
    _say(request, lambda: _put_back(wish) if "put_back" in request.POST else _withdraw(wish))
    return redirect(wish)


def _similar(request: HttpRequest, title: str) -> Any:
    found = Wish.objects.visible_to(request.user).supportable().with_support(request.user)
    return found.resembling(title) if len(title.strip()) >= SHORTEST else found.none()


def _save(request: HttpRequest, form: WishForm) -> HttpResponse:
    now, is_held = timezone.now(), _is_held(request, form)
    wish = Wish.objects.propose(request.user, now, held_at=now if is_held else None, **form.cleaned_data)
    thanks = _("Thank you. Others can support your wish now; the coordinator sees it on the desk.")
    messages.success(request, HELD if is_held else thanks)
    return redirect(wish)


def _is_held(request: HttpRequest, form: WishForm) -> bool:
    """What may hold somebody's data waits for the coordinator, unless that is who writes."""
    area = form.cleaned_data["area"]
    return bool(form.findings) and not (request.user.is_superuser or area.pk in request.user.area_ids_run())


def _support(request: HttpRequest, wish: Wish, comment: str) -> str:
    person: Any = request.user
    if "take_back" in request.POST:
        wish.take_back_support(person)
        return _("You no longer support this wish.")
    wish.support(person, timezone.now(), comment)
    return _("You support this wish.")


def _withdraw(wish: Wish) -> str:
    wish.withdraw(timezone.now())
    return _("You took your wish back.")


def _put_back(wish: Wish) -> str:
    wish.put_back()
    return _("Your wish is back.")


def _say(request: HttpRequest, act: Any) -> None:
    """Do it, and say what happened or why not."""
    try:
        messages.success(request, act())
    except Refused as refusal:
        messages.error(request, str(refusal))
