"""Somebody at a browser, who notices whatever the browser complains of."""

import re
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, Response

from tests.conftest import PDF

PASSWORD = "a-long-password-9"
LOOKS = 20
NARROW, WIDE = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


class Visitor:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("response", self._answered)

    def log_in(self, username: str) -> None:
        self.go("/login/")
        self.fill({"登录名": username, "密码": PASSWORD})
        self.press("登录")

    def go(self, address: str) -> None:
        self.page.goto(address)

    def fill(self, texts: dict[str, str]) -> None:
        for label, text in texts.items():
            self.page.get_by_label(label).fill(text)

    def choose(self, label: str, option: str) -> None:
        self.page.get_by_label(label).select_option(label=option)

    def tick(self, label: str) -> None:
        """The box or choice whose label begins so."""
        name = re.compile(f"^{re.escape(label)}")
        box, choice = (self.main.get_by_role(role, name=name) for role in ("checkbox", "radio"))
        box.or_(choice).check()

    def upload(self, label: str, name: str) -> None:
        file: Any = {"name": name, "mimeType": "application/pdf", "buffer": PDF}
        self.page.get_by_label(label).set_input_files(file)

    def press(self, name: str) -> None:
        """The first button of that name in the page itself, not in its frame."""
        self.main.get_by_role("button", name=name).first.click()

    def follow(self, name: str) -> None:
        self.main.get_by_role("link", name=name).first.click()

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    @property
    def text(self) -> str:
        """What stands on the page as it is laid out, each run of blanks as one."""
        self.page.wait_for_load_state()
        return " ".join(self.main.inner_text().split())

    @property
    def heading(self) -> str:
        return " ".join(self.page.locator("h1").first.inner_text().split())

    def overflow(self) -> int:
        """By how many pixels the page is wider than a telephone."""
        self.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        wider = self._wider()
        for _ in range(LOOKS):  # until the browser has laid the page out anew; what is too wide stays so
            if wider:
                self.page.wait_for_timeout(100)
                wider = self._wider()
        self.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        return wider

    def _wider(self) -> int:
        root = "document.documentElement"
        return int(self.page.evaluate(f"{root}.scrollWidth - {root}.clientWidth"))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")
