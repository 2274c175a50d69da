"""The desk's pages of the outbox: letters, mailings, the stop list, and the post that comes in."""

from outbox.admin import letters, mailings, post, stoplist

__all__ = ["letters", "mailings", "post", "stoplist"]
