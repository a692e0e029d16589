"""A document fetches nothing while it is made."""

import io
from pathlib import Path

import pytest
from weasyprint import HTML

from records.printing.fetching import fetcher

OUTSIDE = (
    "http://127.0.0.1:1/x.png",
    "https://example.org/x.css",
    "ftp://example.org/x",
    Path("/etc/hostname").as_uri(),
)


@pytest.mark.parametrize("address", OUTSIDE)
def test_neither_network_nor_disk_is_read(address):
    with pytest.raises(ValueError, match=r"fetches nothing|protocol"):
        fetcher().fetch(address)


def test_what_comes_with_the_document_is():
    assert fetcher().fetch("data:text/plain,yes").read() == b"yes"


def test_an_address_in_the_words_of_a_document_is_not_followed(monkeypatch):
    asked = []
    monkeypatch.setattr("socket.create_connection", lambda *given, **how: asked.append(given))
    page = '<img src="http://127.0.0.1:1/x.png"><link rel="stylesheet" href="file:///etc/passwd"><p>字'
    made = HTML(string=page, url_fetcher=fetcher()).write_pdf()
    assert io.BytesIO(made).read(4) == b"%PDF"
    assert asked == []
