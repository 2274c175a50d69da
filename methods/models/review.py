"""What a coordinator said of a method that was sent for review, as a whole and section by section."""

from collections.abc import Mapping
from datetime import datetime

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from methods.editing.sections import headings
from methods.exceptions import CommentNeeded, NotWaiting, OwnMethod
from methods.models.method import Method


class ReviewQuerySet(models.QuerySet["Review"]):
    def latest_first(self) -> "ReviewQuerySet":
        return self.order_by("-at", "-pk")

    def with_remarks(self) -> "ReviewQuerySet":
        """The newest first, with what a list of them shows."""
        return self.latest_first().select_related("reviewer", "method").prefetch_related("remarks")

    def give(
        self,
        method: Method,
        reviewer: User,
        verdict: str,
        comment: str,
        now: datetime,
        remarks: Mapping[str, str] | None = None,
    ) -> "Review":
        """Publish a method, or return it with words to its author. Nobody reviews their own.

        `remarks` are words on single sections, by the section's code. Raises OwnMethod, CommentNeeded, NotWaiting, or
        Incomplete when something went missing while it waited.
        """
        if method.is_written_by(reviewer):
            raise OwnMethod
        accepts = verdict == Review.ACCEPTED
        if remarks and not comment.strip():
            comment = str(_("See the comments on the sections."))
        if not accepts and not comment.strip():
            raise CommentNeeded
        with transaction.atomic():
            if not (method.accept(now) if accepts else method.send_back(now)):
                raise NotWaiting
            review = self.create(method=method, reviewer=reviewer, verdict=verdict, comment=comment.strip(), at=now)
            for section, words in (remarks or {}).items():
                review.remarks.create(section=section, text=words)
            return review


class Review(models.Model):
    """One verdict. A returned method always carries words for its author."""

    ACCEPTED, RETURNED = "accepted", "returned"
    VERDICTS = [(ACCEPTED, _("accepted")), (RETURNED, _("returned for changes"))]

    method = models.ForeignKey(Method, on_delete=models.CASCADE, related_name="reviews", verbose_name=_("method"))
    reviewer = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("reviewer")
    )
    verdict = models.CharField(_("verdict"), max_length=10, choices=VERDICTS)
    comment = models.TextField(_("comment"), blank=True)
    at = models.DateTimeField(_("given"))

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.CheckConstraint(
                condition=~Q(verdict="returned") | ~Q(comment=""), name="review_returned_with_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method}: {self.get_verdict_display()}"

    @property
    def is_return(self) -> bool:
        return self.verdict == self.RETURNED

    def in_sections(self) -> "list[Remark]":
        """The remarks in the order of the form, each with the `heading` of its section."""
        order = headings(self.method.is_model)
        found = {remark.section: remark for remark in self.remarks.all()}
        for code, heading in order:
            if code in found:
                found[code].heading = heading
        return [found[code] for code, _heading in order if code in found]


class RemarkQuerySet(models.QuerySet["Remark"]):
    def in_order(self) -> "RemarkQuerySet":
        return self.order_by("pk")

    def of_the_last_review(self, method: Method) -> "RemarkQuerySet":
        """Those that the authors have before them now."""
        return self.filter(review=method.reviews.latest_first().values("pk")[:1])


class Remark(models.Model):
    """Words on one section of the form, and what the authors answered."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="remarks", verbose_name=_("review"))
    section = models.CharField(_("section"), max_length=20)
    text = models.TextField(_("comment"), max_length=2000)
    answer = models.TextField(_("answer"), blank=True, max_length=2000)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    heading = ""  # told by Review.in_sections

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment on a section")
        verbose_name_plural = _("comments on sections")
        constraints = [
            models.UniqueConstraint(fields=["review", "section"], name="one_remark_a_section"),
            models.CheckConstraint(condition=~Q(text=""), name="remark_with_words"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    def settle(self, answer: str, is_done: bool, now: datetime) -> None:
        """An author answers, or says that it is done."""
        self.answer = answer
        self.done_at = (self.done_at or now) if is_done else None
        self.save(update_fields=["answer", "done_at"])
