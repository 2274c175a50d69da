"""Certificates: a rule for a meeting or its series, one for each who came long enough, a code that proves it."""

import secrets
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lib.querysets import InArea
from meetings.models.certificate_hours import last_of_each, parts_of
from meetings.models.meeting import Meeting
from meetings.models.participation import Participation
from meetings.models.participation_queryset import ParticipationQuerySet
from meetings.models.reminder import will_be_thanked
from meetings.models.series import MeetingSeries

# No letters that are read wrongly from paper: 0 and O, 1, I and L.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
GROUPS, LETTERS = 4, 4  # 31^16 codes: about 79 bits, not to be guessed


def new_code() -> str:
    """A code such as "7K2M-9QRT-XW4H-3ZPA"."""
    return "-".join("".join(secrets.choice(ALPHABET) for _letter in range(LETTERS)) for _group in range(GROUPS))


def as_code(written: str) -> str:
    """What somebody typed, in the form in which codes are kept."""
    letters = "".join(letter for letter in written.upper() if letter.isalnum())[: GROUPS * LETTERS]
    return "-".join(letters[n : n + LETTERS] for n in range(0, len(letters), LETTERS))


class CertificateRule(models.Model):
    """Who gets a certificate of a meeting: whoever came for so many hours."""

    meeting = models.OneToOneField(
        Meeting, on_delete=models.CASCADE, related_name="certificate_rule", verbose_name=_("meeting")
    )
    least_hours = models.DecimalField(
        _("at least so many hours"),
        max_digits=5,
        decimal_places=2,
        default=Decimal("0"),
        validators=[MinValueValidator(0), MaxValueValidator(999)],
        help_text=_("0: everybody who was marked as present."),
    )
    whole_series = models.BooleanField(
        _("count the hours of the whole series"),
        default=False,
        help_text=_(
            "The hours of all meetings of the series up to this one count together, and the certificate names each. "
            "Whoever missed this one gets it too, when the hours suffice."
        ),
    )

    class Meta:
        verbose_name = _("rule of certificates")
        verbose_name_plural = _("rules of certificates")

    def __str__(self) -> str:
        return str(self.meeting)

    def copy_to(self, meeting: Meeting) -> None:
        """The same rule for another meeting. One for a whole series stays with the meeting that ends it."""
        if not self.whole_series:
            CertificateRule.objects.create(meeting=meeting, least_hours=self.least_hours)

    def entitled(self) -> ParticipationQuerySet:
        """Those who have come long enough and have a name to write on it."""
        if self.is_of_series:
            return Participation.objects.filter(pk__in=last_of_each(self.meeting, self.least_hours))
        return entitled().filter(meeting=self.meeting_id)

    @property
    def is_of_series(self) -> bool:
        return self.whole_series and self.meeting.series_id is not None

    @transaction.atomic
    def issue(self, now: datetime) -> int:
        """A certificate for each who is entitled and has none. Returns how many were made."""
        people = self.entitled()
        if not self.is_of_series:
            return issue_all(people, now)
        grown = Certificate.objects.filter(participation__in=people, series=None).update(series=self.meeting.series)
        return grown + issue_all(people, now, self.meeting.series)

    def give(self, now: datetime) -> "Given":
        """Issue, and ask for a letter to each who has none and will not get it with the thanks for this meeting."""
        made, mine = self.issue(now), Certificate.objects.valid().filter(participation__in=self.entitled())
        thanked = will_be_thanked(self.meeting, now)
        with_thanks = mine.filter(participation__in=thanked).count()
        return Given(made, mine.reachable().exclude(participation__in=thanked).ask_letters(now), with_thanks)


class Given(NamedTuple):
    """How many certificates were made, how many letters leave now, how many come with the letter of thanks."""

    made: int
    letters: int
    with_thanks: int


def entitled() -> ParticipationQuerySet:
    """Everybody who came as long as the rule of the meeting says, where it counts one meeting."""
    rule = {"meeting__certificate_rule__whole_series": False, "meeting__cancelled_at": None}
    came = Participation.objects.came().exclude(user=None, name="")
    return came.filter(hours__gte=F("meeting__certificate_rule__least_hours"), **rule)


