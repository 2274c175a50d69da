"""Why something failed, in words without personal data: for the log and the desk."""

import re
from traceback import format_tb

from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, OperationalError, ProgrammingError

LONGEST = 300
ADDRESSES = re.compile(r"\S+@\S+|\w+://\S+")
NUMBERS = re.compile(r"\+?\d[\d -]{5,}\d")
QUOTED = re.compile(r"“[^”]*”|”[^”]*”|«[^»]*»|\"[^\"]*\"|'[^']*'")
# What these put in quotation marks are names of the program and of its tables; others may quote what people wrote.
OF_PROGRAMS = (AttributeError, FieldDoesNotExist, ImportError, NameError, TypeError)
OF_TABLES = (IntegrityError, OperationalError, ProgrammingError)


def reason_of(error: BaseException) -> str:
    """The class and the first line of the message, with "…" for what may be somebody's.

    PostgreSQL writes the values of the row into the lines that follow.
    """
    # A KeyError shows what it was given in quotation marks: what was looked for, but a sentence when it is a subclass.
    message = error.args[0] if isinstance(error, KeyError) and type(error) is not KeyError and error.args else error
    words = next(iter(str(message).strip().splitlines()), "")
    for pattern in (ADDRESSES, NUMBERS):
        words = pattern.sub("…", words)
    if not isinstance(error, OF_PROGRAMS + OF_TABLES):
        words = QUOTED.sub("…", words)
    return f"{type(error).__name__}: {words}".removesuffix(": ")[:LONGEST]


def place_of(error: BaseException) -> str:
    """The lines of the program that led to an error, without its message."""
    return "".join(format_tb(error.__traceback__))
