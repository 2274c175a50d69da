"""What a method holds: every field that its authors write, for both kinds."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinLengthValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import CoordinationArea, Municipality, Organisation, User
from contacts.models.term import term_field, terms_field
from networks.models import Network

LINES: dict[str, Any] = {"default": list, "blank": True}


def _number(words: Any, low: int, high: int) -> "models.PositiveSmallIntegerField[int | None, int | None]":
    """A whole number within bounds, empty in a draft."""
    bounds = [MinValueValidator(low), MaxValueValidator(high)]
    return models.PositiveSmallIntegerField(words, null=True, blank=True, validators=bounds)


class MethodText(models.Model):
    """The text of a method. What belongs to the other kind stays empty; a draft needs only a title and a kind."""

    METHOD, MODEL = "method", "model"
    KINDS = [(METHOD, pgettext_lazy("kind", "method")), (MODEL, _("operating model"))]
    PUBLIC, MEMBERS, NETWORK, COORDINATORS = "public", "members", "network", "coordinators"
    VISIBILITIES = [
        (PUBLIC, _("everybody")),
        (MEMBERS, _("members in the area")),
        (NETWORK, _("members of one network")),
        (COORDINATORS, _("coordinators of all areas")),
    ]
    NETWORK_ONLY = "verkoston-kaytto"  # the licence that keeps a method from the public

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
    age_min = _number(_("youngest"), 0, 99)
    age_max = _number(_("oldest"), 0, 99)
    group_min = _number(_("smallest group"), 1, 500)
    group_max = _number(_("largest group"), 1, 500)
    duration_min = _number(_("shortest, minutes"), 1, 30_000)
    duration_max = _number(_("longest, minutes"), 1, 30_000)
    facilitators = _number(_("facilitators"), 1, 10)
    preparation = term_field("preparation_levels", _("preparation"), null=True, blank=True)

    # the body of a method
    goal = models.CharField(_("goal"), max_length=300, blank=True)
    materials = models.JSONField(_("materials"), **LINES)
    debrief = models.JSONField(_("questions for talking it over"), **LINES)
    variations = models.JSONField(_("variations"), **LINES)
    tips = models.JSONField(_("tips"), **LINES)
    safety = models.TextField(_("safety and accessibility"), blank=True, max_length=5000)
    evaluation = models.TextField(_("evaluation"), blank=True, max_length=5000)

    # the body of an operating model
    basic_idea = models.TextField(_("basic idea of the solution"), blank=True, max_length=10_000)
    environment = models.TextField(_("operating environment"), blank=True, max_length=10_000)
    target_understanding = models.TextField(_("target group and client understanding"), blank=True, max_length=10_000)
    conditions = models.JSONField(_("conditions for functioning and roll-out"), **LINES)
    results = models.TextField(_("evaluation results in brief"), blank=True, max_length=10_000)
    tips_for_adopters = models.JSONField(_("tips for adopters of the model"), **LINES)
    resources = models.TextField(_("resources"), blank=True, max_length=5000)
    partners = models.JSONField(_("partners"), **LINES)
    indicators = models.JSONField(_("indicators"), **LINES)
    funder = models.CharField(_("funder"), max_length=200, blank=True)
    place = models.CharField(_("place of implementation"), max_length=200, blank=True)
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

    class Meta:
        abstract = True

    @property
    def is_model(self) -> bool:
        return self.kind == self.MODEL