def give_for_series(people: ParticipationQuerySet, now: datetime) -> None:
    """Certificates of the series that end with a meeting of these people."""
    rules = CertificateRule.objects.filter(whole_series=True, meeting__participations__in=people).distinct()
    for rule in rules.select_related("meeting__series").order_by("pk"):
        rule.give(now)


def issue_all(people: ParticipationQuerySet, now: datetime, series: MeetingSeries | None = None) -> int:
    """Certificates for those of `people` who have none. Again makes none."""
    without = list(people.filter(certificate=None).select_related("user").order_by("pk"))
    Certificate.objects.bulk_create(
        (Certificate(participation=person, code=new_code(), issued_at=now, series=series) for person in without),
        ignore_conflicts=True,
    )
    return len(without)


class CertificateQuerySet(InArea, models.QuerySet["Certificate"]):
    area_path = "participation__meeting__area"

    def valid(self) -> "CertificateQuerySet":
        """Of people who came to a meeting that was held. Whoever is marked as absent later has none."""
        return self.filter(participation__attended_at__isnull=False, participation__meeting__cancelled_at=None)

    def proved_by(self, code: str) -> "CertificateQuerySet":
        """The one to which a code from paper belongs."""
        return self.filter(Q(code=code) | Q(former_codes__contains=[code]))

    def wanting_letter(self) -> "CertificateQuerySet":
        """Those the coordinator has asked to be sent again."""
        return self.valid().reachable().filter(letter_wanted_at__isnull=False)

    def reachable(self) -> "CertificateQuerySet":
        """Those whose owners have an address to write to: an account that is not closed, or an address alone."""
        return self.filter(Q(participation__user__is_active=True) | ~Q(participation__email=""))

    def with_all(self) -> "CertificateQuerySet":
        return self.select_related(
            "participation__meeting__area__host", "participation__meeting__series", "participation__user"
        )

    def ask_letters(self, now: datetime) -> int:
        """Ask for a letter to each who has had none. Again asks for none. Returns how many were asked for."""
        return self.filter(letter_sent_at=None, letter_wanted_at=None).update(letter_wanted_at=now)

    def mark_sent(self, now: datetime) -> int:
        """Their letters were handed to the outbox."""
        return self.update(letter_wanted_at=None, letter_sent_at=now)


class Certificate(models.Model):
    """One person's certificate of one meeting. Name and hours are those of the row it stands on."""

    participation = models.OneToOneField(
        Participation, on_delete=models.CASCADE, related_name="certificate", verbose_name=_("participant")
    )
    code = models.CharField(_("code"), max_length=GROUPS * (LETTERS + 1), unique=True)
    series = models.ForeignKey(
        MeetingSeries,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("of the whole series"),
    )
    # Codes of certificates of the same person and meeting that became this one: papers with them stay true.
    former_codes = ArrayField(models.CharField(max_length=GROUPS * (LETTERS + 1)), default=list, blank=True)
    issued_at = models.DateTimeField(_("made"))
    letter_wanted_at = models.DateTimeField(_("to be sent"), null=True, blank=True)
    letter_sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        """The page that proves it, for whoever has the code."""
        return reverse("meetings:certificate-verify", args=[self.code])

    def parts(self) -> list[Participation]:
        """The meetings it speaks of when it is of a whole series; else none."""
        return parts_of(self.participation) if self.series_id else []

    def ask_letter(self, now: datetime) -> None:
        """Send it, once more when it has been sent."""
        Certificate.objects.filter(pk=self.pk).update(letter_wanted_at=now)

    def prove_also(self, other: "Certificate") -> None:
        """Another certificate of the same person and meeting becomes this one."""
        self.former_codes = [*self.former_codes, other.code, *other.former_codes]
        self.series = self.series or other.series
        self.save(update_fields=["former_codes", "series"])

    def move_to(self, participation: Participation) -> None:
        """The row of the account takes it over."""
        Certificate.objects.filter(pk=self.pk).update(participation=participation)

    def mark_sent(self, now: datetime) -> None:
        """The letter was handed to the outbox."""
        Certificate.objects.filter(pk=self.pk).mark_sent(now)
