"""Notices personal data in free text: the method bank holds no client data."""

import re
from collections.abc import Iterable

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


def warnings(texts: Iterable[tuple[str, str]]) -> list[str]:
    """What to tell somebody who has stored these (label, text): what seems to be there and should not."""
    found = list(texts)
    codes = _("“%(field)s” seems to hold a personal identity code. The bank holds no personal data: remove it.")
    numbers = _("“%(field)s” seems to hold a telephone number. If it is somebody's own, remove it.")
    return [codes % {"field": label} for label, text in found if holds_identity_code(text)] + [
        numbers % {"field": label} for label, text in found if holds_telephone(text)
    ]
