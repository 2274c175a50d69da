"""Demo content of sign-up and of what comes after a meeting: places, a waiting list, feedback, certificates."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from contacts.models import User
from meetings.models import CertificateRule, Feedback, Meeting, SignUp
from meetings.models.certificate import issue_all
from networks.models import Membership
from youthnet.demo.pack_reader import Pack

KINDS = {"teksti": "text", "valinta": "choice", "rasti": "checkbox"}
MEMBER = "nuorisotyontekija.saarijarvi@example.org"


def load(pack: Pack) -> None:
    now = timezone.now()
    for row in pack.file("meetings")["meetings"]:
        meeting = Meeting.objects.get(slug=row["slug"])
        if row.get("registration", {}).get("capacity") and meeting.is_coming(now):
            load_signup(pack, meeting, row["registration"])
        if meeting.is_over(now) and not meeting.is_cancelled:
            load_after(meeting, row)


def load_signup(pack: Pack, meeting: Meeting, rules: dict[str, Any]) -> None:
    """The rules and questions of the pack; members sign up in the order of their names, more than there is room for."""
    facts = {"capacity": rules["capacity"], "closes_at": pack.moment(rules.get("closes"))}
    facts |= {"opens_at": pack.moment(rules.get("opens")), "open_to": rules.get("open_to", SignUp.MEMBERS)}
    facts |= {"fair_until": pack.moment(rules.get("one_per_municipality_until"))}
    signup, is_new = SignUp.objects.update_or_create(meeting=meeting, defaults=facts)
    for order, question in enumerate(rules.get("questions", [])):
        kind, keep = KINDS[question["type"]], question.get("retention_days", 90)
        asked = {"order": order, "kind": kind, "choices": question.get("options", []), "keep_days": keep}
        asked["is_required"] = question.get("required", False)
        signup.questions.update_or_create(text=question["label"], defaults=asked)
    if is_new:
        signup.adopt(timezone.now())
        _fill(signup, rules.get("members", 0))


def _fill(signup: SignUp, number: int) -> None:
    """Members of the area sign up one after the other, days ago; nobody is written to."""
    members = User.objects.active().filter(memberships__in=Membership.objects.active()).exclude(email=MEMBER)
    people = members.filter(memberships__network__area=signup.meeting.area_id).distinct().alphabetical()[:number]
    since = timezone.now() - timedelta(days=3)
    for minute, user in enumerate(people):
        at = since + timedelta(minutes=minute)
        person, _is_new = signup.meeting.participations.get_or_create(user=user, defaults={"added_at": at})
        signup.assign_places([person], at, "coordinator")
    signup.meeting.participations.exclude(stood_at=None).update(standing_told_at=timezone.now())


def load_after(meeting: Meeting, row: dict[str, Any]) -> None:
    """Feedback that adds up to the pack's figures, and certificates where the pack gives them."""
    told = row.get("feedback", {})
    if told.get("responses") and not meeting.feedback.exists():
        Feedback.objects.bulk_create(_answers(meeting, **told))
    if row.get("certificate"):
        rule, _is_new = CertificateRule.objects.get_or_create(meeting=meeting)
        issue_all(rule.entitled(), meeting.ends_at)


def _answers(meeting: Meeting, responses: int, mean: float, would_recommend: int, quotes: list[str]) -> list[Feedback]:
    low, higher = divmod(round(mean * responses), responses)
    return [
        Feedback(
            meeting=meeting,
            grade=low + (number < higher),
            recommends=number < round(responses * would_recommend / 100),
            text=quotes[number] if number < len(quotes) else "",
            given_on=meeting.ends_at.date() + timedelta(days=1),
        )
        for number in range(responses)
    ]
