"""Addresses of the methods room."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from methods import views
from methods.attachments import views as file_views
from methods.competences import views as competence_views
from methods.editing import innokyla_views, quick_views, relation_views
from methods.editing import views as editing_views
from methods.faceted_search import saved_search_views
from methods.faceted_search import views as list_views
from methods.open_data import exports, feeds
from methods.printing import views as printing_views
from methods.reviewing import views as review_views
from methods.usage import action_views, collection_views, session_plan_views, trial_views
from methods.versions import views as version_views

app_name = "methods"
urlpatterns = [
    path("", list_views.method_list, name="method-list"),
    path(_("new/"), editing_views.method_new, name="method-new"),
    path(_("new/quick/"), quick_views.method_quick, name="method-quick"),
    path(_("mine/"), views.mine, name="mine"),
    path(_("reviews/"), review_views.review_list, name="review-list"),
    path(_("saved/"), saved_search_views.saved, name="saved"),
    path(_("saved/<int:pk>/change/"), saved_search_views.saved_change, name="saved-change"),
    path(_("saved/<int:pk>/delete/"), saved_search_views.saved_delete, name="saved-delete"),
    path(_("saved/<int:pk>/back/"), saved_search_views.saved_back, name="saved-back"),
    path(_("saved/stop/<str:token>/"), saved_search_views.saved_stop, name="saved-stop"),
    path(_("feed/"), feeds.method_feed, name="method-feed"),
    path("methods.csv", exports.export_csv, name="export-csv"),
    path("methods.json", exports.export_json, name="export-json"),
    path(_("new/innokyla/"), innokyla_views.innokyla_new, name="innokyla-new"),
    path(_("cards/"), printing_views.card_sheet, name="card-sheet"),
    path(_("cards.pdf"), printing_views.card_sheet_pdf, name="card-sheet-pdf"),
    path(_("shelf/"), trial_views.my_methods, name="shelf"),
    path(_("trials/<int:pk>/"), trial_views.trial_edit, name="trial-edit"),
    path(_("trials/<int:pk>/remove/"), trial_views.trial_remove, name="trial-remove"),
    path(_("collections/new/"), collection_views.collection_new, name="collection-new"),
    path(_("collections/<int:pk>/"), collection_views.collection_detail, name="collection-detail"),
    path(_("collections/<int:pk>/edit/"), collection_views.collection_edit, name="collection-edit"),
    path(_("collections/<int:pk>/share/"), collection_views.collection_share, name="collection-share"),
    path(_("collections/<int:pk>/remove/"), collection_views.collection_remove, name="collection-remove"),
    path(_("shared/<str:token>/"), collection_views.collection_shared, name="collection-shared"),
    path(_("session-plans/new/"), session_plan_views.session_plan_new, name="session-plan-new"),
    path(_("session-plans/<int:pk>/"), session_plan_views.session_plan_detail, name="session-plan-detail"),
    path(_("session-plans/<int:pk>/edit/"), session_plan_views.session_plan_edit, name="session-plan-edit"),
    path(_("session-plans/<int:pk>/copy/"), session_plan_views.session_plan_copy, name="session-plan-copy"),
    path(_("session-plans/<int:pk>/remove/"), session_plan_views.session_plan_remove, name="session-plan-remove"),
    path(_("actions/<int:pk>/"), action_views.action_edit, name="action-edit"),
    path(_("actions/<int:pk>/remove/"), action_views.action_remove, name="action-remove"),
    path(_("harvest/"), action_views.draft_from_meeting, name="harvest"),
    path(_("who-can/"), competence_views.competence_list, name="competence-list"),
    path(_("who-can/<int:pk>/ask/"), competence_views.question_new, name="question-new"),
    path(_("my-competences/"), competence_views.offer_list, name="offer-list"),
    path(_("my-competences/new/"), competence_views.offer_new, name="offer-new"),
    path(_("my-competences/<int:pk>/"), competence_views.offer_edit, name="offer-edit"),
    path(_("my-competences/<int:pk>/pause/"), competence_views.offer_pause, name="offer-pause"),
    path(_("my-competences/<int:pk>/remove/"), competence_views.offer_remove, name="offer-remove"),
    path(_("questions-to-members/"), competence_views.question_list, name="question-list"),
    path(_("questions-to-members/<int:pk>/"), competence_views.question_detail, name="question-detail"),
    # the page of a method, whose address is any word, stands after all the others
    path("<slug:slug>/", views.method_detail, name="method-detail"),
    path(_("<slug:slug>/edit/"), editing_views.method_edit, name="method-edit"),
    path(_("<slug:slug>/archive/"), editing_views.method_archive, name="method-archive"),
    path(_("<slug:slug>/review/"), review_views.method_review, name="method-review"),
    path(_("<slug:slug>/versions/"), version_views.method_versions, name="method-versions"),
    path(_("<slug:slug>/versions/<int:pk>/restore/"), version_views.version_restore, name="version-restore"),
    path(_("<slug:slug>/authors/"), relation_views.method_authors, name="method-authors"),
    path(_("<slug:slug>/links/"), relation_views.method_links, name="method-links"),
    path(_("<slug:slug>/innokyla/"), innokyla_views.method_innokyla, name="method-innokyla"),
    path(_("<slug:slug>/files/"), file_views.method_files, name="method-files"),
    path(_("<slug:slug>/files/<int:pk>/"), file_views.attachment_change, name="attachment-change"),
    path(_("<slug:slug>/files/<str:token>/download/"), file_views.attachment_download, name="attachment-download"),
    path("<slug:slug>/<str:token>/<int:width>.webp", file_views.attachment_picture, name="attachment-picture"),
    path(_("<slug:slug>/card/"), printing_views.method_card, name="method-card"),
    path(_("<slug:slug>/card.pdf"), printing_views.method_card_pdf, name="method-card-pdf"),
    path(_("<slug:slug>/favourite/"), trial_views.favourite, name="favourite"),
    path(_("<slug:slug>/trial/"), trial_views.trial_new, name="trial-new"),
    path(_("<slug:slug>/collect/"), collection_views.collect, name="collect"),
    path(_("<slug:slug>/plan/"), session_plan_views.session_plan_add, name="session-plan-add"),
    path(_("<slug:slug>/actions/"), action_views.action_new, name="action-new"),
    path(_("<slug:slug>/check/"), action_views.method_check, name="method-check"),
]
