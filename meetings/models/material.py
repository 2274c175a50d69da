"""What belongs to a meeting to be read: slides, papers, recordings, as links or as files of our own."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.exceptions import Refused
from lib.querysets import InArea
from lib.uploads.models import PICTURE_TOLD_IN_WORDS, UploadedFile, UploadedFileQuerySet
from lib.uploads.validation import PICTURE, ValidatedFile
from meetings.models.agenda import AgendaItem
from meetings.models.meeting import Meeting

if TYPE_CHECKING:
    from meetings.models.participation import Participation

MOST_FILES = 10
TOO_MUCH = _("The files of one meeting may take %(most)d MB together, those removed within a week included.")


class MaterialQuerySet(InArea, UploadedFileQuerySet):
    area_path = "meeting__area"

    # which

    def visible_to(self, user: Any) -> "MaterialQuerySet":
        """Those for everybody to whoever sees the meeting; those for members to the people of the meeting."""
        open_ones = Q(visibility=AgendaItem.EVERYBODY, meeting__in=Meeting.objects.visible_to(user))
        return self.shown().filter(open_ones | Q(meeting__in=Meeting.objects.inside_for(user)))

    def shown_to(self, is_inside: bool) -> "MaterialQuerySet":
        """Materials of a meeting that a reader may see; those for members only when the meeting is the reader's own."""
        return self.shown() if is_inside else self.shown().filter(visibility=AgendaItem.EVERYBODY)

    def for_letter_to(self, reader: "Participation") -> "list[Material]":
        """Those of one meeting that somebody of it can open from a letter."""
        return [row for row in self.shown().in_order() if row.is_open_to(reader)]

    def files(self) -> "MaterialQuerySet":
        return self.exclude(token="")

    def in_order(self) -> "MaterialQuerySet":
        return self.order_by("order", "added_at", "pk")

    # verbs

    def add_link(self, meeting: Meeting, now: datetime, **facts: Any) -> "Material":
        """A link, at the end of the list."""
        return self.create(meeting=meeting, added_at=now, order=self.filter(meeting=meeting).next_order(), **facts)

    @transaction.atomic
    def store_upload(
        self, meeting: Meeting, judged: ValidatedFile, person: Any, now: datetime, **facts: Any
    ) -> "Material":
        """Store a file and its row. Raises Refused when there are enough, or no room."""
        Meeting.objects.select_for_update().get(pk=meeting.pk)
        own = self.filter(meeting=meeting)
        _refuse_eleventh(own)
        own.refuse_without_room(judged, TOO_MUCH)
        row = Material(meeting=meeting, added_at=now, order=own.next_order(), **facts)
        row.bring_in(judged, person)
        return row


def _refuse_eleventh(own: MaterialQuerySet) -> None:
    if own.shown().files().count() >= MOST_FILES:
        raise Refused(_("The meeting has %(most)d files already. Remove one first."), most=MOST_FILES)


class Material(UploadedFile):
    """A link or a file, with words that say what it is."""

    ROOM, PAGES = "meetings", "meetings:material"

    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="materials")
    title = models.CharField(_("what it is"), max_length=160, help_text=_("For example: slides of the opening (PDF)."))
    url = models.URLField(_("link"), max_length=1000, blank=True)
    visibility = models.CharField(
        _("shown to"), max_length=10, choices=AgendaItem.VISIBILITIES, default=AgendaItem.MEMBERS
    )
    added_at = models.DateTimeField(_("added"), editable=False)
    # A link is no file.
    kind = models.CharField(_("kind"), max_length=10, choices=UploadedFile.KINDS, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("size"), default=0, editable=False)
    token = models.CharField(max_length=32, blank=True, editable=False)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of a meeting", "material")
        verbose_name_plural = pgettext_lazy("of a meeting", "materials")
        constraints = [
            models.CheckConstraint(
                condition=Q(url="") | Q(url__startswith="https://") | Q(url__startswith="http://"),
                name="material_link_is_of_the_web",
                violation_error_message=_("The link must begin with https:// or http://."),
            ),
            models.CheckConstraint(
                condition=~Q(url="") & Q(token="", kind="") | Q(url="") & ~Q(token="") & ~Q(kind=""),
                name="material_is_link_or_file",
            ),
            models.UniqueConstraint(fields=["token"], condition=~Q(token=""), name="material_token_once"),
            models.CheckConstraint(
                condition=PICTURE_TOLD_IN_WORDS | ~Q(kind=PICTURE), name="material_picture_told_in_words"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    # questions

    @property
    def is_file(self) -> bool:
        return bool(self.token)

    @property
    def slug_of_page(self) -> str:
        return self.meeting.slug

    @property
    def change_url(self) -> str:
        return reverse("meetings:material-change", args=[self.pk])

    @property
    def what(self) -> str:
        return super().what if self.is_file else str(_("link"))

    @property
    def address(self) -> str:
        """Where a letter leads: the file, or for a link the materials on the meeting's page."""
        if not self.is_file:
            return f"{self.meeting.get_absolute_url()}#materials"
        return self.url_of(self.widths[-1]) if self.is_picture else self.download_url

    @property
    def is_public(self) -> bool:
        """Anybody on the internet may have it."""
        meeting = self.meeting
        return self.visibility == AgendaItem.EVERYBODY and not meeting.is_draft and meeting.visibility == meeting.PUBLIC

    def is_open_to(self, reader: "Participation") -> bool:
        """Whether somebody of the meeting can open it from a letter."""
        if reader.user_id is None:
            return self.is_public
        inside = reader.has_place or not self.meeting.rules_of_signup()
        return (inside or self.visibility == AgendaItem.EVERYBODY) and reader.may_see_meeting()

    def neighbours(self) -> MaterialQuerySet:
        return self.meeting.materials.shown().in_order()

    # verbs

    def reword(self, **words: str) -> None:
        """What is said of it, and to whom it is shown."""
        for name, value in words.items():
            setattr(self, name, value)
        self.save(update_fields=list(words))

    def put_back(self, now: datetime) -> None:
        """Show it again. Raises Refused when the meeting has enough files."""
        with transaction.atomic():
            Meeting.objects.select_for_update().get(pk=self.meeting_id)
            if self.is_file:
                _refuse_eleventh(Material.objects.filter(meeting=self.meeting_id))
            Material.objects.filter(pk=self.pk).update(removed_at=None)
