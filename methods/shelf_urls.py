"""Addresses of what people do with methods, and of the competence bank; urls.py takes them in."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from methods.competences import views as competences
from methods.usage import action_views, collection_views, session_plan_views, trial_views

# These stand before the page of a method, whose address is any word.
before = [
    path(_("shelf/"), trial_views.my_shelf, name="shelf"),
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
    path(_("harvest/"), action_views.harvest, name="harvest"),
    path(_("who-can/"), competences.competence_list, name="competence-list"),
    path(_("who-can/<int:pk>/ask/"), competences.question_new, name="question-new"),
    path(_("my-competences/"), competences.offer_list, name="offer-list"),
    path(_("my-competences/new/"), competences.offer_new, name="offer-new"),
    path(_("my-competences/<int:pk>/"), competences.offer_edit, name="offer-edit"),
    path(_("my-competences/<int:pk>/pause/"), competences.offer_pause, name="offer-pause"),
    path(_("my-competences/<int:pk>/remove/"), competences.offer_remove, name="offer-remove"),
    path(_("questions-to-members/"), competences.question_list, name="question-list"),
    path(_("questions-to-members/<int:pk>/"), competences.question_detail, name="question-detail"),
]
of_a_method = [
    path(_("<slug:slug>/favourite/"), trial_views.favourite, name="favourite"),
    path(_("<slug:slug>/trial/"), trial_views.trial_new, name="trial-new"),
    path(_("<slug:slug>/collect/"), collection_views.collect, name="collect"),
    path(_("<slug:slug>/plan/"), session_plan_views.session_plan_add, name="session-plan-add"),
    path(_("<slug:slug>/actions/"), action_views.action_new, name="action-new"),
    path(_("<slug:slug>/check/"), action_views.method_check, name="method-check"),
]
