"""What comes from Word, Outlook, Google Docs or a web page, as rich text: real lists, headings, tables and links.

Pictures are left out and named. `static/js/pasted.js` does the same while somebody pastes, tested by the same cases;
here it is done for what arrives in other ways. Safe HTML is made by `lib.text.richtext.clean_html` only.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _
from tinyhtml5 import parse

Inline = str | Element

# What only another program writes; without any of it a text is left as it is.
FOREIGN = re.compile(
    r"mso|<o:p|<!--|docs-internal-guid|ListContainerWrapper|<h[1456]\b|<img\b|<div\b|<font\b|<style|<meta"
    r"|safelinks|google\.\w+/url\?|urldefense|/l\.php\?u=|cudasvc|</li>\s*<[uo]l|<table[^>]+\w=",
    re.IGNORECASE,
)
_NOTHING = """script style meta link title xml noscript template iframe object embed svg canvas audio video input select
button"""
_BLOCKS = """address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer
form header hr html li main nav p pre section summary table tbody td tfoot th thead tr"""
NOTHING = set(_NOTHING.split())
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
LISTS = {"ul", "ol"}
BLOCKS = HEADINGS | LISTS | set(_BLOCKS.split())
PLAIN_MARKER = re.compile(r"^\s*([·•§▪◦‣–*o-]|\(?\d{1,3}[.)]|\(?[A-Za-z]{1,4}[.)])\s{2,}")
ORDERED = re.compile(r"\(?(\d{1,3}|[A-Za-z]{1,4})[.)]")
NUMBER = re.compile(r"\(?(\d{1,3})[.)]")
LISTED = re.compile(r"mso-list: ?(?!ignore|none)[^;]*?level(\d+)")
MOST_OF_A_NAME = 100


def clean_pasted(html: str) -> str:
    """The text with what other programs wrote around it taken away; one of our own as it is."""
    if not FOREIGN.search(html):
        return html
    root = parse(html, namespace_html_elements=False)
    body = root.find("body")
    every = list(root.iter())
    has_title = any(each.tag == "h1" or "MsoTitle" in each.get("class", "") for each in every)
    cleaner = _Cleaner({child: parent for parent in every for child in parent}, has_title)
    try:
        return "".join(_html(block) for block in cleaner.blocks(body if body is not None else root))
    except RecursionError:
        return html  # nested so deeply that nobody wrote it


# --- addresses ---


def _query(name: str) -> Callable[[str], str]:
    return lambda url: next(iter(parse_qs(urlsplit(url).query).get(name, [])), "")


def _google(url: str) -> str:
    return (_query("q")(url) or _query("url")(url)) if urlsplit(url).path == "/url" else ""


def _teams(url: str) -> str:
    return _query("url")(url) if "safelinks" in urlsplit(url).path else ""


def _proofpoint(url: str) -> str:
    return unquote(_query("u")(url).replace("-", "%").replace("_", "/"))


def _proofpoint_3(url: str) -> str:
    found = re.search(r"/v3/__(.+?)__;", url)
    return found[1] if found else ""


# Services that write their own address around one, by host, and where the real one stands.
WRAPPERS: list[tuple[str, Callable[[str], str]]] = [
    (r"\.safelinks\.protection\.(outlook\.com|office365\.us)$", _query("url")),
    (r"(^|\.)(teams\.cdn\.office\.net|office\.net)$", _teams),
    (r"^(www\.)?google\.[a-z.]{2,6}$", _google),
    (r"^lm?\.(facebook|instagram)\.com$", _query("u")),
    (r"^linkprotect\.cudasvc\.com$", _query("a")),
    (r"^urldefense\.proofpoint\.com$", _proofpoint),
    (r"^urldefense\.(com|us)$", _proofpoint_3),
]


def unwrapped(address: str) -> str:
    """The address behind Safe Links and redirects, or "" for one that the portal does not take."""
    found = address.strip()
    for _depth in range(4):
        try:
            parts = urlsplit(found)
            host = parts.hostname or ""
        except ValueError:
            return ""
        if parts.scheme not in ("http", "https", "mailto"):
            return ""
        inside = next((read(found) for pattern, read in WRAPPERS if re.search(pattern, host)), "")
        if not re.match(r"(https?|mailto):", inside, re.IGNORECASE):
            return found
        found = inside.strip()
    return found


def unwrapped_text(text: str) -> str:
    """The addresses in plain text, each the one behind it."""
    return re.sub(r"https?://[^\s<>\"]+", lambda found: unwrapped(found[0]) or found[0], text)


# --- what an element is ---


def _children(node: Element) -> Iterator[Inline]:
    """Text and elements in their order, without comments."""
    if node.text:
        yield node.text
    for child in node:
        if isinstance(child.tag, str):
            yield child
        if child.tail:
            yield child.tail


def _style(node: Element) -> str:
    return " ".join(node.get("style", "").lower().split())


def _is_hidden(node: Element) -> bool:
    return node.get("hidden") is not None or re.search(r"display: ?none|mso-hide: ?all", _style(node)) is not None


def _is_marker(node: Element) -> bool:
    return re.search(r"mso-list: ?ignore", _style(node)) is not None


def _holds_blocks(node: Element) -> bool:
    return any(each.tag in BLOCKS for each in node.iter() if each is not node)


def _is_bold(node: Element) -> bool:
    if weight := re.search(r"font-weight: ?(\w+)", _style(node)):
        return weight[1] in ("bold", "bolder") or (weight[1].isdigit() and int(weight[1]) >= 600)
    return node.tag in ("b", "strong")


def _is_italic(node: Element) -> bool:
    if slant := re.search(r"font-style: ?(\w+)", _style(node)):
        return slant[1] == "italic"
    return node.tag in ("i", "em")


def _level_of_heading(node: Element) -> int:
    if node.tag in HEADINGS:
        return int(node.tag[1])
    if node.get("role") == "heading":
        return _number(node.get("aria-level"), 2)
    return 1 if re.search(r"\bMsoTitle\b", node.get("class", "")) else 0


def _number(written: str | None, otherwise: int) -> int:
    return int(written) if written and written.isdigit() and 0 < int(written) < 1000 else otherwise


@dataclass
class _Item:
    """A list item as Word writes it: a paragraph that says how deep it lies."""

    level: int
    is_ordered: bool
    start: int
    is_first: bool
    content: list[Inline]


@dataclass
class _Open:
    """A list that still grows."""

    level: int
    is_ordered: bool
    element: Element


class _Cleaner:
    def __init__(self, parents: dict[Element, Element], has_title: bool) -> None:
        self.parents, self.has_title = parents, has_title

    # blocks

    def blocks(self, node: Element) -> list[Element]:
        """The blocks of an element: paragraphs, headings, lists, tables."""
        found: list[Element] = []
        line: list[Inline] = []
        items: list[_Item] = []

        def end_line() -> None:
            found.extend(_paragraphs(line))
            line.clear()

        def end_items() -> None:
            found.extend(_lists(items))
            items.clear()

        for child in _children(node):
            if isinstance(child, str) or (child.tag not in BLOCKS and not _holds_blocks(child)):
                if items and not _text([child]).strip():
                    continue
                end_items()
                line.extend(self.inline(child))
            elif child.tag not in NOTHING and not _is_hidden(child):
                end_line()
                own = self.items_of(child)
                if own is None:
                    end_items()
                    found.extend(self.block(child))
                else:
                    items.extend(own)
        end_line()
        end_items()
        return found

    def block(self, node: Element) -> list[Element]:
        level = _level_of_heading(node)
        if level and not _holds_blocks(node):
            return self.heading(node, level)
        if node.tag in LISTS:
            return self.listing(node)
        if node.tag == "li":
            return [_make("ul", [self.item(node)])]
        if node.tag == "table":
            return self.table(node)
        if node.tag == "hr":
            return [_make("hr")]
        if node.tag == "pre":
            return _paragraphs([part for line in _text([node]).split("\n") for part in (line, _make("br"))])
        inside = self.blocks(node)
        return [_make("blockquote", inside)] if node.tag == "blockquote" and inside else inside

    def heading(self, node: Element, level: int) -> list[Element]:
        inside = _trimmed([each for each in self.inline_of(node) if not _is_break(each)])
        return [_make("h2" if level <= (1 if self.has_title else 2) else "h3", inside)] if _text(inside).strip() else []

    # lists

    def items_of(self, node: Element) -> list[_Item] | None:
        """The items that a paragraph of Word, or a list of Word on the web, stands for; None when it is neither."""
        if re.search(r"\bListContainerWrapper\b", node.get("class", "")):
            return [self._item_of_the_web(each) for each in node.iter("li")]
        listed = LISTED.search(_style(node))
        if node.tag != "p" or not (listed or re.search(r"\bMsoListParagraph", node.get("class", ""))):
            return None
        marker, is_apart = _marker_of(node)
        if not listed and not marker:
            return None
        number = NUMBER.match(marker)
        content = self.inline_of(node, _without("" if is_apart else marker))
        start = int(number[1]) if number else 1
        level = int(listed[1]) if listed else 1
        return [_Item(level, ORDERED.match(marker) is not None, start, bool(number) and start == 1, content)]

    def _item_of_the_web(self, node: Element) -> _Item:
        level = _number(node.get("data-aria-level") or node.get("aria-level"), 1)
        above = self.parents[node]
        return _Item(level, above.tag == "ol", _number(above.get("start"), 1), False, self.inline_of(node))

    def listing(self, node: Element) -> list[Element]:
        start = _number(node.get("start"), 1)
        made = _make(str(node.tag), [], {"start": str(start)} if node.tag == "ol" and start > 1 else {})
        for child in node:
            if not isinstance(child.tag, str) or child.tag in NOTHING or _is_hidden(child):
                continue
            # A list right inside a list belongs to the item before it (Google Docs).
            if child.tag in LISTS and len(made):
                made[-1].extend(self.listing(child))
            elif _text([child]).strip():
                made.append(self.item(child))
        return [made] if len(made) else []

    def item(self, node: Element) -> Element:
        inside = self.blocks(node)
        return _make("li", inside if inside and inside[0].tag not in LISTS else [_make("p"), *inside])

    # tables

    def table(self, node: Element) -> list[Element]:
        rows = [row for row in node.iter("tr") if self._table_of(row) is node]
        cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
        is_nested = any(each.tag == "table" for each in node.iter() if each is not node)
        if node.get("role") == "presentation" or is_nested or max(map(len, cells), default=0) < 2:
            return [block for cell in chain.from_iterable(cells) for block in self.blocks(cell)]
        caption = node.find("caption")
        body = [_make("tr", [self.cell(cell) for cell in row]) for row in cells if row]
        return [*(self.blocks(caption) if caption is not None else []), _make("table", [_make("tbody", body)])]

    def _table_of(self, node: Element) -> Element:
        while node.tag != "table":
            node = self.parents[node]
        return node

    def cell(self, node: Element) -> Element:
        sizes = {key: _number(node.get(key), 1) for key in ("colspan", "rowspan")}
        return _make(
            str(node.tag), self.blocks(node) or [_make("p")], {key: str(n) for key, n in sizes.items() if 1 < n < 100}
        )

    # within a line

    def inline_of(self, node: Element, change: Callable[[str], str] = str) -> list[Inline]:
        return [made for each in _children(node) for made in self.inline(each, change)]

    def inline(self, node: Inline, change: Callable[[str], str] = str) -> list[Inline]:
        if isinstance(node, str):
            text = re.sub(r"\s+", " ", change(node))
            return [text] if text else []
        if node.tag in NOTHING or _is_hidden(node) or _is_marker(node):
            return []
        if node.tag == "br":
            return [_make("br")]
        if node.tag == "img":
            return _picture(node)
        inside = self.inline_of(node, change)
        if node.tag == "a":
            return _link(node, inside)
        is_in_heading = node in self.parents and self.parents[node].tag in HEADINGS
        if _is_bold(node) and not is_in_heading and _text(inside).strip():
            inside = [_make("strong", inside)]
        if _is_italic(node) and _text(inside).strip():
            inside = [_make("em", inside)]
        return inside


def _paragraphs(line: list[Inline]) -> list[Element]:
    """Lines of inline content as paragraphs: two breaks in a row part them."""
    parts: list[list[Inline]] = [[]]
    for index, each in enumerate(line):
        if _is_break(each) and index + 1 < len(line) and _is_break(line[index + 1]):
            parts.append([])
        else:
            parts[-1].append(each)
    return [_make("p", inside) for part in parts if _text(inside := _trimmed(part)).strip()]


def _lists(items: list[_Item]) -> list[Element]:
    roots: list[Element] = []
    growing: list[_Open] = []  # the outermost first
    for item in items:
        inside = _trimmed(item.content)
        if not _text(inside).strip():
            continue
        while growing and _ends(growing[-1], item):
            growing.pop()
        if not growing or growing[-1].level < item.level:
            start = {"start": str(item.start)} if item.is_ordered and item.start > 1 else {}
            made = _make("ol" if item.is_ordered else "ul", [], start)
            (growing[-1].element[-1] if growing else roots).append(made)
            growing.append(_Open(item.level, item.is_ordered, made))
        growing[-1].element.append(_make("li", [_make("p", inside)]))
    return roots


def _ends(last: _Open, item: _Item) -> bool:
    is_other = last.is_ordered != item.is_ordered or item.is_first
    return last.level > item.level or (last.level == item.level and is_other)


def _without(marker: str) -> Callable[[str], str]:
    """Takes the marker out of the first text that holds words: in some programs it is not set apart."""
    waiting = [marker] if marker else []

    def change(text: str) -> str:
        if not waiting or not text.strip():
            return text
        text = text.lstrip()
        return text.removeprefix(waiting.pop())

    return change


def _marker_of(node: Element) -> tuple[str, bool]:
    """What stands before a paragraph of a list in Word ("·", "1."), and whether it is set apart from the words."""
    apart = next((each for each in node.iter() if isinstance(each.tag, str) and _is_marker(each)), None)
    if apart is not None:
        return _text([apart]).strip(), True
    found = PLAIN_MARKER.match(_text([node]))
    return (found[1] if found else ""), False


def _link(node: Element, inside: list[Inline]) -> list[Inline]:
    href = unwrapped(node.get("href", ""))
    words = _text(inside)
    if not href or not words.strip():
        return inside
    if re.fullmatch(r"https?://\S+", words.strip()):
        inside = [unwrapped_text(words)]
    return [_make("a", inside, {"href": href})]


def _picture(node: Element) -> list[Inline]:
    alt = " ".join((node.get("alt") or node.get("title") or "").split())
    if alt and len(alt) <= 8 and not any(each.isalnum() or each.isspace() for each in alt):
        return [alt]  # an emoji
    sizes = [re.match(r"\d+", node.get(key, "")) for key in ("width", "height")]
    if any(size and int(size[0]) <= 3 for size in sizes):
        return []
    words = _("A picture was left out.")
    if alt:
        words = _("A picture was left out: {name}.").replace("{name}", alt[:MOST_OF_A_NAME])
    return [f" [{words}] "]


# --- making elements ---


def _make(
    name: str, inside: "list[Inline] | list[Element] | tuple[()]" = (), attributes: dict[str, str] | None = None
) -> Element:
    made = Element(name, attributes or {})
    for each in inside:
        if isinstance(each, str):
            if len(made):
                made[-1].tail = (made[-1].tail or "") + each
            else:
                made.text = (made.text or "") + each
        else:
            made.append(each)
    return made


def _text(nodes: "list[Inline] | list[Element]") -> str:
    return "".join(each if isinstance(each, str) else "".join(_texts(each)) for each in nodes)


def _texts(node: Element) -> Iterator[str]:
    for each in _children(node):
        if isinstance(each, str):
            yield each
        else:
            yield from _texts(each)


def _is_break(node: Inline) -> bool:
    return not isinstance(node, str) and node.tag == "br"


def _trimmed(nodes: list[Inline]) -> list[Inline]:
    """Without blanks and breaks at both ends, and with one blank where several pieces of text meet."""
    found: list[Inline] = []
    for each in nodes:
        if found and isinstance(each, str) and isinstance(found[-1], str):
            found[-1] = re.sub(r" +", " ", found[-1] + each)
        else:
            found.append(each)
    while found and _is_blank(found[0]):
        found.pop(0)
    while found and _is_blank(found[-1]):
        found.pop()
    if found and isinstance(found[0], str):
        found[0] = found[0].lstrip()
    if found and isinstance(found[-1], str):
        found[-1] = found[-1].rstrip()
    return found


def _is_blank(node: Inline) -> bool:
    return not node.strip() if isinstance(node, str) else node.tag == "br"


def _html(block: Element) -> str:
    return ElementTree.tostring(block, encoding="unicode", method="html", short_empty_elements=False)
