"""News, pages and questions of the small world, and a count of what a page asks of the database."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from networks.models import NewsItem, Question


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def news(world, now):
    """news("hakuaika") makes a public piece of news of Kaisa's area, an hour old."""

    def make(slug, **more):
        more = {"title": slug.capitalize(), "summary": "Lyhyesti.", "area": world.area, "published_at": now} | more
        if more["published_at"] == now:
            more["published_at"] = now - timedelta(hours=1)
        return NewsItem.objects.create(slug=slug, **more)

    return make


@pytest.fixture
def question(world, term):
    def make(words, **more):
        more = {"area": world.area, "category": term("faq_categories", "jasenyys"), "answer": "Näin."} | more
        return Question.objects.create(question=words, **more)

    return make


@pytest.fixture
def queries(client):
    """queries("/path/") tells how many questions a page asks of the database."""

    def count(url):
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    return count
