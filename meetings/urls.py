"""Addresses of the meetings room."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from meetings import feeds
from meetings.views import (
    after,
    agenda,
    attendance,
    decisions,
    materials,
    minutes,
    minutes_path,
    minutes_writing,
    my_tasks,
    pages,
    proposals,
    signup,
)

app_name = "meetings"
urlpatterns = [
    path("", pages.meeting_list, name="meeting-list"),
    path("<int:year>/", pages.year, name="year"),
    path("<int:year>/<int:month>/", pages.month, name="month"),
    path(_("calendar/"), feeds.subscribe, name="subscribe"),
    path(_("calendar/own/renew/"), feeds.own_feed_renew, name="own-feed-renew"),
    path(_("calendar/own/end/"), feeds.own_feed_end, name="own-feed-end"),
    path(_("calendar/own/<str:token>.ics"), feeds.own_feed, name="own-feed"),
    path(_("calendar/areas/<slug:slug>.ics"), feeds.area_feed, name="area-feed"),
    path(_("calendar/networks/<slug:slug>.ics"), feeds.network_feed, name="network-feed"),
    path(_("answer/<str:token>/"), pages.answer, name="answer"),
    # sign-up, and what comes after a meeting
    path(_("sign-up/<str:token>/"), signup.signup_own, name="signup-own"),
    path(_("sign-up/confirm/<str:token>/"), signup.signup_confirm, name="signup-confirm"),
    path(_("mine/"), after.record, name="record"),
    path(_("feedback/<str:token>/"), after.feedback, name="feedback"),
    path(_("certificates/"), after.certificate_check, name="certificate-check"),
    path(_("certificates/verify/<str:code>/"), after.certificate_verify, name="certificate-verify"),
    path(_("certificates/mine/<str:token>.pdf"), after.certificate_pdf, name="certificate-pdf"),
    path(_("here/<str:token>/"), attendance.here, name="here"),
    # decisions, tasks and proposals of all meetings
    path(_("decisions/"), decisions.decision_list, name="decision-list"),
    path(_("tasks/"), my_tasks.task_list, name="task-list"),
    path(_("tasks/<int:pk>/done/"), my_tasks.task_done, name="task-done"),
    path(_("tasks/<int:pk>/drop/"), my_tasks.task_drop, name="task-drop"),
    path(_("tasks/<int:pk>/open/"), my_tasks.task_reopen, name="task-reopen"),
    path(_("proposals/"), proposals.proposal_list, name="proposal-list"),
    path(_("proposals/new/"), proposals.proposal_new, name="proposal-new"),
    path(_("proposals/<int:pk>/answer/"), proposals.proposal_answer, name="proposal-answer"),
    path(_("proposals/<int:pk>/withdraw/"), proposals.proposal_withdraw, name="proposal-withdraw"),
    # parts of an agenda
    path(_("agenda/take/"), agenda.agenda_take, name="agenda-take"),
    path(_("agenda/<int:pk>/"), agenda.item_edit, name="item-edit"),
    path(_("agenda/<int:pk>/move/"), agenda.item_move, name="item-move"),
    path(_("agenda/<int:pk>/remove/"), agenda.item_remove, name="item-remove"),
    path(_("agenda/<int:pk>/back/"), agenda.item_put_back, name="item-put-back"),
    path(_("materials/<int:pk>/remove/"), materials.material_remove, name="material-remove"),
    # one meeting
    path("<slug:slug>.ics", pages.meeting_ics, name="meeting-ics"),
    path("<slug:slug>/", pages.meeting_detail, name="meeting-detail"),
    path(_("<slug:slug>/answer/"), pages.meeting_answer, name="meeting-answer"),
    path(_("<slug:slug>/agenda/"), agenda.agenda_edit, name="agenda-edit"),
    path(_("<slug:slug>/agenda/fill/"), agenda.agenda_fill, name="agenda-fill"),
    path(_("<slug:slug>/materials/"), materials.material_edit, name="material-edit"),
    # its people
    path(_("<slug:slug>/sign-up/"), signup.signup, name="signup"),
    path(_("<slug:slug>/sign-up/check-your-mail/"), signup.signup_sent, name="signup-sent"),
    path(_("<slug:slug>/attendance/"), attendance.attendance, name="attendance"),
    path(_("<slug:slug>/attendance/code/"), attendance.attendance_code, name="attendance-code"),
    path(_("<slug:slug>/attendance/teams/"), attendance.attendance_report, name="attendance-report"),
    path(_("<slug:slug>/feedback/"), after.feedback_summary, name="feedback-summary"),
    # its minutes
    path(_("<slug:slug>/minutes/"), minutes.minutes_detail, name="minutes-detail"),
    path(_("<slug:slug>/minutes.pdf"), minutes.minutes_pdf, name="minutes-pdf"),
    path(_("<slug:slug>/minutes/<int:number>/"), minutes.minutes_version, name="minutes-version"),
    path(_("<slug:slug>/minutes/comment/"), minutes.minutes_comment, name="minutes-comment"),
    path(_("<slug:slug>/minutes/write/"), minutes_writing.minutes_write, name="minutes-write"),
    path(_("<slug:slug>/minutes/note/"), minutes_writing.note_save, name="note-save"),
    path(_("<slug:slug>/minutes/decision/"), minutes_writing.decision_add, name="decision-add"),
    path(_("<slug:slug>/minutes/task/"), minutes_writing.task_add, name="task-add"),
    path(_("<slug:slug>/minutes/decision/<int:pk>/remove/"), minutes_writing.decision_remove, name="decision-remove"),
    path(_("<slug:slug>/minutes/task/<int:pk>/remove/"), minutes_writing.task_remove, name="task-remove"),
    path(_("<slug:slug>/minutes/in-short/"), minutes_writing.minutes_short, name="minutes-short"),
    path(_("<slug:slug>/minutes/keeping/"), minutes_writing.minutes_keeping, name="minutes-keeping"),
    path(_("<slug:slug>/minutes/send/"), minutes_path.minutes_send, name="minutes-send"),
    path(_("<slug:slug>/minutes/approve/"), minutes_path.minutes_approve, name="minutes-approve"),
    path(_("<slug:slug>/minutes/open/"), minutes_path.minutes_open, name="minutes-open"),
]
