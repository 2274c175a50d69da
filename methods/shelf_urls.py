"""Addresses of what people do with methods, and of the competence bank; urls.py takes them in."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from methods import views_collections, views_competences, views_models, views_session_plans, views_trials

# These stand before the page of a method, whose address is any word.
before = [
    path(_("shelf/"), views_trials.my_shelf, name="shelf"),
    path(_("trials/<int:pk>/"), views_trials.trial_edit, name="trial-edit"),
    path(_("trials/<int:pk>/remove/"), views_trials.trial_remove, name="trial-remove"),
    path(_("collections/new/"), views_collections.collection_new, name="collection-new"),
    path(_("collections/<int:pk>/"), views_collections.collection_detail, name="collection-detail"),
    path(_("collections/<int:pk>/edit/"), views_collections.collection_edit, name="collection-edit"),
    path(_("collections/<int:pk>/share/"), views_collections.collection_share, name="collection-share"),
    path(_("collections/<int:pk>/remove/"), views_collections.collection_remove, name="collection-remove"),
    path(_("shared/<str:token>/"), views_collections.collection_shared, name="collection-shared"),
    path(_("session-plans/new/"), views_session_plans.session_plan_new, name="session-plan-new"),
    path(_("session-plans/<int:pk>/"), views_session_plans.session_plan_detail, name="session-plan-detail"),
    path(_("session-plans/<int:pk>/edit/"), views_session_plans.session_plan_edit, name="session-plan-edit"),
    path(_("session-plans/<int:pk>/copy/"), views_session_plans.session_plan_copy, name="session-plan-copy"),
    path(_("session-plans/<int:pk>/remove/"), views_session_plans.session_plan_remove, name="session-plan-remove"),
    path(_("actions/<int:pk>/"), views_models.action_edit, name="action-edit"),
    path(_("actions/<int:pk>/remove/"), views_models.action_remove, name="action-remove"),
    path(_("harvest/"), views_models.harvest, name="harvest"),
    path(_("who-can/"), views_competences.competence_list, name="competence-list"),
    path(_("who-can/<int:pk>/ask/"), views_competences.question_new, name="question-new"),
    path(_("my-competences/"), views_competences.offer_list, name="offer-list"),
    path(_("my-competences/new/"), views_competences.offer_new, name="offer-new"),
    path(_("my-competences/<int:pk>/"), views_competences.offer_edit, name="offer-edit"),
    path(_("my-competences/<int:pk>/pause/"), views_competences.offer_pause, name="offer-pause"),
    path(_("my-competences/<int:pk>/remove/"), views_competences.offer_remove, name="offer-remove"),
    path(_("questions-to-members/"), views_competences.question_list, name="question-list"),
    path(_("questions-to-members/<int:pk>/"), views_competences.question_detail, name="question-detail"),
]
of_a_method = [
    path(_("<slug:slug>/favourite/"), views_trials.favourite, name="favourite"),
    path(_("<slug:slug>/trial/"), views_trials.trial_new, name="trial-new"),
    path(_("<slug:slug>/collect/"), views_collections.collect, name="collect"),
    path(_("<slug:slug>/plan/"), views_session_plans.session_plan_add, name="session-plan-add"),
    path(_("<slug:slug>/actions/"), views_models.action_new, name="action-new"),
    path(_("<slug:slug>/check/"), views_models.method_check, name="method-check"),
]
