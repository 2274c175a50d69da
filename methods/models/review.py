"""What a coordinator said of a method that was sent for review."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from methods.models.method import Method


class ReviewQuerySet(models.QuerySet["Review"]):
    def latest_first(self) -> "ReviewQuerySet":
        return self.order_by("-at", "-pk")


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
