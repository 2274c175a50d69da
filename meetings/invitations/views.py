"""The page behind the link of an invitation: an answer without signing in."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from lib.access import by_token
from lib.forms.posting import attempt, posted, show_and_act, show_form
from lib.tokens import sign
from meetings.invitations.forms import AnswerForm, initial_of
from meetings.models import InvitationOptOut, Participation
from meetings.signed_links import row_of_link


@by_token
@show_and_act
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The answer from a letter: looking changes nothing, the button answers; no sign-in is needed."""
    participation = _of_token(token)
    if participation is None:
        return render(request, "meetings/invitations/link_expired.html", status=404)
    if participation.meeting.rules_of_signup():
        return redirect("meetings:signup-own", sign("meetings.signup", participation.pk))
    form = AnswerForm(posted(request), initial=_present_answer(request, participation))
    if form.is_valid():
        give = partial(participation.give_answer, now=timezone.now(), via="link", **form.cleaned_data)
        attempt(request, give, _("Thank you, your answer is kept."))
        return redirect("meetings:answer", token)
    context = {"participation": participation, "meeting": participation.meeting, "form": form}
    context["is_closed"] = participation.meeting.is_cancelled or participation.meeting.is_over(timezone.now())
    return show_form(request, "meetings/invitations/answer.html", context)


@by_token
@show_and_act
def no_invitations(request: HttpRequest, token: str) -> HttpResponse:
    """A guest's link of every letter: looking changes nothing, the button ends invitations or lets them come again."""
    guests = Participation.objects.filter(is_guest=True, user=None).exclude(email="").select_related("meeting__area")
    guest = row_of_link("meetings.no_invitations", token, guests)
    if guest is None:
        return render(request, "meetings/invitations/link_expired.html", status=404)
    area, opt_outs = guest.meeting.area, InvitationOptOut.objects
    if request.method == "POST" and "again" in request.POST:
        opt_outs.lift(area, guest.email)
    elif request.method == "POST":
        opt_outs.add(guest, timezone.now())
    if request.method == "POST":
        return redirect("meetings:no-invitations", token)
    context = {"area": area, "is_out": opt_outs.of(area, guest.email).exists()}
    return render(request, "meetings/invitations/no_invitations.html", context)


def _of_token(token: str) -> Participation | None:
    """Whose link this is; None when it was cut, or the meeting no longer concerns the person."""
    invited = Participation.objects.still_invited().reachable().filter(meeting__published_at__isnull=False)
    person = row_of_link("answer", token, invited.select_related("meeting__kind", "meeting__signup", "user"))
    return person if person and (person.is_signed_up or person.may_see_meeting()) else None


def _present_answer(request: HttpRequest, participation: Participation) -> dict[str, str]:
    chosen = request.GET.get("answer")
    known = dict(Participation.ANSWERS)
    return initial_of(participation) | ({"answer": chosen} if chosen in known else {})
