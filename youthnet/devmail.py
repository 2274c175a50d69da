"""The mailbox page of development: every letter that left the house."""

urlpatterns: list = []
