"""A meeting: drafted, published, people invited, moved or cancelled, held."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import CoordinationArea, Municipality, Organisation, User
from contacts.models.term import term_field, terms_field
from lib.text.multilingual import LANGUAGES
from lib.text.richtext import RichTextField, words_only
from meetings.agenda.timetable import Timetable
from meetings.calendar.ical import EUROPEAN_ZONES
from meetings.exceptions import MeetingCancelled, MeetingOver, NotInvited, NotPublished
from meetings.models.agenda import AgendaItem
from meetings.models.dispatch import Dispatch
from meetings.models.meeting_queryset import VISIT, MeetingQuerySet
from meetings.models.reminder_rule import ReminderRule
from networks.models import Membership, Network
from search.searchable import Searchable

if TYPE_CHECKING:
    from meetings.models.participation import Participation
    from meetings.models.series import MeetingSeries
    from meetings.models.signup import SignUp

# Free words for what the vocabulary of themes lacks.
MOST_KEYWORDS = 8


def new_uid() -> str:
    """An identity for calendars that never changes: random, at this installation's host (RFC 5545, 3.8.4.7)."""
    return f"{uuid4()}@{urlsplit(settings.SITE_URL).hostname}"


def home_zone() -> str:
    """The zone in which this installation's people live."""
    return settings.TIME_ZONE


