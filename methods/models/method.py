"""A method (one activity) or an operating model (a way to organise work), from draft to published.

Its life is draft → sent for review → returned or published → archived; each state is a date.
"""

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinLengthValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import CoordinationArea, Municipality, Organisation, User
from contacts.models.term import term_field, terms_field
from methods.exceptions import Incomplete, Lack, LastAuthor, NoWhole
from methods.models import method_fields as fields
from methods.models.completeness import lacks_of
from methods.models.drawn_cover import DrawnCover, drawn_cover_of
from methods.models.former_address import free_slug
from methods.models.free_texts import codes_in
from methods.models.method_facts import LICENCE_URLS, VOCABULARY, Facts, facts_in_brief, facts_of
from methods.models.method_queryset import MethodQuerySet
from methods.models.verification import MONTHS, months_before
from networks.models import Network

if TYPE_CHECKING:
    from methods.models.step import MethodStep


# how people write that nothing is needed
NO_MATERIALS = re.compile(
    r"(?:[-–—]|ei(?: ole)?(?: mit[äa]+n| väline\w*| tarvik\w*| materiaal\w*| tarvita(?: \w+)?)?|inga?(?: \w+)?|inget"
    r"(?: \w+)?|none|nothing|no (?:equipment|materials?)(?: needed)?|-)?[.!]?",
    re.IGNORECASE,
)


