"""What issuing so many documents costs, against WeasyPrint alone on the same HTML: by the clock and in memory, each in a process
of its own."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypedDict

from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction

from bench import databases, growth
from cities.models import Programme
from notices import document, issuing, loading, templates
from notices.models import Notice
from notices.pdf import rendering
from notices.wording import Table, of
from records import clock
from records.printing import fonts

WORDINGS = "fixtures/notices"
ROWS = 10
MEGABYTE = 2**20


class Run(TypedDict):
    """Seconds by the clock and of the processor; megabytes after the first tenth, at the end, and the most."""

    seconds: float
    processor: float
    early: float
    late: float
    most: float


class Sized(TypedDict):
    size: int
    pages: int
    site: Run
    bare: Run


def measure(sizes: list[int], rounds: int) -> list[Sized]:
    """Every size in a database of its own."""
    return [_of(size) for size in sizes]


def _of(size: int) -> Sized:
    with databases.fresh(f"portal_bench_{os.getpid()}_{size}"):
        call_command("migrate", interactive=False, verbosity=0)
        growth.load_rules()
        _decide(size)
        told = [
            rendering.html_of(document.of(one), fonts.chosen()) for one in Notice.objects.order_by("ordinal")
        ]
        bare = _apart(lambda step: _bare(told, step))
        site = _apart(
            lambda step: issuing.carry_out(clock.now(), longest=float("inf"), tell=lambda *_: step())
        )
        assert Notice.objects.filter(state="issued").count() == size
        return Sized(size=size, pages=_pages(), site=_run(site), bare=_run(bare))


def _decide(size: int) -> None:
    programme = Programme.objects.order_by("slug")[0]
    loading.load(Path(settings.BASE_DIR) / WORDINGS / f"{programme.slug}.yaml", at=clock.now())
    template = templates.in_force(programme, "change")
    assert template is not None
    with transaction.atomic():
        for number in range(size):
            words = of(template, _facts(number), _table(number))
            issuing.issue(template, words, by=None, at=clock.now())


def _facts(number: int) -> dict[str, str]:
    return {
        "单位": f"示例{number}号智能装备科技有限公司",
        "伙伴称谓": "合作伙伴",
        "办法": "《示例市中小企业数字化转型城市试点入库单位管理办法（试行）》",
        "条款": "第十五条",
        "公示首日": "2026年9月29日",
        "公示末日": "2026年10月3日",
        "公示编号": f"AB-GS-2026-{number:04}",
        "项目": "数字化入库单位",
        "版次": f"第{number}版",
        "发布日期": "2026年10月4日",
    }


def _table(number: int) -> Table:
    heads = ("序号", "单位", "变动", "行业或目录编码", "变更前", "变更后")
    rows = [
        [str(n), f"示例{number}号有限公司", "新增", "食品饮料", "—", f"样例{n}软件有限公司"]
        for n in range(1, ROWS + 1)
    ]
    return Table(heads, rows)


def _bare(told: list[str], step: Callable[[], None]) -> None:
    from weasyprint import HTML  # in the process that is measured

    for html in told:
        HTML(string=html).write_pdf(pdf_variant="pdf/a-2a", pdf_tags=True)
        step()


class Step(NamedTuple):
    """Seconds since the beginning, and the megabytes that it takes."""

    seconds: float
    processor: float
    megabytes: float


def _apart(work: Callable[[Callable[[], None]], object]) -> list[Step]:
    """In a child process, after each step."""
    connections.close_all()
    out, into = os.pipe()
    child = os.fork()
    if not child:
        _work_and_tell(work, into)
    os.close(into)
    with os.fdopen(out) as pipe:
        steps = [Step(*told) for told in json.load(pipe)]
    os.waitpid(child, 0)
    return steps


def _work_and_tell(work: Callable[[Callable[[], None]], object], into: int) -> None:
    steps: list[Step] = []
    began, used = time.perf_counter(), time.process_time()
    try:
        work(lambda: steps.append(Step(time.perf_counter() - began, time.process_time() - used, _resident())))
        with os.fdopen(into, "w") as pipe:
            json.dump(steps, pipe)
    finally:
        os._exit(0)


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


def _run(steps: list[Step]) -> Run:
    memory, end = [step.megabytes for step in steps], steps[-1]
    return Run(
        seconds=end.seconds,
        processor=end.processor,
        early=memory[len(memory) // 10],
        late=memory[-1],
        most=max(memory),
    )


def _pages() -> int:
    """Of one of them."""
    from pypdf import PdfReader  # after what is measured

    notice = Notice.objects.select_related("file").earliest("ordinal")
    assert notice.file is not None
    with notice.file.content.open("rb") as file:
        return len(PdfReader(file).pages)
