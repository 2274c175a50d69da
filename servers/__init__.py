"""PostgreSQL and Redis for one machine: found, started, watched and stopped without Django's help."""


class ServerError(Exception):
    """A server cannot be had; the text is one sentence for the person who typed the command."""
