"""Addresses of the methods room."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from methods import views, views_card, views_files

app_name = "methods"
urlpatterns = [
    path("", views.method_list, name="method-list"),
    path(_("new/"), views.method_new, name="method-new"),
    path(_("mine/"), views.mine, name="mine"),
    path(_("reviews/"), views.review_list, name="review-list"),
    path(_("cards/"), views_card.card_sheet, name="card-sheet"),
    path(_("cards.pdf"), views_card.card_sheet_pdf, name="card-sheet-pdf"),
    path("<slug:slug>/", views.method_detail, name="method-detail"),
    path(_("<slug:slug>/edit/"), views.method_edit, name="method-edit"),
    path(_("<slug:slug>/archive/"), views.method_archive, name="method-archive"),
    path(_("<slug:slug>/review/"), views.method_review, name="method-review"),
    path(_("<slug:slug>/files/"), views_files.method_files, name="method-files"),
    path(_("<slug:slug>/files/<int:pk>/"), views_files.attachment_change, name="attachment-change"),
    path(_("<slug:slug>/files/<str:token>/download/"), views_files.attachment_download, name="attachment-download"),
    path("<slug:slug>/<str:token>/<int:width>.webp", views_files.attachment_picture, name="attachment-picture"),
    path(_("<slug:slug>/card/"), views_card.method_card, name="method-card"),
    path(_("<slug:slug>/card.pdf"), views_card.method_card_pdf, name="method-card-pdf"),
]
