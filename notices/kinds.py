"""Kinds of document. Who decides on one registers its kind when it starts, with the fields that its wording may name."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

# What every wording may name, with what it stands for.
COMMON: dict[str, str] = {
    "城市": "城市的名称",
    "项目": "试点项目的名称",
    "称谓": "入库单位的称谓",
    "伙伴称谓": "合作伙伴的称谓",
    "主管部门": "主管部门全称",
    "办法": "所依据的文件，带书名号；有文号的带文号",
    "条款": "所依据的条款",
    "单位": "涉及的单位；超过两家的写“某某等3家”",
    "单位代码": "涉及的单位的统一社会信用代码；只有一家时才有",
    "家数": "涉及几家单位",
}


@dataclass(frozen=True)
class NoticeKind:
    """`term` is the column of a programme that holds its own word for the kind, where the texts have different ones. Without one of
    `needed` it would not say what it is for. `for_unit`: tells its unit alone, in words of its own, what another kind tells
    everybody (`to_unit`)."""

    key: str
    title: str
    fields: Mapping[str, str] = field(default_factory=dict)
    term: str = ""
    needed: tuple[str, ...] = ()
    for_unit: bool = False

    @property
    def all_fields(self) -> dict[str, str]:
        return {**COMMON, **self.fields}


_kinds: dict[str, NoticeKind] = {}
_TO_UNIT = "通知"


def to_unit(kind: NoticeKind) -> NoticeKind:
    """The kind that tells its unit the same."""
    title = f"{kind.title.removesuffix('公告')}{_TO_UNIT}"
    return replace(kind, key=key_to_unit(kind.key), title=title, for_unit=True)


def key_to_unit(key: str) -> str:
    return f"{key}_notice"


def register(kind: NoticeKind) -> None:
    _kinds[kind.key] = kind


def of(key: str) -> NoticeKind | None:
    return _kinds.get(key)


def title(key: str, programme: Any = None) -> str:
    """In the programme's own word where it has one; a kind that no app knows any more keeps its key."""
    kind = _kinds.get(key)
    if kind is None:
        return key
    term = str(getattr(programme, kind.term, "")) if programme and kind.term else ""
    return f"{term}{_TO_UNIT if kind.for_unit else ''}" if term else kind.title


def choices() -> list[tuple[str, str]]:
    return [(kind.key, kind.title) for kind in _kinds.values()]
