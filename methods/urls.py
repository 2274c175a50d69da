"""Addresses of the methods room."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from methods import shelf_urls
from methods import views as reading
from methods.attachments import views as files
from methods.editing import innokyla_views, relation_views
from methods.editing import views as writing
from methods.faceted_search import saved_search_views
from methods.faceted_search import views as finding
from methods.open_data import exports, feeds
from methods.printing import views as card
from methods.reviewing import views as reviewing
from methods.versions import views as versions

app_name = "methods"
urlpatterns = [
    path("", finding.method_list, name="method-list"),
    path(_("new/"), writing.method_new, name="method-new"),
    path(_("mine/"), reading.mine, name="mine"),
    path(_("reviews/"), reviewing.review_list, name="review-list"),
    path(_("saved/"), saved_search_views.saved, name="saved"),
    path(_("saved/<int:pk>/change/"), saved_search_views.saved_change, name="saved-change"),
    path(_("saved/<int:pk>/delete/"), saved_search_views.saved_delete, name="saved-delete"),
    path(_("saved/<int:pk>/back/"), saved_search_views.saved_back, name="saved-back"),
    path(_("saved/stop/<str:token>/"), saved_search_views.saved_stop, name="saved-stop"),
    path(_("feed/"), feeds.method_feed, name="method-feed"),
    path("methods.csv", exports.export_csv, name="export-csv"),
    path("methods.json", exports.export_json, name="export-json"),
    path(_("new/innokyla/"), innokyla_views.innokyla_new, name="innokyla-new"),
    path(_("cards/"), card.card_sheet, name="card-sheet"),
    path(_("cards.pdf"), card.card_sheet_pdf, name="card-sheet-pdf"),
    *shelf_urls.before,
    path("<slug:slug>/", reading.method_detail, name="method-detail"),
    path(_("<slug:slug>/edit/"), writing.method_edit, name="method-edit"),
    path(_("<slug:slug>/archive/"), writing.method_archive, name="method-archive"),
    path(_("<slug:slug>/review/"), reviewing.method_review, name="method-review"),
    path(_("<slug:slug>/versions/"), versions.method_versions, name="method-versions"),
    path(_("<slug:slug>/versions/<int:pk>/restore/"), versions.version_restore, name="version-restore"),
    path(_("<slug:slug>/authors/"), relation_views.method_authors, name="method-authors"),
    path(_("<slug:slug>/links/"), relation_views.method_links, name="method-links"),
    path(_("<slug:slug>/innokyla/"), innokyla_views.method_innokyla, name="method-innokyla"),
    path(_("<slug:slug>/files/"), files.method_files, name="method-files"),
    path(_("<slug:slug>/files/<int:pk>/"), files.attachment_change, name="attachment-change"),
    path(_("<slug:slug>/files/<str:token>/download/"), files.attachment_download, name="attachment-download"),
    path("<slug:slug>/<str:token>/<int:width>.webp", files.attachment_picture, name="attachment-picture"),
    path(_("<slug:slug>/card/"), card.method_card, name="method-card"),
    path(_("<slug:slug>/card.pdf"), card.method_card_pdf, name="method-card-pdf"),
    *shelf_urls.of_a_method,
]
