"""Reading the page of what was kept."""

import re
from html import unescape

from accounts.login import kept


def rows(page):
    facts = page[page.index('<dl class="facts">') :]
    return re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", facts[: facts.index("</dl>")])


def send_again(client, page):
    """Press the button that sends it."""
    start = page.index(f'name="{kept.MARK}"')
    path = re.findall(r'<form method="post" action="([^"]+)">', page[:start])[-1]
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page[start:])
    typed = {name: unescape(value) for name, value in fields if name != "csrfmiddlewaretoken"}
    return client.post(unescape(path), {**typed, kept.MARK: "1"})
