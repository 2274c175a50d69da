"""A sign-up by an address that is not proved yet: it takes no place before its owner says yes by the letter's link."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from lib.querysets import InArea
from lib.text.addresses import normal, readable
from lib.text.model_fields import AddressField, NameField
from meetings.models.participation import Participation
from meetings.models.signup import SignUp
from meetings.models.signup_question import Reply

CONFIRM_WITHIN = timedelta(days=3)
Colleagues = Iterable[tuple[str, str]]


class SignUpRequestQuerySet(InArea, models.QuerySet["SignUpRequest"]):
    area_path = "signup__meeting__area"

    def ask(self, signup: SignUp, email: str, now: datetime, **wish: Any) -> None:
        """Somebody fills in the form: every address costs the same work, and a round sends the letter."""
        kept = wish | {"letter_wanted_at": now}
        self.update_or_create(
            signup=signup, email=normal(email), defaults=kept, create_defaults=kept | {"asked_at": now}
        )

    def wanting_letter(self, now: datetime) -> "SignUpRequestQuerySet":
        """Not more than one letter an hour, and three in all: nobody is buried in letters."""
        rested = Q(letter_sent_at=None) | Q(letter_sent_at__lte=now - SignUpRequest.PAUSE)
        return self.filter(rested, letter_wanted_at__isnull=False, letters__lt=SignUpRequest.MOST)

    def unanswered(self, now: datetime) -> "SignUpRequestQuerySet":
        return self.filter(asked_at__lte=now - CONFIRM_WITHIN)


class SignUpRequest(models.Model):
    """What was written into the form. It is forgotten when it is confirmed, or after three days."""

    MOST = 3
    PAUSE = timedelta(hours=1)

    signup = models.ForeignKey(SignUp, on_delete=models.CASCADE, related_name="requests", verbose_name=_("sign-up"))
    email = AddressField(_("e-mail"))
    name = NameField(_("name"), max_length=120)
    organisation_name = NameField(_("organisation"), max_length=160, blank=True)
    mode = models.CharField(_("wishes to take part"), max_length=10, choices=Participation.MODES, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fi")
    replies = models.JSONField(_("replies"), default=dict)
    colleagues = models.JSONField(_("colleagues"), default=list)
    asked_at = models.DateTimeField(_("asked"))
    letter_wanted_at = models.DateTimeField(_("waits for the letter"), null=True, blank=True)
    letter_sent_at = models.DateTimeField(_("letter sent"), null=True, blank=True)
    letters = models.PositiveSmallIntegerField(_("letters"), default=0)

    objects = SignUpRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-up to confirm")
        verbose_name_plural = _("sign-ups to confirm")
        constraints = [
            models.UniqueConstraint("signup", Lower("email"), name="signup_request_once_per_address"),
        ]

    def __str__(self) -> str:
        return readable(self.email)

    def mark_sent(self, now: datetime) -> None:
        """The letter to confirm was handed to the outbox."""
        sent = {"letter_wanted_at": None, "letter_sent_at": now, "letters": F("letters") + 1}
        SignUpRequest.objects.filter(pk=self.pk).update(**sent)

    @transaction.atomic
    def confirm(self, now: datetime) -> Participation:
        """The owner of the address says yes. Raises what `SignUp.assign_places` refuses."""
        person = Participation.objects.of_address(self.signup.meeting, self.email, now)
        person.introduce(self.name, self.organisation_name, self.language)
        replies = {int(question): text for question, text in self.replies.items()}
        sign_up(self.signup, person, now, "link", self.mode, replies, self.colleagues)
        self.delete()
        return person


@transaction.atomic
def sign_up(
    signup: SignUp,
    person: Participation,
    now: datetime,
    via: str,
    mode: str,
    replies: Mapping[int, str],
    colleagues: Colleagues,
    seen: int | None = None,
) -> None:
    """One person with replies and colleagues, in one turn. Colleagues who are on the list already stay as they are.

    A colleague without name and address is only counted, and the person's own letter tells of them. Who is signed up
    already brings more of those only from a page that showed as many as there are (`seen`): a second press of the
    same button brings nobody twice. Raises NotInvited for whom the meeting is not, or not any more.
    """
    signup.refuse_others(person, via)
    signup.hold()
    person.refresh_from_db()
    along = person.colleagues.exclude(placed_at=None, queued_at=None).count()
    is_new = not (person.has_place or person.is_queued)
    coming = list(colleagues)[: max(signup.most_colleagues - along, 0)]
    number = sum(not name for name, _email in coming) if is_new or seen == along else 0
    named = [Participation.objects.brought(person, name, email, now) for name, email in coming if name]
    counted = Participation.objects.counted_along(person, number, now)
    signup.assign_places([person, *(each for each in named if each), *counted], now, via, mode)
    Participation.objects.filter(pk__in=[each.pk for each in counted]).update(standing_told_at=F("stood_at"))
    Reply.objects.store(person, replies)
