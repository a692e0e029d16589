import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from accounts.models import User
from tests.browser.visitor import Visitor

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session", autouse=True)
def allow_database_beside_playwright() -> Iterator[None]:
    """Playwright keeps an event loop running in this thread; our statements wait for their answers all the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Visitor]]:
    """Somebody with a browser of their own: `visitor()` is the public, `visitor(user)` has logged in."""
    opened: list[Page] = []

    def come(user: User | None = None, width: int = 1280) -> Visitor:
        page = chromium.new_context(
            base_url=live_server.url, locale="zh-CN", viewport={"width": width, "height": 900}
        ).new_page()
        page.set_default_timeout(10_000)
        opened.append(page)
        guest = Visitor(page)
        if user:
            guest.log_in(user.username)
        return guest

    yield come
    for page in opened:
        page.context.close()


@pytest.fixture
def everybody(visitor: Any) -> Iterator[Any]:
    """`everybody(user)` is one more visitor; at the end none of their browsers may have complained."""
    here: list[Visitor] = []

    def come(user: User | None = None) -> Visitor:
        here.append(visitor(user))
        return here[-1]

    yield come
    assert [complaint for one in here for complaint in one.complaints] == []
