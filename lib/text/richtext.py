"""Rich text: what the editor cannot make, the server does not keep. And plain text with a few marks, laid out."""

import re
from html import unescape
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from django_prose_editor.fields import ProseEditorField
from markdown_it import MarkdownIt

from lib.text.pasted import clean_pasted

EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "Link": {"protocols": ["https", "http", "mailto"]},
    "HorizontalRule": True,
    "HardBreak": True,
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "PasteCleanup": True,
}
_BLOCK = re.compile(r"<(?=/?(?:p|br|h2|h3|ul|ol|li|blockquote|hr|tr|td|th)\b)")
_TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
_TAGS = {"p", "br", "strong", "em", "h2", "h3", "ul", "ol", "li", "blockquote", "a", "hr"} | _TABLE
_SPANS = {"colspan", "rowspan"}


class RichTextField(ProseEditorField):
    """A text of paragraphs, headings, lists, tables and links; everything else is removed when it is cleaned."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("extensions", EXTENSIONS)
        kwargs.setdefault("sanitize", True)
        super().__init__(*args, **kwargs)

    def clean(self, value: Any, instance: Any) -> str:
        """What was written elsewhere first takes the shape of the portal, as when it is pasted into the editor."""
        return str(super().clean(clean_pasted(value) if isinstance(value, str) else value, instance))

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Migrations see a plain text column: the editor's options may change without one."""
        name, _path, args, kwargs = super().deconstruct()
        for key in ("extensions", "sanitize", "config"):
            kwargs.pop(key, None)
        return name, "django.db.models.TextField", args, kwargs


def clean_html(html: str) -> SafeString:
    """Safe HTML for a page, a letter or a PDF: no images, scripts, styles or odd links."""
    return mark_safe(
        nh3.clean(
            html,
            tags=_TAGS,
            attributes={"a": {"href"}, "ol": {"start"}, "th": _SPANS, "td": _SPANS},
            url_schemes={"http", "https", "mailto"},
            link_rel="noopener noreferrer",
        )
    )


def words_only(html: str) -> str:
    """The words of rich text on one line, to be searched and quoted."""
    return " ".join(unescape(nh3.clean(_BLOCK.sub(" <", html), tags=set())).split())


def html_from_markdown(text: str) -> str:
    """Markdown (demo content, pasted text) to the HTML that the editor could have made."""
    return str(clean_html(MarkdownIt("commonmark", {"html": False}).render(text)))


# paragraphs, line breaks, lists and headings by "## "; every other sign is itself
_MARKS = MarkdownIt("zero", {"html": False, "breaks": True}).enable(["heading", "list", "newline"])


def html_from_marks(text: str) -> SafeString:
    """Text typed in a plain box: "- " and "1. " make lists, "## " a sub-heading, an empty line a paragraph.

    Sub-headings are all of one size (h3), below the heading that the page gives the whole text.
    """
    tokens = _MARKS.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h3"
    return clean_html(str(_MARKS.renderer.render(tokens, _MARKS.options, {})))
