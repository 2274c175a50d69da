"""Static files in production: compressed, and under names made of their content, which browsers may keep for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Django's own switch for this reads every package's scripts too, and stops at what those import.
OWN_SCRIPTS = "js/*.js"
IMPORT = (r'(?P<matched>import (?P<names>[^;]*?) from "(?P<url>\./[^"]+)";)', 'import %(names)s from "%(url)s";')


class Storage(CompressedManifestStaticFilesStorage):
    """What one of our scripts imports from another has its hashed name there too: both are always of one release."""

    patterns = (*CompressedManifestStaticFilesStorage.patterns, (OWN_SCRIPTS, (IMPORT,)))
