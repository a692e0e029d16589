from typing import Any

from cities.management.chinese import ChineseCommand
from notices import issuing
from records import clock

# A round of the command has no end of its own.
FOREVER = float("inf")


class Command(ChineseCommand):
    help = (
        "把已经决定、还没有成文的公文成文并发布，逐份报告进度。可以随时中断，再运行一次就接着做；文号不变。"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        issued = issuing.carry_out(clock.now(), longest=FOREVER, tell=self._tell)
        self.stdout.write(f"发布了 {issued} 份")

    def _tell(self, done: int, due: int) -> None:
        self.stdout.write(f"{done}／{due}")
        self.stdout.flush()
