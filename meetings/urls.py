"""Addresses of the meetings room."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from meetings import views as pages
from meetings.agenda import proposal_views
from meetings.agenda import views as agenda
from meetings.attendance import record_views
from meetings.attendance import views as attendance
from meetings.calendar import views as feeds
from meetings.certificates import views as certificates
from meetings.feedback import views as feedback
from meetings.invitations import views as invitations
from meetings.materials import views as materials
from meetings.minutes import decision_views, editor_views, task_views, workflow_views
from meetings.minutes import views as minutes
from meetings.signup import views as signup
from meetings.wishes import views as wishes

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
    path(_("answer/<str:token>/"), invitations.answer, name="answer"),
    path(_("no-invitations/<str:token>/"), invitations.no_invitations, name="no-invitations"),
    # sign-up, and what comes after a meeting
    path(_("sign-up/<str:token>/"), signup.signup_own, name="signup-own"),
    path(_("sign-up/confirm/<str:token>/"), signup.signup_confirm, name="signup-confirm"),
    path(_("mine/"), record_views.record, name="record"),
    path(_("mine/history/"), record_views.record_history, name="record-history"),
    path(_("feedback/<str:token>/"), feedback.feedback, name="feedback"),
    path(_("certificates/"), certificates.certificate_check, name="certificate-check"),
    path(_("certificates/verify/<str:code>/"), certificates.certificate_verify, name="certificate-verify"),
    path(_("certificates/mine/<str:token>.pdf"), certificates.certificate_pdf, name="certificate-pdf"),
    path(_("here/<str:token>/"), attendance.here, name="here"),
    # decisions, tasks and proposals of all meetings
    path(_("decisions/"), decision_views.decision_list, name="decision-list"),
    path(_("tasks/"), task_views.task_list, name="task-list"),
    path(_("tasks/<int:pk>/done/"), task_views.task_done, name="task-done"),
    path(_("tasks/<int:pk>/drop/"), task_views.task_drop, name="task-drop"),
    path(_("tasks/<int:pk>/open/"), task_views.task_reopen, name="task-reopen"),
    path(_("proposals/"), proposal_views.proposal_list, name="proposal-list"),
    path(_("proposals/new/"), proposal_views.proposal_new, name="proposal-new"),
    path(_("proposals/<int:pk>/answer/"), proposal_views.proposal_answer, name="proposal-answer"),
    path(_("proposals/<int:pk>/withdraw/"), proposal_views.proposal_withdraw, name="proposal-withdraw"),
    # wishes for trainings
    path(_("wishes/"), wishes.wish_list, name="wish-list"),
    path(_("wishes/new/"), wishes.wish_new, name="wish-new"),
    path(_("wishes/similar/"), wishes.wish_similar, name="wish-similar"),
    path(_("wishes/<int:pk>/"), wishes.wish_detail, name="wish-detail"),
    path(_("wishes/<int:pk>/edit/"), wishes.wish_edit, name="wish-edit"),
    path(_("wishes/<int:pk>/support/"), wishes.wish_support, name="wish-support"),
    path(_("wishes/<int:pk>/withdraw/"), wishes.wish_withdraw, name="wish-withdraw"),
    # parts of an agenda
    path(_("agenda/take/"), agenda.agenda_take, name="agenda-take"),
    path(_("agenda/<int:pk>/"), agenda.item_edit, name="item-edit"),
    path(_("agenda/<int:pk>/move/"), agenda.item_move, name="item-move"),
    path(_("agenda/<int:pk>/remove/"), agenda.item_remove, name="item-remove"),
    path(_("agenda/<int:pk>/back/"), agenda.item_put_back, name="item-put-back"),
    path(_("materials/<int:pk>/"), materials.material_change, name="material-change"),
    # one meeting
    path("<slug:slug>.ics", pages.meeting_ics, name="meeting-ics"),
    path("<slug:slug>/", pages.meeting_detail, name="meeting-detail"),
    path(_("<slug:slug>/answer/"), pages.meeting_answer, name="meeting-answer"),
    path(_("<slug:slug>/agenda/"), agenda.agenda_edit, name="agenda-edit"),
    path(_("<slug:slug>/agenda/fill/"), agenda.agenda_fill, name="agenda-fill"),
    path(_("<slug:slug>/materials/"), materials.material_edit, name="material-edit"),
    path(_("<slug:slug>/materials/<str:token>/"), materials.material_download, name="material-download"),
    path("<slug:slug>/<str:token>/<int:width>.webp", materials.material_picture, name="material-picture"),
    # its people
    path(_("<slug:slug>/sign-up/"), signup.signup, name="signup"),
    path(_("<slug:slug>/sign-up/check-your-mail/"), signup.signup_sent, name="signup-sent"),
    path(_("<slug:slug>/attendance/"), attendance.attendance, name="attendance"),
    path(_("<slug:slug>/attendance/code/"), attendance.attendance_code, name="attendance-code"),
    path(_("<slug:slug>/attendance/teams/"), attendance.attendance_report, name="attendance-report"),
    path(_("<slug:slug>/feedback/"), feedback.feedback_summary, name="feedback-summary"),
    # its minutes
    path(_("<slug:slug>/minutes/"), minutes.minutes_detail, name="minutes-detail"),
    path(_("<slug:slug>/minutes.pdf"), minutes.minutes_pdf, name="minutes-pdf"),
    path(_("<slug:slug>/minutes/<int:number>/"), minutes.minutes_version, name="minutes-version"),
    path(_("<slug:slug>/minutes/comment/"), minutes.minutes_comment, name="minutes-comment"),
    path(_("<slug:slug>/minutes/write/"), editor_views.minutes_write, name="minutes-write"),
    path(_("<slug:slug>/minutes/note/"), editor_views.note_save, name="note-save"),
    path(_("<slug:slug>/minutes/decision/"), editor_views.decision_add, name="decision-add"),
    path(_("<slug:slug>/minutes/task/"), editor_views.task_add, name="task-add"),
    path(_("<slug:slug>/minutes/decision/<int:pk>/remove/"), editor_views.decision_remove, name="decision-remove"),
    path(_("<slug:slug>/minutes/task/<int:pk>/remove/"), editor_views.task_remove, name="task-remove"),
    path(_("<slug:slug>/minutes/in-short/"), editor_views.minutes_short, name="minutes-short"),
    path(_("<slug:slug>/minutes/keeping/"), editor_views.minutes_keeping, name="minutes-keeping"),
    path(_("<slug:slug>/minutes/send/"), workflow_views.minutes_send, name="minutes-send"),
    path(_("<slug:slug>/minutes/approve/"), workflow_views.minutes_approve, name="minutes-approve"),
    path(_("<slug:slug>/minutes/open/"), workflow_views.minutes_open, name="minutes-open"),
]