class Meeting(Searchable):
    """One meeting on one occasion, with its own place in everybody's calendar."""

    ONSITE, ONLINE, HYBRID = "onsite", "online", "hybrid"
    MODES = [(ONSITE, _("on site")), (ONLINE, _("online")), (HYBRID, _("on site and online"))]
    PUBLIC, MEMBERS, NETWORK = "public", "members", "network"
    VISIBILITIES = [
        (PUBLIC, _("everybody")),
        (MEMBERS, _("members in the area")),
        (NETWORK, _("members of its networks")),
    ]
    # What the form and `change` keep; the rest is the meeting's history and belongs to the verbs.
    FACTS = ["area", "slug", "title", "kind", "mode", "starts_at", "ends_at", "time_zone"]
    FACTS += ["place_name", "street_address", "postcode", "town", "municipality", "accessibility", "join_url"]
    FACTS += ["summary", "description", "price_note", "visibility", "is_external", "held_by", "host", "keywords"]

    area = models.ForeignKey(
        CoordinationArea, on_delete=models.PROTECT, related_name="meetings", verbose_name=_("area")
    )
    networks = models.ManyToManyField(
        Network,
        blank=True,
        related_name="meetings",
        verbose_name=_("networks"),
        help_text=_("Whose meeting this is: their members are invited."),
    )
    slug = models.SlugField(
        _("address"),
        max_length=120,
        unique=True,
        help_text=_("The end of the page's address. Leave it empty: it is made of the title and the day."),
    )
    title = models.CharField(_("title"), max_length=160)
    kind = term_field("event_types", _("kind"))
    mode = models.CharField(_("way of meeting"), max_length=10, choices=MODES, default=ONSITE)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    time_zone = models.CharField(
        _("time zone"), max_length=40, choices=[(zone, zone) for zone in EUROPEAN_ZONES], default=home_zone
    )
    place_name = models.CharField(
        _("place"), max_length=120, blank=True, help_text=_("The name people find on the door.")
    )
    street_address = models.CharField(_("street address"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    town = models.CharField(_("town"), max_length=60, blank=True)
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("municipality"),
        help_text=_("Where the meeting is held. People find it by this."),
    )
    accessibility = models.TextField(
        _("accessibility"), blank=True, help_text=_("Steps, door, toilet, hearing loop: what a visitor needs to know.")
    )
    join_url = models.URLField(
        _("link for joining online"),
        max_length=1000,
        blank=True,
        help_text=_("Only those who are invited see it; it never stands on a public page."),
    )
    summary = models.CharField(
        _("summary"), max_length=300, help_text=_("One or two sentences for lists and the letter.")
    )
    description = RichTextField(_("description"), blank=True)
    themes = terms_field("topics", _("themes"), blank=True, help_text=_("Meetings are found and counted by these."))
    keywords = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("keywords"),
        default=list,
        db_default=[],
        blank=True,
        size=MOST_KEYWORDS,
    )
    price_note = models.CharField(_("price"), max_length=200, blank=True, help_text=_("Leave empty when it is free."))
    visibility = models.CharField(_("shown to"), max_length=10, choices=VISIBILITIES, default=PUBLIC)
    is_external = models.BooleanField(
        _("held by somebody else"), default=False, help_text=_("Another body holds it and the network takes part.")
    )
    held_by = models.CharField(
        _("who holds it"),
        max_length=160,
        blank=True,
        db_default="",
        help_text=_("The network or body as people know it. Only for a meeting held by somebody else."),
    )
    host = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="hosted_meetings",
        verbose_name=_("organisation that holds it"),
        help_text=_("When it is in the register. Its name is shown if the box above is empty."),
    )
    series = models.ForeignKey(
        "meetings.MeetingSeries",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="meetings",
        verbose_name=_("series"),
    )
    detached_at = models.DateTimeField(_("changed by itself"), null=True, blank=True, editable=False)
    uid = models.CharField(max_length=120, unique=True, default=new_uid, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    invited_at = models.DateTimeField(_("people invited"), null=True, blank=True, editable=False)
    announced_at = models.DateTimeField(_("change told"), null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)
    cancel_reason = models.CharField(_("reason for cancelling"), max_length=300, blank=True, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta(Searchable.Meta):
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        indexes = [
            *Searchable.Meta.indexes,
            GinIndex(fields=["slug"], opclasses=["gin_trgm_ops"], name="meeting_address"),
            models.Index(fields=["starts_at", "id"], name="meeting_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="meeting_ends_after_start",
                violation_error_message=_("The meeting must end after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(join_url="") | Q(join_url__startswith="https://"),
                name="meeting_link_is_https",
                violation_error_message=_("The link for joining must begin with https://."),
            ),
            models.CheckConstraint(
                condition=~Q(published_at=None) | Q(invited_at=None, cancelled_at=None),
                name="meeting_published_before_invited_or_cancelled",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:meeting-detail", args=[self.slug])

    def weighted_words(self) -> Iterator[tuple[str, str, str]]:
        """Never the link for joining, and no names of networks: not everybody may know of each network."""
        yield self.title, "fi", "A"
        yield self.summary, "fi", "B"
        for language in LANGUAGES:
            yield getattr(self.kind, language), language, "B"
            for theme in self.themes.all():
                yield getattr(theme, language), language, "B"
        yield " ".join(self.keywords), "fi", "B"
        yield words_only(self.description), "fi", "C"
        for text in (self.place_name, self.town, self.municipality.name_fi if self.municipality else ""):
            yield text, "fi", "C"

    # questions

    def is_over(self, now: datetime) -> bool:
        return self.ends_at <= now

    def is_coming(self, now: datetime) -> bool:
        """Published and to be held, or going on now."""
        return not (self.is_draft or self.is_cancelled or self.is_over(now))

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    def is_visit(self) -> bool:
        return self.kind.code == VISIT

    def has_come(self, today: date) -> bool:
        """Its day has come, by the clock of its own place."""
        return self.starts_at.astimezone(self.zone).date() <= today

    @property
    def is_online(self) -> bool:
        """Can be joined from afar."""
        return self.mode != self.ONSITE

    @property
    def place(self) -> str:
        """The place in one line, without any link."""
        town = f"{self.postcode} {self.town}".strip()
        return ", ".join(part for part in (self.place_name, self.street_address, town) if part)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def may_see_link(self, user: Any) -> bool:
        """Whether a person may join online: those it is for (with sign-up: who has a place) and its coordinators.

        A place alone opens nothing to somebody to whom the meeting is not shown any more.
        """
        if not user.is_authenticated or self.is_run_by(user):
            return user.is_authenticated
        if self.rules_of_signup() is None:
            return self.is_for(user)
        return self.participations.placed().filter(user=user).exists() and self.is_shown_to(user)

    def is_run_by(self, user: Any) -> bool:
        return user.is_superuser or self.area_id in user.area_ids_run()

    def is_shown_to(self, user: Any) -> bool:
        """Whether an account that is not closed sees it (`visible_to`); of one for everybody nothing is asked."""
        if not user.is_active or self.is_draft:
            return False
        return self.visibility == self.PUBLIC or Meeting.objects.visible_to(user).filter(pk=self.pk).exists()

    def is_asked(self, user: User) -> bool:
        """Whether somebody belongs to it without having signed up: a member of its networks now, or a guest."""
        return self._is_of_networks_of(user) or self.participations.filter(user=user, is_guest=True).exists()

    def is_for(self, user: User) -> bool:
        """Whether a person may answer: somebody asked, or who signed up and still sees the meeting."""
        if self._is_of_networks_of(user):
            return True
        own = self.participations.filter(user=user).first()
        return own is not None and (own.is_guest or (own.is_signed_up and self.is_shown_to(user)))

    def _is_of_networks_of(self, user: User) -> bool:
        return self.networks.filter(pk__in=user.network_ids()).exists()

    def rules_of_signup(self) -> "SignUp | None":
        """How one signs up, when it is more than an answer."""
        return getattr(self, "signup", None)

    def timetable(self, is_inside: bool = True) -> Timetable:
        """The agenda with a clock beside it; hidden items take their time too."""
        return Timetable.of(list(self.agenda.in_order()), self.starts_at, self.ends_at, is_inside)

    def people(self, now: datetime) -> models.QuerySet[User]:
        """Who may lead an item, take a task or write the minutes: members, participants and coordinators."""
        members = Membership.objects.active().filter(network__in=self.networks.all()).values("user")
        came = self.participations.exclude(user=None).values("user")
        coordinators = User.objects.coordinating(self.area, timezone.localdate(now)).order_by().values("pk")
        chosen = Q(pk__in=members) | Q(pk__in=came) | Q(pk__in=coordinators)
        return User.objects.active().filter(chosen).alphabetical()

    def main_network(self) -> Network | None:
        """In whose register its decisions stand: the first of its networks."""
        return self.networks.all().in_order().first()

    def wall_clock(self, moment: datetime) -> datetime:
        """A moment as the clock in the room shows it, without a zone."""
        return moment.astimezone(self.zone).replace(tzinfo=None)

    def next_day(self) -> date:
        """Four weeks later: the day that a copy gets when nobody says another."""
        return (self.wall_clock(self.starts_at) + timedelta(weeks=4)).date()

    def on_day(self, day: date) -> tuple[datetime, datetime]:
        """When it would begin and end on another day, at the same time of day."""
        starts, ends = self.wall_clock(self.starts_at), self.wall_clock(self.ends_at)
        moved = datetime.combine(day, starts.time())
        return moved.replace(tzinfo=self.zone), (moved + (ends - starts)).replace(tzinfo=self.zone)

    # verbs, in the order life calls them

    @transaction.atomic
    def publish(self, now: datetime) -> None:
        """Show it and list the members of its networks; again lists newcomers. Raises MeetingCancelled."""
        if self.is_cancelled:
            raise MeetingCancelled
        Meeting.objects.filter(pk=self.pk, published_at=None).update(published_at=now, changed_at=now)
        self.refresh_from_db(fields=["published_at", "changed_at"])
        self.participations.list_members(self, now)

    @transaction.atomic
    def invite(self, now: datetime, by: User | None = None) -> None:
        """Wish that everybody on the list who has not been asked is asked; the round does it after a hold.

        Raises NotPublished, MeetingOver or MeetingCancelled.
        """
        self._refuse_unless_coming(now)
        self.participations.list_members(self, now)
        Dispatch.objects.schedule(self, Dispatch.INVITE, now, by)

    @transaction.atomic
    def change(self, now: datetime, **facts: Any) -> bool:
        """Keep new facts. True when the time of a published meeting changed: then SEQUENCE grows (RFC 5546, 2.1.4)."""
        before = Meeting.objects.select_for_update().get(pk=self.pk)
        for name, value in facts.items():
            setattr(self, name, value)
        moved = not before.is_draft and self._hours() != before._hours()
        self.sequence, self.changed_at = before.sequence + moved, now
        self.save(update_fields=[*self.FACTS, "sequence", "changed_at"])
        self.index()
        return moved

    def move(self, starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
        """Give it another time. Raises MeetingCancelled."""
        if self.is_cancelled:
            raise MeetingCancelled
        return self.change(now, starts_at=starts_at, ends_at=ends_at)

    def notify(self, now: datetime, by: User | None = None) -> None:
        """Wish that those who were asked learn of the change. Raises NotPublished, MeetingOver or MeetingCancelled."""
        self._refuse_unless_coming(now)
        Dispatch.objects.schedule(self, Dispatch.TELL, now, by)

    @transaction.atomic
    def cancel(self, now: datetime, reason: str = "", notify: bool = True, by: User | None = None) -> None:
        """Call it off; those who were asked or said they would come are told, unless it is done quietly.

        Raises NotPublished, MeetingOver or MeetingCancelled.
        """
        self._refuse_unless_coming(now)
        values: dict[str, Any] = {"cancelled_at": now, "changed_at": now, "cancel_reason": reason}
        values |= {"sequence": F("sequence") + 1}
        if not Meeting.objects.filter(pk=self.pk, cancelled_at=None).update(**values):
            raise MeetingCancelled
        if notify:
            Dispatch.objects.schedule(self, Dispatch.CANCEL, now, by)
        else:
            Dispatch.objects.drop(self, now, by)
        self.refresh_from_db()

    def reinstate(self, sequence: int, now: datetime) -> None:
        """Not cancelled after all. Feeds may have shown the higher SEQUENCE, so it stays; answers to the same time are
        answers to this version too (RFC 5546, 2.1.4)."""
        self.stamp(cancelled_at=None, cancel_reason="", changed_at=now)
        answered = self.participations.filter(answered_sequence=sequence - 1)
        answered.update(answered_sequence=F("answered_sequence") + 1)
        self.refresh_from_db(fields=["sequence"])

    def ask_again(self, now: datetime) -> None:
        """Make the answers old, so that calendars ask anew: SEQUENCE grows though the time stays.

        Raises NotPublished, MeetingOver or MeetingCancelled.
        """
        self._refuse_unless_coming(now)
        self.stamp(sequence=F("sequence") + 1, changed_at=now)

    def take_answer(self, user: User, answer: str, now: datetime, comment: str = "") -> "Participation":
        """Keep a person's own answer given on the page. Raises NotInvited, MeetingOver or MeetingCancelled."""
        if not self.is_for(user):
            raise NotInvited
        participation, _is_new = self.participations.get_or_create(user=user, defaults={"added_at": now})
        participation.give_answer(answer, now=now, via="web", comment=comment)
        return participation

    # a copy, and a series

    def copy(self, now: datetime, on: date | None = None) -> "Meeting":
        """A draft of the next one, at the same time of day."""
        starts_at, _ends_at = self.on_day(on or self.next_day())
        return self.copy_to(starts_at, now)

    @transaction.atomic
    def copy_to(self, starts_at: datetime, now: datetime) -> "Meeting":
        """A draft like this one at another moment, as long on the wall clock. The old link is not carried over."""
        length = self.wall_clock(self.ends_at) - self.wall_clock(self.starts_at)
        ends_at = (self.wall_clock(starts_at) + length).replace(tzinfo=self.zone)
        facts = {name: getattr(self, name) for name in self.FACTS} | {"starts_at": starts_at, "ends_at": ends_at}
        facts |= {"join_url": "", "slug": Meeting.objects.free_slug(self.title, starts_at.date()), "changed_at": now}
        following = Meeting.objects.create(**facts)
        following.networks.set(self.networks.all())
        following.themes.set(self.themes.all())
        AgendaItem.objects.copy(self, following)
        ReminderRule.objects.carry_over(self, following, now)
        self.copy_rules_to(following)
        following.index()
        return following

    def copy_rules_to(self, following: "Meeting") -> None:
        """Sign-up with its questions, and the rule of certificates: no people, no replies, nothing that was given."""
        if signup := self.rules_of_signup():
            signup.copy_to(following)
        if rule := getattr(self, "certificate_rule", None):
            rule.copy_to(following)

    def join(self, series: "MeetingSeries") -> None:
        """Become one of a series."""
        self.series, self.detached_at = series, None
        self.save(update_fields=["series", "detached_at"])

    def detach(self, now: datetime) -> None:
        """Go its own way from now on: a change of the whole series leaves it alone."""
        Meeting.objects.filter(pk=self.pk, detached_at=None).update(detached_at=now)

    # for the verbs of what belongs to a meeting

    def lock(self) -> "Meeting":
        """The row as it is now: until the transaction ends nobody else sends, recalls or changes a place of it."""
        return Meeting.objects.select_for_update(no_key=True).get(pk=self.pk)

    def stamp(self, **values: Any) -> None:
        """Store moments of the meeting's history without touching its facts."""
        Meeting.objects.filter(pk=self.pk).update(**values)
        self.refresh_from_db(fields=list(values))

    def _refuse_unless_coming(self, now: datetime) -> None:
        if self.is_draft:
            raise NotPublished
        if self.is_cancelled:
            raise MeetingCancelled
        if self.is_over(now):
            raise MeetingOver

    def _hours(self) -> tuple[datetime, datetime, str]:
        return self.starts_at, self.ends_at, self.time_zone
