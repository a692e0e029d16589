"""Kinds of document. Who decides on one registers its kind when it starts, with the fields that its wording may name."""

from collections.abc import Mapping
from dataclasses import dataclass, field

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
    "家数": "涉及几家单位",
}


@dataclass(frozen=True)
class NoticeKind:
    key: str
    title: str
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def all_fields(self) -> dict[str, str]:
        return {**COMMON, **self.fields}


_kinds: dict[str, NoticeKind] = {}


def register(kind: NoticeKind) -> None:
    _kinds[kind.key] = kind


def of(key: str) -> NoticeKind | None:
    return _kinds.get(key)


def title(key: str) -> str:
    """A kind that no app knows any more keeps its key."""
    return _kinds[key].title if key in _kinds else key


def choices() -> list[tuple[str, str]]:
    return [(kind.key, kind.title) for kind in _kinds.values()]
