"""Pages of sign-up: the form, the letter to confirm, and each person's own place, turn or offer."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contacts.models import User
from lib.access import by_token, public
from lib.counters.rate_limit import is_rate_limited
from lib.exceptions import Refused
from lib.forms.params import int_or_none
from lib.forms.posting import attempt, posted, show_and_act, show_form
from lib.tasks import wake
from lib.tokens import sign
from meetings.models import Meeting, Participation, Reply, SignUp, SignUpRequest, sign_up
from meetings.signed_links import row_of_link
from meetings.signup.forms import ColleaguesForm, SignUpForm
from meetings.tasks import send_signup_letters


@public
@show_and_act
def signup(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a place: members at once, others by a letter to confirm the address."""
    shown = Meeting.objects.visible_to(request.user).filter(signup__isnull=False).select_related("signup", "kind")
    meeting = get_object_or_404(shown, slug=slug)
    rules, user = meeting.signup, request.user
    own = meeting.participations.filter(user=user).first() if user.is_authenticated else None
    if own and own.is_signed_up:
        return redirect("meetings:signup-own", sign("meetings.signup", own.pk))
    may = rules.may_be_joined_by(user) if user.is_authenticated else rules.open_to == SignUp.ANYBODY
    form = SignUpForm(rules, posted(request), is_known=user.is_authenticated)
    if request.method != "POST" or not may or not form.is_valid():
        context = {"meeting": meeting, "signup": rules, "form": form, "may": may} | _openness(rules)
        return render(request, "meetings/signup/signup.html", context, status=_code(request, may))
    return _ask_as_member(request, rules, form) if user.is_authenticated else _ask_as_guest(request, rules, form)


def _code(request: HttpRequest, may: bool) -> int:
    """The page as it is; a refused form, or one that was never offered, is no success."""
    return 200 if request.method != "POST" else 422 if may else 403


def _openness(rules: SignUp) -> dict[str, Any]:
    now, figures = timezone.now(), rules.figures()
    return {
        "fair_until": rules.fair_until if rules.is_fair(now) else None,
        "is_open": rules.is_open(now) and rules.meeting.is_coming(now),
        "opens_later": not rules.has_opened(now),
        "figures": figures,
        "is_full": all(pool["free"] == 0 for pool in figures),
    }


def _ask_as_member(request: HttpRequest, rules: SignUp, form: SignUpForm) -> HttpResponse:
    now, user = timezone.now(), cast(User, request.user)
    person, _is_new = rules.meeting.participations.get_or_create(user=user, defaults={"added_at": now})
    asked = (now, "web", form.mode_wished, form.replies(), form.colleagues())
    if not attempt(request, lambda: sign_up(rules, person, *asked)):
        return redirect("meetings:signup", rules.meeting.slug)
    wake(send_signup_letters)
    return redirect("meetings:signup-own", sign("meetings.signup", person.pk))


def _ask_as_guest(request: HttpRequest, rules: SignUp, form: SignUpForm) -> HttpResponse:
    """The answer is the same for every address; only the letter tells more."""
    now, facts = timezone.now(), form.cleaned_data
    if not (rules.is_open(now) and rules.meeting.is_coming(now)):
        return redirect("meetings:signup", rules.meeting.slug)
    if is_rate_limited(request, "signup"):
        return render(request, "meetings/signup/rate_limited.html", status=429)
    wish = {name: facts[name] for name in ("name", "organisation_name")}
    wish |= {"mode": form.mode_wished, "language": (get_language() or "fi")[:2]}
    wish |= {"replies": form.replies(), "colleagues": form.colleagues()}
    SignUpRequest.objects.ask(rules, facts["email"], now, **wish)
    wake(send_signup_letters)
    return redirect("meetings:signup-sent", rules.meeting.slug)


@public
@require_safe
def signup_sent(request: HttpRequest, slug: str) -> HttpResponse:
    """ "Check your mail", whatever the address was."""
    shown = Meeting.objects.visible_to(request.user).filter(signup__open_to=SignUp.ANYBODY)
    return render(request, "meetings/signup/signup_sent.html", {"meeting": get_object_or_404(shown, slug=slug)})


@by_token
@show_and_act
def signup_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the letter shows one button; pressing it signs up."""
    request_row = _asked(token)
    if request_row is None:
        return render(request, "meetings/signup/link_expired.html", status=404)
    if request.method != "POST":
        return render(request, "meetings/signup/signup_confirm.html", {"asked": request_row})
    try:
        person = request_row.confirm(timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(request.path)
    wake(send_signup_letters)
    return redirect("meetings:signup-own", sign("meetings.signup", person.pk))


def _asked(token: str) -> SignUpRequest | None:
    """What a link confirms; None when it is too old, or the sign-up is not for everybody any more."""
    fresh = SignUpRequest.objects.exclude(pk__in=SignUpRequest.objects.unanswered(timezone.now()))
    shown = Meeting.objects.visible_to(AnonymousUser())
    still_open = fresh.filter(signup__open_to=SignUp.ANYBODY, signup__meeting__in=shown)
    return row_of_link("meetings.confirm", token, still_open.select_related("signup__meeting"))


@by_token
@show_and_act
def signup_own(request: HttpRequest, token: str) -> HttpResponse:
    """One's own place, turn or offer: looking changes nothing, the buttons act."""
    person = _person_of(token)
    if person is None:
        return render(request, "meetings/signup/link_expired.html", status=404)
    rules = person.meeting.signup
    if not person.may_see_meeting():
        return _leave_only(request, rules, person)
    form, more = _forms(request, rules, person)
    if request.method == "POST" and all(not each.is_bound or each.is_valid() for each in (form, more)):
        attempt(request, lambda: _act(request, rules, person, more if more.is_bound else form))
        wake(send_signup_letters)
        return redirect("meetings:signup-own", token)
    context = {"person_signed": person, "meeting": person.meeting, "signup": rules, "form": form, "more": more}
    context |= _openness(rules) | place_status_of(rules, person)
    context["is_open"] = context["is_open"] and rules.may_be_joined_for(person)
    return show_form(request, "meetings/signup/signup_own.html", context)


