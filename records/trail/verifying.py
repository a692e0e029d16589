"""Whether the events are still those that were sealed."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from records.events import NAME_ERASED
from records.models import Event, TrailBlock
from records.trail import digests


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was sealed. `event` is its key, none where the block itself is wrong."""

    block: int
    what: str
    event: int | None = None


@dataclass
class Report:
    blocks: int = 0
    events: int = 0
    unsealed: int = 0
    last: str = ""
    findings: list[Finding] = field(default_factory=list)


def verify(expected: dict[int, str] | None = None) -> Report:
    """Compare every sealed event with its seal, and every block with the one before. `expected` are digests of blocks by their
    number, as they were kept elsewhere: the one thing that shows a chain that was made anew as a whole."""
    report, erased = Report(), _erased_people()
    through = 0
    for block, previous in _in_order():
        report.findings += _of_chain(block, previous, through)
        report.findings += _of_keeping(block, expected or {})
        report.findings += list(_of_events(block, erased))
        report.blocks, report.events = report.blocks + 1, report.events + len(block.digests)
        report.last, through = block.digest, block.through
    missing = set(expected or {}) - set(range(1, report.blocks + 1))
    report.findings += [Finding(number, "另外保存着它的指纹，这里却没有这一块") for number in sorted(missing)]
    report.unsealed = Event.objects.filter(pk__gt=through).count()
    return report


def _in_order() -> Iterator[tuple[TrailBlock, TrailBlock | None]]:
    before = None
    for block in TrailBlock.objects.order_by("number").iterator(chunk_size=20):
        yield block, before
        before = block


def _of_chain(block: TrailBlock, before: TrailBlock | None, through: int) -> list[Finding]:
    found = []
    number = before.number + 1 if before else 1
    if block.number != number:
        found.append(Finding(block.number, f"前面缺第 {number} 块" if number < block.number else "块号重复"))
    if block.after != through:
        found.append(Finding(block.number, f"没有接着上一块的末尾（事件 {through}）"))
    if block.digest != digests.of_block(before.digest if before else "", block):
        found.append(Finding(block.number, "块的内容和它的指纹不符"))
    return found


def _of_keeping(block: TrailBlock, expected: dict[int, str]) -> list[Finding]:
    kept = expected.get(block.number, block.digest)
    return [] if kept == block.digest else [Finding(block.number, "和另外保存的指纹不符")]


def _of_events(block: TrailBlock, erased: set[int]) -> Iterator[Finding]:
    rows = Event.objects.filter(pk__gt=block.after, pk__lte=block.through)
    there = {str(event.pk): event for event in rows}
    for key in sorted({*block.digests, *there}, key=int):
        if what := _wrong(there.get(key), block.digests.get(key), erased):
            yield Finding(block.number, what, int(key))


def _wrong(event: Event | None, sealed: str | None, erased: set[int]) -> str:
    if event is None:
        return "封存过，现在不见了"
    if sealed is None:
        return "封存之后才塞进来的"
    if digests.of_event(event) != sealed:
        return "内容和封存时不一样"
    if not event.actor_salt and not event.actor_name and event.actor_id in erased:
        return ""
    is_same = digests.mark(event.actor_name, event.actor_salt) == event.actor_mark
    return "" if is_same else "办理人姓名和封存时不一样"


def _erased_people() -> set[int]:
    """Whose names were taken out of the records, which is an event itself."""
    return set(Event.objects.filter(verb=NAME_ERASED).values_list("data__user", flat=True))
