"""What somebody who does not see a page, or has no mouse, needs of it: read from the page as it was sent."""

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

FIELDS = ("input", "select", "textarea")
NEED_NO_LABEL = ("hidden", "submit", "button", "image")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
REFERENCES = ("aria-labelledby", "aria-describedby", "for")
NAMES = ("aria-label", "aria-labelledby", "title")
# In the stock admin's table of rows the head of the column says what a field is.
IN_STOCK_TABLE = re.compile(r"\w+-(\d+|__prefix__)-\w+")


class Structure(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.count: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.labelled: set[str] = set()
        self.referred: set[str] = set()
        self.fields: list[tuple[str, str]] = []  # without a name of their own: their id and what they are
        self.levels: list[int] = []
        self.said: list[str] = []
        self.within_label = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.count[tag] += 1
        self.ids[given.get("id", "")] += 1
        self.referred |= {key for name in REFERENCES for key in given.get(name, "").split()}
        if tag == "label":
            self.within_label += 1
            self.labelled.add(given.get("for", ""))
        if tag in HEADINGS:
            self.levels.append(int(tag[1]))
        if tag == "nav" and not any(given.get(name) for name in NAMES):
            self.said.append("a nav without a name")
        if given.get("tabindex", "0").isdecimal() and int(given.get("tabindex", "0")) > 0:
            self.said.append(f"{tag} out of the order of the keyboard")
        if tag in FIELDS and self._needs_label(given):
            self.fields.append((given.get("id", ""), given.get("name", tag)))

    def _needs_label(self, given: dict[str, str]) -> bool:
        is_seen = given.get("type") not in NEED_NO_LABEL and given.get("aria-hidden") != "true"
        is_named = self.within_label or any(given.get(name) for name in NAMES)
        return is_seen and not is_named and not IN_STOCK_TABLE.fullmatch(given.get("name", ""))

    def handle_endtag(self, tag: str) -> None:
        self.within_label -= tag == "label"


def faults(body: bytes) -> Iterator[str]:
    """Nothing of what is no page."""
    if body.lstrip()[:9].lower() != b"<!doctype":
        return
    read = Structure()
    read.feed(body.decode())
    yield from read.said
    for tag in ("main", "h1"):
        if read.count[tag] != 1:
            yield f"{read.count[tag]} times {tag}"
    yield from (f"no label for {name}" for key, name in read.fields if not key or key not in read.labelled)
    yield from (f"id {key} {times} times" for key, times in read.ids.items() if key and times > 1)
    yield from (f"nothing is called {key}" for key in sorted(read.referred - set(read.ids)))
    for above, below in zip(read.levels, read.levels[1:], strict=False):
        if below > above + 1:
            yield f"h{below} below h{above}"
