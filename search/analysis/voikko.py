"""A small binding to libvoikko, the Finnish morphological analyser, when the system has it."""

import ctypes
import ctypes.util
import threading
from functools import cache

_NAMES = ("libvoikko.so.1", "libvoikko.1.dylib", "libvoikko-1.dll")


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

    def analyse(self, word: str) -> list[str]:
        """What the dictionary says of a word in lower case, one line for each reading (see morphology.py)."""
        with self._lock:
            readings = self._library.voikkoAnalyzeWordCstr(self._handle, word.encode())
            try:
                return [self._value(reading, b"FSTOUTPUT") for reading in _until_null(readings)]
            finally:
                self._library.voikko_free_mor_analysis(readings)

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
