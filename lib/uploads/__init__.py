"""Files that people bring: judged by their bytes, made harmless, kept apart from the web, given out with care.

`validation.validate` says what a file is or raises `Refused`; `storage` stores it; `serving` gives it out.
The rows, and who may see them, belong to the room that takes files in.
"""
