"""The engine that wakes the rounds, and the table of all clocks: one line each, with its purpose."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "youthnet.settings")

app = Celery("youthnet")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_scheduler = "youthnet.processes.beat:Scheduler"

MINUTE = 60.0
HOUR = 60 * MINUTE

# Every clock of the house. A round finds its own work; a missed wake-up costs at most one period.
app.conf.beat_schedule = {
    # letters that wait in the ledger leave the house
    "outbox-pump": {"task": "outbox.tasks.pump", "schedule": 5.0},
    # letters that came back, complaints and answers are fetched from the box and understood
    "outbox-inbox": {"task": "outbox.tasks.poll_inbox", "schedule": MINUTE},
    # the words of messages that came in a month ago are wiped
    "outbox-forget": {"task": "outbox.tasks.forget_inbound", "schedule": HOUR},
    # people of published meetings who have not been asked yet get their invitation
    "meetings-invitations": {"task": "meetings.tasks.send_invitations", "schedule": MINUTE},
    # steps of the meetings' timelines whose moment has come: invitations, reminders; never at night
    "meetings-reminders": {"task": "meetings.tasks.send_reminders", "schedule": MINUTE},
    # answers that people's calendars sent by mail are taken, or wait for the coordinator
    "meetings-calendar-answers": {"task": "meetings.tasks.heed_calendar_answers", "schedule": MINUTE},
    # those who wished for a training learn that it is arranged, or why it is not
    "meetings-wishes": {"task": "meetings.tasks.answer_wishes", "schedule": MINUTE},
    # whoever saved a search hears of what is new in it: at once (gathered for ten minutes), or on Monday at seven
    "methods-saved-searches": {"task": "methods.tasks.tell_of_saved_searches", "schedule": 2 * MINUTE},
    # authors of methods that nobody has checked for two years are asked, each morning, whether they are still right
    "methods-checks": {"task": "methods.tasks.ask_to_check", "schedule": crontab(hour=6, minute=15)},
    # trials, collections, plans, actions and offers that were removed a month ago are forgotten
    "methods-forget": {"task": "methods.tasks.forget_removed", "schedule": HOUR},
    # pictures and documents that were removed a week ago, and files that no row speaks of, are thrown away at night
    "methods-files": {"task": "methods.tasks.sweep_files", "schedule": crontab(hour="1", minute="30")},
    # materials of meetings that were removed a week ago, and files that no row speaks of, are thrown away at night
    "meetings-files": {"task": "meetings.tasks.sweep_files", "schedule": crontab(hour="1", minute="40")},
    # minutes that were sent for comments or approved are told to those of the meeting
    "meetings-minutes": {"task": "meetings.tasks.send_minutes", "schedule": MINUTE},
    # after seven days of comments the minutes come back to those who approve them
    "meetings-comments": {"task": "meetings.tasks.close_comments", "schedule": HOUR},
    # owners of tasks hear three days before the day, and when it has passed
    "meetings-tasks": {"task": "meetings.tasks.remind_of_tasks", "schedule": HOUR},
    # who got a place, a turn in line or an offer hears of it; sign-ups without an account get their letter to confirm
    "meetings-signup": {"task": "meetings.tasks.send_signup_letters", "schedule": MINUTE},
    # offers of a place that nobody answered go to the next in line; places kept for other municipalities are given
    "meetings-offers": {"task": "meetings.tasks.lapse_offers", "schedule": MINUTE},
    # after a meeting, by its timeline: certificates, thanks, the question how it was; certificates asked for again
    "meetings-thanks": {"task": "meetings.tasks.send_thanks", "schedule": 5 * MINUTE},
    # replies to sign-up questions are deleted when their days are over; so are sign-ups that nobody confirmed
    "meetings-forget": {"task": "meetings.tasks.forget_signup", "schedule": crontab(hour=2, minute=40)},
    # names of people met on visits, and of who went to others' meetings, are removed after two years
    "meetings-forget-names": {"task": "meetings.tasks.forget_names", "schedule": crontab(hour=2, minute=50)},
    # newsletters whose time has come are addressed to their readers
    "newsletters-issues": {"task": "newsletters.tasks.send_issues", "schedule": MINUTE},
    # whoever asked for a newsletter on the page gets the letter to confirm
    "newsletters-confirmations": {"task": "newsletters.tasks.send_confirmations", "schedule": MINUTE},
    # what is new is told: at once (gathered for ten minutes), daily and weekly at seven; a missed hour is caught up
    "newsletters-digests": {"task": "newsletters.tasks.send_digests", "schedule": 2 * MINUTE},
    # whoever reported a letter as unwanted, or left by letter, stops being a reader
    "newsletters-heed-mail": {"task": "newsletters.tasks.heed_mail", "schedule": 5 * MINUTE},
    # sign-ups that nobody confirmed in seven days are forgotten
    "newsletters-forget": {"task": "newsletters.tasks.forget_unconfirmed", "schedule": HOUR},
    # failures of rows that nobody tries any more are forgotten
    "failed-rows": {"task": "lib.tasks.forget_failures", "schedule": HOUR},
    # chosen files that were kept for a form which nobody sent again are removed
    "kept-files": {"task": "lib.tasks.forget_kept_files", "schedule": HOUR},
    # forms that were sent two days ago are no longer recognised when they come again
    "sent-forms": {"task": "lib.tasks.forget_sent_forms", "schedule": HOUR},
    # what an older analyser took apart is done anew bit by bit; once a day the words of public pages are counted
    "search-keep-fresh": {"task": "search.tasks.keep_fresh", "schedule": 5 * MINUTE},
}
