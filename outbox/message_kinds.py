"""What the kinds of letters are called on the desk; a kind without a name here shows its code."""

from django.utils.translation import pgettext_lazy

NAMES = {
    "doctor-probe": pgettext_lazy("kind of letter", "probe letter"),
    "account": pgettext_lazy("kind of letter", "sign-in and account"),
    "digest": pgettext_lazy("kind of letter", "notices"),
    "competence-question": pgettext_lazy("kind of letter", "question to somebody who knows"),
    "competence-answer": pgettext_lazy("kind of letter", "answer from somebody who knows"),
    "meeting-invitation": pgettext_lazy("kind of letter", "invitation to a meeting"),
    "meeting-update": pgettext_lazy("kind of letter", "change of a meeting"),
    "meeting-cancellation": pgettext_lazy("kind of letter", "cancellation of a meeting"),
    "meeting-several": pgettext_lazy("kind of letter", "several meetings in one letter"),
    "meeting-proposal-declined": pgettext_lazy("kind of letter", "answer to a proposed time"),
    "meeting-place": pgettext_lazy("kind of letter", "a place in a meeting"),
    "meeting-waiting": pgettext_lazy("kind of letter", "a turn on a waiting list"),
    "meeting-offer": pgettext_lazy("kind of letter", "offer of a place"),
    "meeting-lapsed": pgettext_lazy("kind of letter", "an offer of a place has lapsed"),
    "meeting-withdrawn": pgettext_lazy("kind of letter", "sign-up taken back"),
    "meeting-confirm": pgettext_lazy("kind of letter", "confirmation of a sign-up"),
    "meeting-reminder-unanswered": pgettext_lazy("kind of letter", "reminder to answer an invitation"),
    "meeting-reminder-coming": pgettext_lazy("kind of letter", "reminder the day before a meeting"),
    "meeting-thanks": pgettext_lazy("kind of letter", "thanks after a meeting"),
    "meeting-certificate": pgettext_lazy("kind of letter", "certificate of participation"),
    "method-submitted": pgettext_lazy("kind of letter", "a method waits for review"),
    "method-accepted": pgettext_lazy("kind of letter", "a method was accepted"),
    "method-returned": pgettext_lazy("kind of letter", "a method was returned"),
    "method-coauthor": pgettext_lazy("kind of letter", "somebody may write a method along"),
    "method-check": pgettext_lazy("kind of letter", "is a method still right"),
    "method-harvested": pgettext_lazy("kind of letter", "a draft in somebody's name"),
    "networks.asked": pgettext_lazy("kind of letter", "request to join a network"),
    "networks.approved": pgettext_lazy("kind of letter", "joining a network was approved"),
    "networks.refused": pgettext_lazy("kind of letter", "joining a network was refused"),
    "minutes-approved": pgettext_lazy("kind of letter", "approved minutes"),
    "minutes-comments": pgettext_lazy("kind of letter", "minutes for comments"),
    "minutes-comments-over": pgettext_lazy("kind of letter", "minutes wait for approval"),
    "newsletter": pgettext_lazy("kind of letter", "newsletter"),
    "newsletter-address": pgettext_lazy("kind of letter", "confirmation of a new address"),
    "newsletter-confirm": pgettext_lazy("kind of letter", "confirmation of a subscription"),
    "newsletter-moved": pgettext_lazy("kind of letter", "news of a changed address"),
    "newsletter-test": pgettext_lazy("kind of letter", "test of a newsletter"),
    "newsletter-welcome": pgettext_lazy("kind of letter", "welcome to a newsletter"),
    "saved-search": pgettext_lazy("kind of letter", "something new fits a saved search"),
    "proposal-answered": pgettext_lazy("kind of letter", "answer to a proposal"),
    "proposal-received": pgettext_lazy("kind of letter", "proposal for an agenda"),
    "task-reminder": pgettext_lazy("kind of letter", "reminder of a task"),
    "wish-answered": pgettext_lazy("kind of letter", "answer to a wish for a training"),
}


def name_of(kind: str) -> str:
    return str(NAMES.get(kind, kind))
