"""The desk's pages of the outbox: letters, the stop list, and the post that comes in."""

from outbox.admin import letters, post, stoplist

__all__ = ["letters", "post", "stoplist"]
