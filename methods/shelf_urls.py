"""Addresses of what people do with methods, and of the competence bank; urls.py takes them in."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from methods.views import collections, competences, session_plans, trials, upkeep

# These stand before the page of a method, whose address is any word.
before = [
    path(_("shelf/"), trials.my_shelf, name="shelf"),
    path(_("trials/<int:pk>/"), trials.trial_edit, name="trial-edit"),
    path(_("trials/<int:pk>/remove/"), trials.trial_remove, name="trial-remove"),
    path(_("collections/new/"), collections.collection_new, name="collection-new"),
    path(_("collections/<int:pk>/"), collections.collection_detail, name="collection-detail"),
    path(_("collections/<int:pk>/edit/"), collections.collection_edit, name="collection-edit"),
    path(_("collections/<int:pk>/share/"), collections.collection_share, name="collection-share"),
    path(_("collections/<int:pk>/remove/"), collections.collection_remove, name="collection-remove"),
    path(_("shared/<str:token>/"), collections.collection_shared, name="collection-shared"),
    path(_("session-plans/new/"), session_plans.session_plan_new, name="session-plan-new"),
    path(_("session-plans/<int:pk>/"), session_plans.session_plan_detail, name="session-plan-detail"),
    path(_("session-plans/<int:pk>/edit/"), session_plans.session_plan_edit, name="session-plan-edit"),
    path(_("session-plans/<int:pk>/copy/"), session_plans.session_plan_copy, name="session-plan-copy"),
    path(_("session-plans/<int:pk>/remove/"), session_plans.session_plan_remove, name="session-plan-remove"),
    path(_("actions/<int:pk>/"), upkeep.action_edit, name="action-edit"),
    path(_("actions/<int:pk>/remove/"), upkeep.action_remove, name="action-remove"),
    path(_("harvest/"), upkeep.harvest, name="harvest"),
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
    path(_("<slug:slug>/favourite/"), trials.favourite, name="favourite"),
    path(_("<slug:slug>/trial/"), trials.trial_new, name="trial-new"),
    path(_("<slug:slug>/collect/"), collections.collect, name="collect"),
    path(_("<slug:slug>/plan/"), session_plans.session_plan_add, name="session-plan-add"),
    path(_("<slug:slug>/actions/"), upkeep.action_new, name="action-new"),
    path(_("<slug:slug>/check/"), upkeep.method_check, name="method-check"),
]
