"""Notices personal data in free text: the method bank holds no client data."""

import re

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
