"""Names of files as they are shown and offered for saving: readable, and with the ending of what the file really is."""

import re
import unicodedata

LONGEST = 80
# What no file system takes, or what leads out of a folder.
_UNSAVEABLE = re.compile(r'[<>:"|?*/\\]')
# One or more endings such as ".pdf.exe"; the 2 of "v1.2" is none.
_ENDINGS = re.compile(r"(\.(?=\w*[^\W\d])\w{1,5})+$")


def stem(name: str) -> str:
    """The name without folders, endings and characters that cannot be seen; may be empty."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(" " if each.isspace() else each for each in last if unicodedata.category(each) not in _INVISIBLE)
    bare = _ENDINGS.sub("", _UNSAVEABLE.sub("", seen))
    return " ".join(bare.split()).strip(". ")[:LONGEST].strip(". ")


_INVISIBLE = {"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"}
