"""Rich text as plain text for letters: paragraphs apart, list items with a dash, addresses of links in brackets."""

import re
from html.parser import HTMLParser

BREAKS = dict.fromkeys(["p", "h1", "h2", "h3", "h4", "ul", "ol", "blockquote", "hr", "table", "pre"], "\n\n")
BREAKS |= dict.fromkeys(["br", "div", "tr", "dt", "dd"], "\n") | {"td": " ", "th": " "}
# What a letter's markup holds besides words.
UNSEEN = ("head", "style", "script", "title")


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.written: list[str] = []
        self.address = ""
        self.unseen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self.unseen = ""
        if self.unseen or tag in UNSEEN:
            self.unseen = self.unseen or tag
            return
        if tag == "a":
            self.address = dict(attrs).get("href") or ""
        self.written.append("\n- " if tag == "li" else BREAKS.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if self.unseen:
            self.unseen = "" if tag == self.unseen else self.unseen
            return
        if tag == "a" and self.address and "".join(self.written[-1:]).strip() != self.address:
            self.written.append(f" ({self.address.removeprefix('mailto:')})")
        if tag != "br":
            self.written.append(BREAKS.get(tag, ""))

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.written.append(re.sub(r"\s+", " ", data))


def plain_text(html: str) -> str:
    """The words of cleaned rich text, or of any other markup, as of a letter that came in."""
    writer = _Writer()
    writer.feed(html)
    writer.close()
    lines = "".join(writer.written).replace("\n- \n\n", "\n- ")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in lines.split("\n"))).strip()
