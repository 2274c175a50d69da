"""What a newsletter told about stays, so that the archive stays whole."""

from django.urls import reverse

from networks.models import NewsItem
from newsletters.models import Block


def test_news_that_an_issue_tells_of_cannot_be_deleted_on_the_desk(sign_in, world, issue, news):
    issue.blocks.create(order=3, kind=Block.NEWS, news=news)
    sign_in(world.kaisa).post(reverse("admin:networks_newsitem_delete", args=[news.pk]), {"post": "yes"})
    assert (NewsItem.objects.filter(pk=news.pk).exists(), issue.blocks.count()) == (True, 3)


def test_other_news_can_be_deleted_on_the_desk(sign_in, world, news):
    sign_in(world.kaisa).post(reverse("admin:networks_newsitem_delete", args=[news.pk]), {"post": "yes"})
    assert NewsItem.objects.filter(pk=news.pk).exists() is False
