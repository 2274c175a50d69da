"""Notices personal data in free text: the method bank holds no client data."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

# Finnish personal identity code: ddmmyy, a sign of the century, three digits and a check mark (Decree 128/2010)
_IDENTITY_CODE = re.compile(r"\b[0-3]\d[01]\d{3}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]\b", re.IGNORECASE)
# a Finnish or international telephone number of at least eight digits; years and ranges are shorter
_TELEPHONE = re.compile(r"(?<![\d/.,-])(?:\+\d{1,3}[ -]?|0)(?:\d[ -]?){7,12}(?![\d/])")


def holds_identity_code(text: str) -> bool:
    """Something that looks like a personal identity code."""
    return bool(_IDENTITY_CODE.search(text))


def holds_telephone(text: str) -> bool:
    """Something that looks like a telephone number."""
    return bool(_TELEPHONE.search(text))


def warnings_about(texts: Sequence[tuple[str, str]]) -> list[str]:
    """What to look at again in (label, text) of each box: codes first, then telephone numbers."""
    codes = [label for label, text in texts if holds_identity_code(text)]
    numbers = [label for label, text in texts if holds_telephone(text)]
    code = _("“%(field)s” seems to hold a personal identity code. The bank holds no personal data: remove it.")
    number = _("“%(field)s” seems to hold a telephone number. If it is somebody's own, remove it.")
    return [code % {"field": label} for label in codes] + [number % {"field": label} for label in numbers]
