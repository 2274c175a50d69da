"""Rich text as plain text for letters: paragraphs apart, list items with a dash, cells of a row with a stroke between
them, addresses of links in brackets."""

import re
from html.parser import HTMLParser

BREAKS = dict.fromkeys(["p", "h1", "h2", "h3", "h4", "ul", "ol", "blockquote", "hr", "table", "pre"], "\n\n")
BREAKS |= dict.fromkeys(["br", "div", "tr", "dt", "dd"], "\n")
# What a letter's markup holds besides words.
UNSEEN = ("head", "style", "script", "title")


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.written: list[str] = []
        self.address = ""
        self.cell = 0  # the number of the cell in its row; 0 outside of tables
        self.unseen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self.unseen = ""
        if self.unseen or tag in UNSEEN:
            self.unseen = self.unseen or tag
            return
        if tag == "a":
            self.address = dict(attrs).get("href") or ""
        if tag in ("td", "th"):
            self.cell += 1
            self.written.append(" | " if self.cell > 1 else "")
        elif self.cell:
            self.written.append(" " if tag in BREAKS else "")
        else:
            self.written.append("\n- " if tag == "li" else BREAKS.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if self.unseen:
            self.unseen = "" if tag == self.unseen else self.unseen
            return
        if tag == "a" and self.address and "".join(self.written[-1:]).strip() != self.address:
            self.written.append(f" ({self.address.removeprefix('mailto:')})")
        if tag == "tr":
            self.cell = 0
        elif tag != "br" and not self.cell:
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
    return re.sub(r"\n{3,}", "\n\n", "\n".join(" ".join(line.split()) for line in lines.split("\n"))).strip()
