"""Pages of feedback: the form behind the link of a letter, and the summary for coordinators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lib.access import by_token, coordinators_only
from lib.exceptions import Refused
from lib.forms.posting import posted, show_and_act, show_form
from meetings.feedback.forms import FeedbackForm
from meetings.models import Feedback, Meeting, Participation
from meetings.models.feedback import give
from meetings.signed_links import row_of_link


@by_token
@show_and_act
def feedback(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the letter of thanks: looking gives nothing, the button does, once."""
    person = row_of_link("meetings.feedback", token, Participation.objects.reachable().select_related("meeting"))
    if person is None:
        return render(request, "meetings/certificates/link_expired.html", status=404)
    form = FeedbackForm(posted(request))
    if form.is_valid():
        try:
            give(person, timezone.now(), **form.cleaned_data)
            messages.success(request, _("Thank you for your feedback!"))
        except Refused as refusal:
            messages.info(request, str(refusal))
        return redirect("meetings:feedback", token)
    context = {"meeting": person.meeting, "form": form, "is_given": person.fed_back_on is not None}
    return show_form(request, "meetings/feedback/feedback.html", context)


@coordinators_only
@require_safe
def feedback_summary(request: HttpRequest, slug: str) -> HttpResponse:
    """What people thought of a meeting, when at least five have told."""
    meeting = get_object_or_404(Meeting.objects.run_by(request.user).published(), slug=slug)
    came = meeting.participations.came().count()
    context = {"meeting": meeting, "summary": Feedback.objects.filter(meeting=meeting).summary(), "came": came}
    return render(request, "meetings/feedback/feedback_summary.html", context)