def _leave_only(request: HttpRequest, rules: SignUp, person: Participation) -> HttpResponse:
    """For whom the meeting is not shown any more: a place or a turn can be given up, and nothing else is seen."""
    if not person.is_signed_up:
        return render(request, "meetings/signup/link_expired.html", status=404)
    is_left = request.method == "POST" and "leave" in request.POST
    if is_left:
        rules.release_place(person, timezone.now(), "link")
        wake(send_signup_letters)
    context = {"meeting": person.meeting, "person_signed": person, "is_left": is_left}
    return render(request, "meetings/signup/signup_leave.html", context)


def _forms(request: HttpRequest, rules: SignUp, person: Participation) -> tuple[SignUpForm, ColleaguesForm]:
    """The form to sign up, and the one to bring more colleagues; the pressed button says which is filled in."""
    pressed = request.POST
    along = person.colleagues.exclude(placed_at=None, queued_at=None).count()
    form = SignUpForm(rules, pressed if "join" in pressed else None, is_known=True, initial=_initial(person))
    left = max(rules.most_colleagues - along, 0)
    return form, ColleaguesForm(rules, pressed if "bring" in pressed else None, most=left).show(along)


def _act(request: HttpRequest, rules: SignUp, person: Participation, form: Any) -> None:
    """What the pressed button says."""
    now, pressed = timezone.now(), request.POST
    if "join" in pressed:
        sign_up(rules, person, now, "link", form.mode_wished, form.replies(), form.colleagues())
    elif "bring" in pressed and (person.has_place or person.is_queued):
        sign_up(rules, person, now, "link", person.place_mode, {}, form.colleagues(), form.seen())
    elif "accept" in pressed:
        _accept(request, rules, person)
    elif "leave" in pressed:
        rules.release_place(person, now, "link")
        messages.success(request, _("You are no longer signed up. Thank you for telling."))
    elif "drop" in pressed:
        colleague = get_object_or_404(person.colleagues, pk=int_or_none(pressed["drop"]))
        rules.release_place(colleague, now, "link")
        messages.success(request, _("%(name)s is no longer signed up.") % {"name": colleague})


def _accept(request: HttpRequest, rules: SignUp, person: Participation) -> None:
    rules.refuse_others(person, "link")
    if rules.accept(person, timezone.now(), "link"):
        messages.success(request, _("The place is yours. Welcome!"))
    elif person.is_queued:
        words = _(
            "The time to answer had run out, and the place went to the next one. You are in line again, at the end."
        )
        messages.warning(request, words)
    else:
        messages.info(request, _("You have a place already."))


def _person_of(token: str) -> Participation | None:
    """Whose link this is; None when it was cut or the meeting has no sign-up any more."""
    people = Participation.objects.filter(meeting__signup__isnull=False, meeting__published_at__isnull=False)
    return row_of_link("meetings.signup", token, people.select_related("meeting__signup", "meeting__kind", "user"))


def _initial(person: Participation) -> dict[str, Any]:
    replies = {f"q{question}": text for question, text in Reply.objects.of(person).items()}
    return replies | {"mode": person.place_mode or None}


def place_status_of(rules: SignUp, person: Participation) -> dict[str, Any]:
    """How somebody stands, for a page: the offer, the turn, the colleagues signed up along."""
    offer = person.offers.open().first() if person.is_queued else None
    waiting_list = rules.waiting_list_of(person, timezone.now()) if person.is_queued and offer is None else None
    return {
        "offer": offer,
        "turn": waiting_list.position_of(person) if waiting_list else None,
        "town": person.comes_from if waiting_list and waiting_list.holds_back(person) else "",
        "colleagues": person.colleagues.exclude(placed_at=None, queued_at=None)
        .with_offer()
        .select_related("user")
        .in_order(),
    }


def facts_of_signup(meeting: Meeting, user: Any) -> dict[str, Any]:
    """What a meeting's page tells of its sign-up; nothing when there is none."""
    rules = meeting.rules_of_signup()
    if rules is None:
        return {}
    own = meeting.participations.filter(user=user).first() if user.is_authenticated else None
    facts: dict[str, Any] = {"signup": rules} | _openness(rules)
    if own and own.is_signed_up:
        facts |= {"signed": own, "signed_token": sign("meetings.signup", own.pk)} | place_status_of(rules, own)
    return facts
