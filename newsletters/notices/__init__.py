"""Notices: what each person is told of by letter, how often, and the letters themselves."""
