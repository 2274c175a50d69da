"""Signing up and in by a code: the adapter, forms and addresses of django-allauth."""
