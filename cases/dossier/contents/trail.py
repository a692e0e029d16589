"""What was done to the case, and who saw what of it."""

from collections.abc import Iterable

from accounts.models import User
from cases.dossier.hands import Hands
from cases.dossier.parts import Asked, Part, Table, Text, openings
from cases.meetings import meeting_words
from cases.models import Case
from cases.queries import demand_words
from records import words
from records.models import Event
from records.words import second

EXPORTED = "dossier.export"
HEADS = ["时间", "谁", "做了什么", "条款"]


def timeline(case: Case, asked: Asked) -> Iterable[Part]:
    """The first one first; the number is the event's own, as it is sealed."""
    told = list(case.events.exclude(verb__in=openings()).order_by("at", "pk"))
    hands = Hands(case, {event.actor_id for event in told})
    owners = User.objects.in_bulk({pk for event in told if (pk := event.data.get("owner"))})
    rows = [[str(event.pk), *_row(event, hands, _said(event, owners))] for event in told]
    yield Part("经过", [Table(["事件号", *HEADS], rows)])


def _said(event: Event, owners: dict[int, User]) -> str:
    owner = owners.get(event.data.get("owner", 0))
    said = f"分派给 {owner.display_name}" if owner else event.summary
    opinion = str(event.data.get("opinion", ""))
    return words.lines(said, meeting_words(event.data), opinion, demand_words(event.data))


def _row(event: Event, hands: Hands, said: str) -> list[str]:
    return [second(event.at), hands.of(event), said, event.article]


def access(case: Case, asked: Asked) -> Iterable[Part]:
    """Files that were opened and dossiers that were taken, this one the last; it is recorded when it is whole."""
    told = list(case.events.filter(verb__in=openings()).order_by("at", "pk"))
    hands = Hands(case, {event.actor_id for event in told} | {asked.by.pk})
    rows = [[str(event.pk), *_row(event, hands, event.summary)] for event in told]
    this = [second(asked.at), hands.by(asked.by, asked.at), said_of(asked), ""]
    note = "平台记下打开文件、查看提出人和导出案卷的人和时间；浏览页面不记。"
    yield Part("查阅记录", [Table(["事件号", *HEADS], [*rows, ["本次", *this]]), Text(note, is_note=True)])


def said_of(asked: Asked) -> str:
    along = "含个人信息的材料一并放入" if asked.with_sensitive else "不含个人信息的材料"
    return f"导出案卷，{along}，用途：{asked.purpose}"
