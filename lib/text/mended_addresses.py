"""For migrations: addresses that were stored before they had one spelling get it."""

import logging
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from lib.text.addresses import normal

log = logging.getLogger(__name__)

# What no address in its one spelling holds.
BEYOND_ASCII = "[^!-~]"


def mend_addresses(rows: QuerySet[Any], *columns: str) -> dict[str, str]:
    """Store the addresses of these columns in their one spelling; gives what was mended, the earlier spelling first.

    Of two rows of which only one may have the address the second stays as it is and is named in the log, and so is an
    address that has no other spelling.
    """
    mended = {}
    for column in columns:
        for key, address in list(
            rows.filter(**{f"{column}__regex": BEYOND_ASCII}).order_by("pk").values_list("pk", column)
        ):
            if _mend(rows.filter(pk=key), column, normal(address)):
                mended[address] = normal(address)
            else:
                log.warning("%s %s: the address %s stays as it is", rows.model._meta.label_lower, key, address)
    return mended


def _mend(row: QuerySet[Any], column: str, address: str) -> bool:
    try:
        with transaction.atomic():
            return address.isascii() and row.update(**{column: address}) == 1
    except IntegrityError:
        return False
