"""The table of contents: one include per room. Finnish has no prefix, Swedish and English do."""

from importlib.util import find_spec

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy as _

from youthnet import health
from youthnet.desk import held_texts
from youthnet.pages import views
from youthnet.pages.theme import theme
from youthnet.site_search.views import search

urlpatterns: list[URLPattern | URLResolver] = [
    path("theme.css", theme, name="theme"),
    path("healthz", health.healthz, name="healthz"),
    path("", include("outbox.urls")),
    path("readyz", health.readyz, name="readyz"),
]

# A provider's reports about letters, each with the secret that only it and we know.
if settings.ESP and settings.ANYMAIL.get("WEBHOOK_SECRET") and find_spec("anymail"):
    urlpatterns.append(path("esp/", include("anymail.urls")))

urlpatterns += i18n_patterns(
    path("", views.home, name="home"),
    path(_("about/"), views.about, name="about"),
    path(_("areas/<slug:slug>/"), views.area, name="area"),
    path(_("areas/<slug:slug>/about/"), views.area_about, name="area-about"),
    path(_("first-steps/"), include("youthnet.first_run.urls")),
    path(_("search/"), search, name="search"),
    path("", include("networks.urls")),
    path(_("contacts/"), include("contacts.urls")),
    path(_("meetings/"), include("meetings.urls")),
    path(_("methods/"), include("methods.urls")),
    path(_("newsletters/"), include("newsletters.urls")),
    path(_("plans/"), include("plans.urls")),
    path(_("account/"), include("youthnet.accounts.urls")),
    path(_("held-texts/"), held_texts.held_texts, name="held-texts"),
    path(_("held-texts/<slug:kind>/<int:pk>/"), held_texts.held_text_answer, name="held-text-answer"),
    path(_("desk/"), admin.site.urls),
    prefix_default_language=False,
)

handler400 = "youthnet.pages.errors.bad_request"
handler500 = "youthnet.pages.errors.server_error"
handler404 = "youthnet.site_search.views.not_found"

if settings.DEBUG:
    from youthnet.pages import devmail

    urlpatterns.insert(0, path("dev/mail/", include(devmail)))
