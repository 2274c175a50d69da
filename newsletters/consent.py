"""What a reader agrees to when joining a list. A new wording gets a new version, so that old consents stay provable."""

from django.utils.translation import gettext_lazy as _

VERSION = "2026-11"

TEXT = _(
    "We use your address only to send you the lists you choose. Every letter has a link to leave, and your address is "
    "removed from the list at once."
)