class Method(models.Model):  # type: ignore[django-manager-missing]
    """One page of the method bank. What belongs to the other kind stays empty; a draft needs a title and a kind."""

    METHOD, MODEL, KINDS = fields.METHOD, fields.MODEL, fields.KINDS
    PUBLIC, MEMBERS, VISIBILITIES = fields.PUBLIC, fields.MEMBERS, fields.VISIBILITIES
    NETWORK, COORDINATORS = fields.NETWORK, fields.COORDINATORS
    DRAFT, WAITING, RETURNED, PUBLISHED, ARCHIVED = "draft", "waiting", "returned", "published", "archived"
    STATES = {
        DRAFT: _("draft"),
        WAITING: _("waits for review"),
        RETURNED: _("returned for changes"),
        PUBLISHED: _("published"),
        ARCHIVED: _("archived"),
    }

    # what it is
    area = models.ForeignKey(CoordinationArea, on_delete=models.PROTECT, related_name="methods", verbose_name=_("area"))
    kind = models.CharField(_("kind"), max_length=10, choices=KINDS)
    slug = models.SlugField(_("address"), max_length=120, unique=True)
    title = models.CharField(_("title"), max_length=120, validators=[MinLengthValidator(5)])
    summary = models.CharField(_("summary"), max_length=200, blank=True)
    language = models.CharField(
        _("language of the text"),
        max_length=2,
        choices=[("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))],
        default="fi",
    )
    keywords = ArrayField(models.CharField(max_length=40), verbose_name=_("keywords"), default=list, blank=True, size=8)

    # for whom and where
    topics = terms_field("topics", _("topics"), blank=True)
    target_groups = terms_field("target_groups", _("target groups"), blank=True)
    settings = terms_field("settings", _("places"), blank=True)
    languages = terms_field("languages", _("languages it can be run in"), blank=True)
    competences = terms_field("competences", _("competences of the youth worker"), blank=True)
    age_min = fields.number(_("youngest"), 0, 99)
    age_max = fields.number(_("oldest"), 0, 99)
    group_min = fields.number(_("smallest group"), 1, 500)
    group_max = fields.number(_("largest group"), 1, 500)
    duration_min = fields.number(_("shortest, minutes"), 1, 30_000)
    duration_max = fields.number(_("longest, minutes"), 1, 30_000)
    facilitators = fields.number(_("facilitators"), 1, 10)
    preparation = term_field("preparation_levels", _("preparation"), null=True, blank=True)

    # the body of a method
    goal = models.CharField(_("goal"), max_length=300, blank=True)
    materials = models.JSONField(_("materials"), **fields.LINES)
    debrief = models.JSONField(_("questions for talking it over"), **fields.LINES)
    variations = models.JSONField(_("variations"), **fields.LINES)
    tips = models.JSONField(_("tips"), **fields.LINES)
    safety = models.TextField(_("safety and accessibility"), blank=True, max_length=5000)
    evaluation = models.TextField(_("evaluation"), blank=True, max_length=5000)

    # the body of an operating model
    basic_idea = models.TextField(_("basic idea of the solution"), blank=True, max_length=10_000)
    environment = models.TextField(_("operating environment"), blank=True, max_length=10_000)
    target_understanding = models.TextField(_("target group and client understanding"), blank=True, max_length=10_000)
    conditions = models.JSONField(_("conditions for functioning and roll-out"), **fields.LINES)
    results = models.TextField(_("evaluation results in brief"), blank=True, max_length=10_000)
    tips_for_adopters = models.JSONField(_("tips for adopters of the model"), **fields.LINES)
    resources = models.TextField(_("resources"), blank=True, max_length=5000)
    partners = models.JSONField(_("partners"), **fields.LINES)
    indicators = models.JSONField(_("indicators"), **fields.LINES)
    funder = models.CharField(_("funder"), max_length=200, blank=True)
    place = models.CharField(_("place of implementation"), max_length=200, blank=True)
    locality = models.CharField(
        _("municipalities, region or wellbeing services county"), max_length=300, blank=True, db_default=""
    )
    stage = term_field("development_stages", _("phase of development"), null=True, blank=True)

    # what was pasted along and fits nowhere yet: for the authors' eyes only
    other = models.TextField(_("text that has found no place yet"), blank=True, max_length=40_000)

    # whose it is; organisation and municipality as they were, so that a change of job rewrites nothing
    author = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="authored", verbose_name=_("author")
    )
    author_role = models.CharField(_("author's post"), max_length=120, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="methods",
        verbose_name=_("organisation"),
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="methods",
        verbose_name=_("municipality"),
    )
    credits = models.TextField(_("thanks and sources"), blank=True, max_length=1000)
    source_url = models.URLField(_("address of the source"), blank=True)
    derived_from = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="derivatives",
        verbose_name=_("adapted from"),
    )
    licence = term_field("licences", _("licence"), null=True, blank=True)
    visibility = models.CharField(_("shown to"), max_length=12, choices=VISIBILITIES, default=PUBLIC)
    network = models.ForeignKey(
        Network, on_delete=models.PROTECT, null=True, blank=True, related_name="methods", verbose_name=_("network")
    )

    # its authors and its place among others
    co_authors = models.ManyToManyField(User, blank=True, related_name="co_authored", verbose_name=_("co-authors"))
    related = models.ManyToManyField("self", blank=True, verbose_name=_("see also"))
    part_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="parts", verbose_name=_("larger whole")
    )

    # its life
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(_("sent for review"), null=True, blank=True, editable=False)
    handed_over_at = models.DateTimeField(_("given to the coordinator"), null=True, blank=True, editable=False)
    returned_at = models.DateTimeField(_("returned"), null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)
    verified_on = models.DateField(_("last checked"), null=True, blank=True, editable=False)
    check_asked_at = models.DateTimeField(_("authors asked to check"), null=True, blank=True, editable=False)
    check_reminded_at = models.DateTimeField(_("authors asked again"), null=True, blank=True, editable=False)

    # counted by the verbs of `Trial`, so that long lists need not count
    trial_count = models.PositiveIntegerField(_("times tried"), default=0, db_default=0, editable=False)

    # the form it was begun with, so that a request that comes twice begins one method
    key = models.UUIDField(default=uuid4, db_default=RandomUUID(), unique=True, editable=False)
    # steps and words of the vocabulary as they were kept, so that a version is one row
    kept = models.JSONField(default=dict, editable=False)

    objects = MethodQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind", "method")
        verbose_name_plural = _("methods")
        indexes = [
            GinIndex(fields=["slug"], opclasses=["gin_trgm_ops"], name="method_address"),
            models.Index(
                fields=["verified_on"], condition=Q(check_reminded_at__isnull=False), name="method_unanswered_check"
            ),
            models.Index(F("published_at").desc(nulls_last=True), F("id").desc(), name="method_newest"),
        ]
        constraints = [
            fields.in_order(
                "age_min", "age_max", "method_age_in_order", _("The youngest cannot be older than the oldest.")
            ),
            fields.in_order(
                "group_min", "group_max", "method_group_in_order", _("The smallest group is larger than the largest.")
            ),
            fields.in_order(
                "duration_min",
                "duration_max",
                "method_time_in_order",
                _("The shortest time is longer than the longest."),
            ),
            models.CheckConstraint(
                condition=Q(kind="model") | Q(stage=None),
                name="method_stage_only_for_models",
                violation_error_message=_("Only an operating model has a phase of development."),
            ),
            models.CheckConstraint(
                condition=~Q(visibility="network") | Q(network__isnull=False),
                name="method_network_named",
                violation_error_message=_("Choose the network whose members see this."),
            ),
            models.CheckConstraint(condition=~Q(part_of=F("id")), name="method_not_part_of_itself"),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(submitted_at__isnull=False), name="method_submitted_before_published"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("methods:method-detail", args=[self.slug])

    # questions: what it is

    @property
    def is_model(self) -> bool:
        return self.kind == self.MODEL

    @property
    def facts(self) -> Facts:
        """Age, group and time in words."""
        return facts_of(self)

    @property
    def brief(self) -> list[str]:
        """The few facts of a card, in words."""
        return facts_in_brief(self)

    @property
    def drawn_cover(self) -> DrawnCover:
        """What stands in the place of a picture."""
        return drawn_cover_of(self)

    @property
    def needs_equipment(self) -> bool:
        """It names materials, in other words than that there are none."""
        return any(not NO_MATERIALS.fullmatch(line.strip()) for line in self.materials)

    @property
    def reuse_url(self) -> str:
        """The text of the licence, in the Creative Commons' own words."""
        return LICENCE_URLS.get(self.licence.code, "") if self.licence else ""

    # questions: who

    def is_written_by(self, user: Any) -> bool:
        """Among the authors, the first or another."""
        return user.is_authenticated and (self.author_id == user.pk or self.co_authors.filter(pk=user.pk).exists())

    def author_pks(self) -> list[int]:
        """All the authors, the first one and the others."""
        others = list(self.co_authors.values_list("pk", flat=True))
        return [self.author_id, *others] if self.author_id else others

    def authors(self) -> list[User]:
        """All the authors, the first one first."""
        found = {user.pk: user for user in User.objects.filter(pk__in=self.author_pks()).alphabetical()}
        first = found.pop(self.author_id, None) if self.author_id else None
        return [first, *found.values()] if first else list(found.values())

    def may_be_reviewed_by(self, user: Any) -> bool:
        """It waits, this person coordinates its area, and did not write it."""
        runs = user.is_superuser or self.area_id in user.area_ids_run()
        return self.is_waiting and runs and not self.is_written_by(user)

    def is_editable_by(self, user: Any) -> bool:
        """For the author and the area's coordinator."""
        return user.is_authenticated and Method.objects.editable_by(user).filter(pk=self.pk).exists()

    # questions: where in its life

    @property
    def state(self) -> str:
        """Where in its life the method stands, told by its dates."""
        if self.archived_at:
            return self.ARCHIVED
        if self.published_at:
            return self.PUBLISHED
        if self.submitted_at:
            return self.WAITING
        return self.RETURNED if self.returned_at else self.DRAFT

    @property
    def state_words(self) -> str:
        return str(self.STATES[self.state])

    @property
    def is_draft(self) -> bool:
        """Not sent yet, or returned: the author has the next move."""
        return self.state in (self.DRAFT, self.RETURNED)

    @property
    def is_handed_over(self) -> bool:
        """A draft that the coordinator is to complete."""
        return self.handed_over_at is not None and self.is_draft

    @property
    def is_waiting(self) -> bool:
        return self.state == self.WAITING

    @property
    def is_published(self) -> bool:
        return self.state == self.PUBLISHED

    @property
    def is_archived(self) -> bool:
        return self.state == self.ARCHIVED

    def is_old(self, today: date) -> bool:
        """Published, and nobody has checked it for 24 months."""
        return bool(self.is_published and self.verified_on and self.verified_on <= months_before(today, MONTHS))

    def lacks(self) -> list[Lack]:
        """What is missing before others can use this, in the order of the form, and what has to go."""
        return [*lacks_of(self), *codes_in(self)]

    # verbs, in the order life calls them

    def start(self, author: User, now: datetime) -> None:
        """Store a new draft of a person, in the person's area, with an address made of the title."""
        self.author, self.area = author, _area_of(author)
        self.slug = free_slug(self)
        self.created_at = self.changed_at = now
        self.save()

    def save_changes(self, now: datetime, steps: "list[MethodStep] | None" = None) -> None:
        """Store what was written, the steps in their order, and make it findable.

        A published method must stay complete: raises Incomplete, and the caller's transaction decides.
        """
        self.changed_at = now
        if steps is not None:
            self.steps.replace(self, steps)
        self.kept = self._as_kept()
        self.save()
        self.index()
        if self.is_published:
            self._refuse_incomplete()

    def submit(self, now: datetime) -> bool:
        """Send for review. Raises Incomplete with all that is missing. True when this call did it."""
        self._refuse_incomplete()
        waiting_for_author = type(self).objects.filter(pk=self.pk, submitted_at=None, archived_at=None)
        return self._took(waiting_for_author.update(submitted_at=now))

    def accept(self, now: datetime) -> bool:
        """Publish what waits for a review; `Review.objects.give` says by whom. Raises Incomplete when something went
        missing while it waited. True when this call did it.
        """
        self._refuse_incomplete()
        changes = {"published_at": now, "verified_on": timezone.localdate(now), "returned_at": None}
        is_taken = self._took(type(self).objects.waiting().filter(pk=self.pk).update(**changes))
        if is_taken:
            self.readdress()
        return is_taken

    def send_back(self, now: datetime) -> bool:
        """Return what waits for a review to its authors. True when this call did it."""
        changes = {"submitted_at": None, "returned_at": now}
        return self._took(type(self).objects.waiting().filter(pk=self.pk).update(**changes))

    def readdress(self) -> None:
        """Before readers come, the address follows the title; the one it had leads on to it."""
        stem = slugify(self.title)[:110] or self.kind
        if self.slug != stem and not re.fullmatch(rf"{stem}-\d+", self.slug):
            former, self.slug = self.slug, free_slug(self)
            type(self).objects.filter(pk=self.pk).update(slug=self.slug)
            self.former_addresses.filter(slug=self.slug).delete()
            self.former_addresses.create(slug=former)

    def archive(self, now: datetime) -> bool:
        """Take it from the lists; its page stays for its author and the coordinator."""
        return self._took(type(self).objects.filter(pk=self.pk, archived_at=None).update(archived_at=now))

    def restore(self) -> bool:
        """Put an archived one back where it was."""
        return self._took(type(self).objects.filter(pk=self.pk).exclude(archived_at=None).update(archived_at=None))

    def index(self) -> None:
        """Make the words of this method findable as they are now."""
        self.findable.index()

    # verbs: its verification

    def verify(self, now: datetime) -> None:
        """Somebody who may edit this has read it and it is still right."""
        self._set(verified_on=timezone.localdate(now), check_asked_at=None, check_reminded_at=None)

    def ask_to_check(self, now: datetime) -> bool:
        """Take the turn to write to the authors. True when this call took it."""
        return bool(type(self).objects.to_ask(now).filter(pk=self.pk).update(check_asked_at=now))

    def remind_to_check(self, now: datetime) -> bool:
        """Take the turn to write once more. True when this call took it."""
        return bool(type(self).objects.to_remind(now).filter(pk=self.pk).update(check_reminded_at=now))

    def give_up_asking(self, now: datetime) -> None:
        """There is no author left to write to: it becomes the coordinator's at once."""
        self._set(check_reminded_at=now)

    # verbs: its authors and its place among others

    def add_author(self, person: User) -> bool:
        """Make a person one of the authors. True when this call did it."""
        if self.is_written_by(person):
            return False
        self.co_authors.add(person)
        return True

    def remove_author(self, person: User) -> None:
        """A person is no author any more; the first of the others takes the first place. Raises LastAuthor."""
        with transaction.atomic():
            others = [pk for pk in self.author_pks() if pk != person.pk]
            if not others:
                raise LastAuthor
            self.co_authors.remove(person)
            if self.author_id == person.pk:
                self.author_id = others[0]
                self.co_authors.remove(others[0])
                self.save(update_fields=["author"])

    def join(self, whole: Any) -> None:
        """Become a part of a larger whole. Wholes and parts are two levels, never more: raises NoWhole."""
        if whole.pk == self.pk or whole.part_of_id or self.parts.exists():
            raise NoWhole
        self._set_whole(whole)

    def leave_whole(self) -> None:
        self._set_whole(None)

    # inside

    def _set_whole(self, whole: Any) -> None:
        self.part_of = whole
        self.save(update_fields=["part_of"])

    def _set(self, **values: Any) -> None:
        type(self).objects.filter(pk=self.pk).update(**values)
        self.refresh_from_db()

    def _refuse_incomplete(self) -> None:
        lacks = self.lacks()
        if lacks:
            raise Incomplete(lacks)

    def _took(self, changed: int) -> bool:
        self.refresh_from_db()
        return changed == 1

    def _as_kept(self) -> dict[str, Any]:
        rows = self.steps.in_order().values("title", "text", "minutes", "is_in_advance")
        words = {name: sorted(getattr(self, name).values_list("pk", flat=True)) for name in VOCABULARY}
        return {"steps": list(rows), **words}


def _area_of(author: User) -> CoordinationArea:
    """Where the author belongs; who belongs to several areas writes for that of the municipality of work."""
    own = CoordinationArea.objects.filter(pk__in=author.area_ids()) or CoordinationArea.objects.all()
    municipality = author.municipality_of_work()
    there = own.filter(municipalities=municipality) if municipality else own.none()
    return there.order_by("pk").first() or own.order_by("pk")[0]
