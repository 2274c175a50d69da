"""The house: settings, addresses, clocks, the coordinator's desk and the front page. It has no models."""

from youthnet.celery import app as celery_app

__all__ = ["celery_app"]
