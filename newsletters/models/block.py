"""The blocks that an issue is made of."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lib.text.multilingual import LANGUAGES, translated
from lib.text.richtext import RichTextField
from meetings.models import Meeting
from methods.models import Method
from networks.models import NewsItem
from newsletters.models.issue import Issue


class BlockQuerySet(models.QuerySet["Block"]):
    def in_order(self) -> "BlockQuerySet":
        """With everything that a letter or a page shows of them."""
        return self.select_related(*Block.THINGS, "meeting__kind", "meeting__signup", "news__network").order_by(
            "order", "pk"
        )

    def with_content(self) -> "BlockQuerySet":
        """Those that say something: a thing, or a text that has words."""
        wordless = {f"{part}_{code}": "" for part in ("title", "body") for code in LANGUAGES}
        return self.exclude(kind=Block.TEXT, **wordless)

    def copy_to(self, issue: Issue) -> None:
        """The same blocks once more, in another issue."""
        rows = list(self.order_by("order", "pk"))
        for order, row in enumerate(rows, start=1):
            row.pk, row.issue, row.order = None, issue, order
        self.bulk_create(rows)  # type: ignore[arg-type]

    def published(self, now: datetime) -> "BlockQuerySet":
        """Text, and of the things told about those that are published, whoever may see them."""
        return self.filter(
            Q(kind=Block.TEXT)
            | Q(meeting__in=Meeting.objects.published())
            | Q(method__in=Method.objects.published())
            | Q(news__in=NewsItem.objects.published(now))
        )

    def shown_to(self, user: Any) -> "BlockQuerySet":
        """Text, and of the things told about those that the person may see."""
        return self.filter(
            Q(kind=Block.TEXT)
            | Q(meeting__in=Meeting.objects.visible_to(user))
            | Q(method__in=Method.objects.visible_to(user))
            | Q(news__in=NewsItem.objects.visible_to(user))
        )


def without_bare_headings(blocks: "Iterable[Block]", shown: Collection[int]) -> "list[Block]":
    """Those of an issue's blocks, in order, that are shown. A heading goes when all that stood under it is hidden.

    A heading with nothing under it in the whole issue was meant so, and stays.
    """
    kept: list[Block] = []
    hidden_below = False
    for block in blocks:
        if block.is_heading:
            kept, hidden_below = _closed(kept, hidden_below), False
        if block.pk in shown:
            kept.append(block)
        else:
            hidden_below = True
    return _closed(kept, hidden_below)


def _closed(kept: "list[Block]", hidden_below: bool) -> "list[Block]":
    """At the end of a stretch: without its heading when nothing else of it is shown."""
    return kept[:-1] if hidden_below and kept and kept[-1].is_heading else kept


class Block(models.Model):
    """One part of an issue: a text, or a meeting, method or piece of news with words around it."""

    TEXT, MEETING, METHOD, NEWS = "text", "meeting", "method", "news"
    THINGS = (MEETING, METHOD, NEWS)
    KINDS = [(TEXT, _("text")), (MEETING, _("meeting")), (METHOD, _("method")), (NEWS, _("news item"))]

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="blocks", verbose_name=_("issue"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    kind = models.CharField(_("kind"), max_length=8, choices=KINDS, default=TEXT)
    title_fi = models.CharField(
        _("heading in Finnish"), max_length=150, blank=True, help_text=_("Empty: the title of what is chosen below.")
    )
    title_sv = models.CharField(_("heading in Swedish"), max_length=150, blank=True)
    title_en = models.CharField(_("heading in English"), max_length=150, blank=True)
    body_fi = RichTextField(_("text in Finnish"), blank=True)
    body_sv = RichTextField(_("text in Swedish"), blank=True)
    body_en = RichTextField(_("text in English"), blank=True)
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("meeting")
    )
    method = models.ForeignKey(
        Method, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("method")
    )
    news = models.ForeignKey(
        NewsItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("news item")
    )

    objects = BlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="text", meeting=None, method=None, news=None)
                | Q(kind="meeting", meeting__isnull=False, method=None, news=None)
                | Q(kind="method", meeting=None, method__isnull=False, news=None)
                | Q(kind="news", meeting=None, method=None, news__isnull=False),
                name="block_tells_of_what_its_kind_says",
                violation_error_message=_(
                    "Choose exactly what the kind says: a meeting for a meeting, a method for a method, a news item "
                    "for news, and none of them for text."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.title or str(self.get_kind_display())

    @property
    def thing(self) -> Any:
        """The meeting, method or piece of news; None for text."""
        return getattr(self, self.kind) if self.kind in self.THINGS else None

    @property
    def is_heading(self) -> bool:
        """A title above what follows."""
        return self.kind == self.TEXT and bool(self.title) and not self.body

    @property
    def is_empty(self) -> bool:
        """A text without words; the letter leaves it out."""
        return self.kind == self.TEXT and not (self.title or self.body)

    def is_translated_to(self, language: str) -> bool:
        """Whether the block's own words are there in a language; one without own words needs none."""
        return all(
            getattr(self, f"{part}_{language}") or not translated(self, part, language) for part in ("title", "body")
        )

    @property
    def language_status(self) -> list[tuple[str, bool]]:
        """Of each language whether the block's own words are there; nothing when it has none of its own."""
        own = any(getattr(self, f"{part}_{code}") for part in ("title", "body") for code in LANGUAGES)
        return [(code, self.is_translated_to(code)) for code in LANGUAGES] if own else []

    @property
    def title(self) -> str:
        own = translated(self, "title")
        return own or (self.thing.title if self.thing else "")

    @property
    def body(self) -> str:
        return translated(self, "body")

    @property
    def summary(self) -> str:
        """The short words of what it tells about."""
        return self.thing.summary if self.thing else ""
