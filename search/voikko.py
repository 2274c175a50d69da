"""A small binding to libvoikko, the Finnish morphological analyser, when the system has it."""

import ctypes
import ctypes.util
import re
import threading
from functools import cache

_NAMES = ("libvoikko.so.1", "libvoikko.1.dylib", "libvoikko-1.dll")
Reading = tuple[str, list[tuple[str, str]]]
_PART = re.compile(r"\+([^(+]*)\(([^)]*)\)")


class NoVoikko(Exception):
    """The library or its Finnish dictionary is not on this machine."""


class Voikko:
    """One open dictionary. The C library is not safe to call from two threads at once, so a lock is held."""

    def __init__(self) -> None:
        self._library = _load()
        complaint = ctypes.c_char_p()
        self._handle = self._library.voikkoInit(ctypes.byref(complaint), b"fi", None)
        if not self._handle:
            raise NoVoikko((complaint.value or b"").decode())
        self._lock = threading.Lock()

    @property
    def version(self) -> str:
        return str(self._library.voikkoGetVersion().decode())

    def analyse(self, word: str) -> list[Reading]:
        """(base form, parts) for each reading of a word, a part as (written, base form); none of an unknown word."""
        with self._lock:
            readings = self._library.voikkoAnalyzeWordCstr(self._handle, word.encode())
            try:
                return [self._read(reading) for reading in _until_null(readings)]
            finally:
                self._library.voikko_free_mor_analysis(readings)

    def _read(self, reading: int) -> Reading:
        base = self._value(reading, b"BASEFORM").lower()
        return base, _parts(base, self._value(reading, b"WORDBASES").lower())

    def _value(self, reading: int, key: bytes) -> str:
        value = self._library.voikko_mor_analysis_value_cstr(reading, key)
        if not value:
            return ""
        try:
            return ctypes.string_at(value).decode()
        finally:
            self._library.voikko_free_mor_analysis_value_cstr(value)


@cache
def _load() -> ctypes.CDLL:
    library = _open()
    pointer, text, readings = ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(ctypes.c_void_p)
    for name, result, arguments in [
        ("voikkoInit", pointer, [ctypes.POINTER(text), text, text]),
        ("voikkoGetVersion", text, []),
        ("voikkoAnalyzeWordCstr", readings, [pointer, text]),
        ("voikko_free_mor_analysis", None, [readings]),
        ("voikko_mor_analysis_value_cstr", pointer, [pointer, text]),
        ("voikko_free_mor_analysis_value_cstr", None, [pointer]),
    ]:
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def _open() -> ctypes.CDLL:
    for name in filter(None, (*_NAMES, ctypes.util.find_library("voikko"))):
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    raise NoVoikko("libvoikko is not installed")


def _until_null(pointers: "ctypes._Pointer[ctypes.c_void_p]") -> list[int]:
    found: list[int] = []
    while pointers and pointers[len(found)]:
        found.append(pointers[len(found)])
    return found


def _parts(base: str, word_bases: str) -> list[tuple[str, str]]:
    """The parts in WORDBASES, `+nuoriso(nuoriso)+työn(työ)+teki(tehdä)+jä(+jä)`; an ending belongs to what it ends."""
    parts: list[tuple[str, str]] = []
    for form, part_base in _PART.findall(word_bases):
        if part_base.startswith("+") and parts:
            written = parts[-1][0] + form
            parts[-1] = (written, written)
        else:
            parts.append((form, part_base.replace("=", "")))
    return [*parts[:-1], *_last(base, parts)]


def _last(base: str, parts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The last part is inflected: its base form is what the base form of the whole word ends with."""
    begin = "".join(form for form, _base in parts[:-1])
    if not parts or not base.startswith(begin):
        return parts[-1:]
    return [(parts[-1][0], base[len(begin) :].lstrip("-") or parts[-1][1])]
