"""What templates may say besides Django's own words: times, safe text, protected addresses and form fields."""

import secrets
from datetime import date, datetime
from decimal import Decimal

import js_asset
from django import template
from django.forms import BoundField, Media
from django.forms.widgets import CheckboxInput, ChoiceWidget, FileInput, HiddenInput, Select, Widget
from django.template import Context
from django.template.defaultfilters import linebreaks_filter
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contacts.models import CoordinationArea
from lib.text import dates as words
from lib.text.addresses import readable
from lib.text.richtext import clean_html, html_from_marks
from youthnet import context_processors as house_facts
from youthnet.context_processors import Site

register = template.Library()


# --- the house ---


@register.simple_tag(takes_context=True)
def current_site(context: Context) -> Site:
    """The installation, or the area a letter is about; letters have no request: `{% current_site as house %}`."""
    area = context.get("area")
    return Site(area, []) if isinstance(area, CoordinationArea) else house_facts.current_site()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A stroke picture of the sprite static/img/icons.svg, beside words that say the same: `{% icon "calendar" %}`."""
    picture = '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
    return format_html(picture, static("img/icons.svg"), name)


# --- text ---


@register.filter
def rich(html: str) -> SafeString:
    """Text from the rich-text editor, cleaned: `{{ news.body|rich }}`."""
    return clean_html(html or "")


@register.filter
def plain(text: str) -> SafeString:
    """Text typed in a plain box: paragraphs and line breaks kept, everything else escaped."""
    return linebreaks_filter(text or "")


@register.filter
def decimal(number: Decimal | None) -> str:
    """A number without zeros at its end, as the reader's language writes it: 5.50 gives "5,5"; nothing gives ""."""
    return "" if number is None else formats.localize(Decimal(f"{number.normalize():f}"))


@register.filter
def webcal(address: str) -> str:
    """An address that a phone gives to its calendar: `{{ address|webcal }}`."""
    return "webcal://" + address.partition("://")[2]


@register.filter
def laid_out(text: str) -> SafeString:
    """Text typed in a plain box, with its lists and sub-headings: `{{ method.basic_idea|laid_out }}`."""
    return html_from_marks(text or "")


# --- times ---


@register.simple_tag(name="when")
def meeting_time(starts_at: datetime, ends_at: datetime | None = None, zone: str = "") -> str:
    """A meeting's time in the reader's language: `{% when meeting.starts_at meeting.ends_at %}`."""
    return words.format_period(starts_at, ends_at, zone or timezone.get_current_timezone_name(), _tongue())


@register.simple_tag(name="hours")
def meeting_hours(starts_at: datetime, ends_at: datetime | None = None, zone: str = "") -> str:
    """A meeting's hours where its date stands already: `{% hours meeting.starts_at meeting.ends_at %}`."""
    return words.hours(starts_at, ends_at, zone or timezone.get_current_timezone_name(), _tongue())


@register.simple_tag
def days(first: date, last: date | None = None) -> str:
    """A stretch of days in the reader's language: `{% days plan.starts_on plan.ends_on %}`."""
    return words.days(first, last, _tongue())


@register.filter
def day(on: date | datetime | None) -> str:
    """A day with its weekday: `{{ news.published_at|day }}` gives "ke 20.1.2027"."""
    if not on:
        return ""
    return words.day(timezone.localtime(on) if isinstance(on, datetime) else on, _tongue())


@register.filter
def clock(at: datetime | None) -> str:
    """The time of day: `{{ item.starts_at|clock }}` gives "13.00"."""
    return words.time_of_day(timezone.localtime(at), _tongue()) if at else ""


@register.simple_tag
def date_block(at: datetime | date) -> SafeString:
    """The square with weekday, day and month that begins a meeting row: `{% date_block meeting.starts_at %}`."""
    on = timezone.localtime(at) if isinstance(at, datetime) else at
    tongue = _tongue()
    return format_html(
        '<time class="date-block" datetime="{}"><span class="date-block-weekday">{}</span> '
        '<span class="date-block-day">{}</span> <span class="date-block-month">{}</span></time>',
        f"{on:%Y-%m-%d}",
        words.WEEKDAYS[tongue][on.weekday()],
        on.day,
        words.MONTHS[tongue][on.month - 1],
    )


def _tongue() -> str:
    return (get_language() or "fi")[:2]


# --- addresses ---


@register.filter
def email_protected(address: str) -> SafeString:
    """A mail link whose address stands nowhere as plain text in the page: `{{ card.email|email_protected }}`.

    Every character is written as a decimal or hexadecimal character reference, chosen anew each time. People, screen
    readers, copying and the mail program notice nothing and no JavaScript is needed; programs that collect addresses
    by searching the raw page for "@" find none. Those that parse HTML do, and nothing accessible stops them.
    """
    if not address:
        return SafeString("")
    return mark_safe(f'<a href="{_referenced("mailto:" + address)}">{_referenced(readable(address))}</a>')


def _referenced(text: str) -> str:
    return "".join(f"&#x{ord(c):x};" if secrets.randbelow(2) else f"&#{ord(c)};" for c in text)


# --- forms ---


@register.filter
def field_kind(field: BoundField) -> str:
    """How the field is laid out: "check" (one box), "choices" (a list of boxes), "group" (several inputs) or "box"."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput):
        return "check"
    if isinstance(widget, ChoiceWidget) and getattr(widget, "input_type", "") in {"radio", "checkbox"}:
        return "choices"
    return "group" if field.use_fieldset else "box"


@register.filter
def optional_mark(field: BoundField) -> str:
    """ "(optional)" beside fields that may stay empty, in forms where something is required."""
    if field.field.required or field_kind(field) == "check":
        return ""
    return _("(optional)") if any(other.required for other in field.form.fields.values()) else ""


@register.simple_tag
def field_widget(field: BoundField) -> SafeString:
    """The field's input with the classes of the look: `{% field_widget form.email %}`."""
    widget = field.field.widget
    added = _look_of(widget)
    if field.errors and added:
        added += " is-invalid"
    attrs: dict[str, str | bool] = {"class": f"{widget.attrs.get('class', '')} {added}".strip()} if added else {}
    if field_kind(field) == "check" and (described := field.aria_describedby):
        attrs["aria-describedby"] = described
    return field.as_widget(attrs=attrs)


@register.filter
def first_input_id(field: BoundField) -> str:
    """Where a link in the error summary leads: the input, or the first box of a list."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.simple_tag(takes_context=True)
def form_media(context: Context, needed: Media) -> SafeString:
    """The scripts and styles a form needs, in block head: `{% form_media form.media %}`.

    The rich-text editor brings an inline import map, which strict CSP lets through only with this answer's nonce. An
    empty style element stands where the editor would put a style of its own, so that it does not try.
    """
    if not isinstance(needed, js_asset.Media):
        return mark_safe(needed.render())
    nonce = str(context["request"].csp_nonce)
    return format_html(
        '<style nonce="{}" data-tiptap-style></style>{}'
        '<link rel="stylesheet" href="{}"><script type="module" src="{}"></script>',
        nonce,
        mark_safe(needed.with_nonce(nonce).render()),
        static("css/editor.css"),
        static("js/editor.js"),
    )


def _look_of(widget: Widget) -> str:
    if isinstance(widget, HiddenInput):
        return ""
    if isinstance(widget, CheckboxInput):
        return "form-check-input"
    if isinstance(widget, ChoiceWidget) and getattr(widget, "input_type", "") in {"radio", "checkbox"}:
        return ""
    if isinstance(widget, Select):
        return "form-select"
    return "form-control form-control-file" if isinstance(widget, FileInput) else "form-control"
