"""One request of one person, of which nothing stays: what was answered, what was asked of the database and what was written."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import connection, transaction
from django.test import Client

_NOT_COUNTED = re.compile(r"(SAVEPOINT|RELEASE|ROLLBACK|BEGIN)\b")
_WRITES = re.compile(r'(?:INSERT(?: OR IGNORE)? INTO|UPDATE|DELETE FROM) "(\w+)"')
FORM = "application/x-www-form-urlencoded"
# Of each request anew, whatever was asked for.
_ITS_OWN = re.compile(rb'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"')
# A form that came back with what to mend is a door that let somebody in.
_WORDS = {**dict.fromkeys((200, 400, 409, 410, 422), "yes"), 403: "told", 404: "."}
# That a session goes on is no change.
_SESSION = "accounts_loginsession"


@dataclass(frozen=True)
class Answer:
    word: str  # as the table has it
    status: int
    body: bytes
    queries: int
    written: frozenset[str]  # tables


class Visitor(Client):
    """A person at the site, or nobody. Without what Django's client notes of every template besides, which takes as long again."""

    def __init__(self, user: Any) -> None:
        super().__init__(raise_request_exception=False)
        if user is not None:
            self.force_login(user)

        self.user = user

    def __str__(self) -> str:
        return str(self.user)

    def request(self, **request: Any) -> Any:
        return self.handler(self._base_environ(**request))  # type: ignore[attr-defined]

    def ask(self, method: str, url: str, typed: dict[str, Any] | None = None) -> Answer:
        statements: list[str] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            statements.append(sql)
            return execute(sql, params, many, context)

        with transaction.atomic(), connection.execute_wrapper(note):
            response: Any = self.generic(method, url, urlencode(typed or {}), FORM)
            body = b"".join(response)  # read to its end, which closes it
            transaction.set_rollback(True)
        return _answer(response, body, statements)


def _answer(response: Any, body: bytes, statements: list[str]) -> Answer:
    written = {found[1] for sql in statements if (found := _WRITES.match(sql))} - {_SESSION}
    asked = [sql for sql in statements if not _NOT_COUNTED.match(sql)]
    plain = _ITS_OWN.sub(b"", body)
    return Answer(_word(response), response.status_code, plain, len(asked), frozenset(written))


def _word(response: Any) -> str:
    status = response.status_code
    if status == 302:
        return "login" if re.match(r"/(admin/)?login/\?next=", response["Location"]) else "leads"
    return _WORDS.get(status, str(status))
