"""The forms of a page as a browser would send them: each control with the value it was drawn with."""

from html.parser import HTMLParser

from django.test import Client

SKIPPED = {"submit", "button", "image", "reset", "file"}


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.forms = []
        self.form = self.select = self.area = None

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "form":
            self.form = {}
            self.forms.append((said, self.form))
        elif self.form is None or "disabled" in said:
            return
        elif tag == "input" and said.get("name") and said.get("type", "text") not in SKIPPED:
            if said.get("type") not in ("checkbox", "radio") or "checked" in said:
                self.add(said["name"], said.get("value", "on" if said.get("type") == "checkbox" else ""))
        elif tag == "select":
            self.select = (said.get("name"), "multiple" in said, [], [])
        elif tag == "option" and self.select:
            _name, _many, every, chosen = self.select
            every.append(said.get("value", ""))
            if "selected" in said:
                chosen.append(said.get("value", ""))
        elif tag == "textarea":
            self.area = (said.get("name"), [])

    def handle_data(self, data):
        if self.area:
            self.area[1].append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select" and self.select:
            name, many, every, chosen = self.select
            for value in chosen or ([] if many else every[:1]):
                self.add(name, value)
            self.select = None
        elif tag == "textarea" and self.area:
            name, pieces = self.area
            self.add(name, "".join(pieces).removeprefix("\r\n").removeprefix("\n"))
            self.area = None

    def add(self, name, value):
        self.form.setdefault(name, []).append(value)


def forms_of(page):
    """Each form of a page: its attributes, and what it would send by itself."""
    reader = _Reader()
    reader.feed(page.content.decode())
    return reader.forms


def form_with(page, *names):
    """What the first form of a page would send that has these controls; changes are up to the test."""
    for _said, fields in forms_of(page):
        if set(names) <= fields.keys():
            return fields
    raise AssertionError(f"No form with {names}.")


def signed_in_browser(person):
    browser = Client()
    browser.force_login(person)
    return browser
