"""The filed documents: each as a file, or a line that says why it is not here."""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import IO

from cases import kinds
from cases.dossier.parts import Asked, Chunks, Enclosed, Part, Table, Text
from cases.materials import may_open_sensitive
from cases.models import Case, Material
from records import files
from records.files import purposes, watermark
from records.files.encryption import Altered, KeyMissing
from records.models import StoredFile
from records.words import file_size, full_moment

NOT_CHOSEN = "含个人信息，导出时没有选择放入"
NOT_ALLOWED = "含个人信息，导出人不能打开"
NOT_THERE = "服务器上找不到这个文件"
CHUNK = 1 << 16


def part(case: Case, asked: Asked) -> Iterable[Part]:
    rows = case.materials.select_related("file", "added_by", "opened_by", "seal_checked_by")
    found = list(rows.order_by("added_at", "pk"))
    if not found:
        return
    names, shut = _Names(case), _why_shut(case, asked)
    enclosed = [_of_material(one, names.of(one), asked, shut) for one in found]
    table = Table(
        ["材料", "文件", "大小", "SHA-256（上传时）", "上传、核对", "是否在卷"],
        [_row(names.of(one), one, put) for one, put in zip(found, enclosed, strict=True)],
    )
    yield Part("材料", [table, Text(_said(enclosed), is_note=True)], "材料", enclosed)


def _said(enclosed: list[Enclosed]) -> str:
    left_out = sum(bool(one.why_not) for one in enclosed)
    rest = f"，其中 {left_out} 份没有放入" if left_out else ""
    return f"共 {len(enclosed)} 份{rest}；更换过的也在内。"


class _Names:
    """What each material is called, also where its row or its subject is gone; read once."""

    def __init__(self, case: Case) -> None:
        self.labels = dict(case.procedure.materials.values_list("key", "label"))
        self.subjects = kinds.of(case).subjects(case)

    def of(self, material: Material) -> str:
        label = self.labels.get(material.key, material.key)
        name = self.subjects.get(material.subject, material.subject)
        return f"{name}的{label}" if name else label


def _row(name: str, one: Material, put: Enclosed) -> list[str]:
    told = [f"{full_moment(one.added_at)} {one.added_by.display_name} 上传"]
    if one.replaced_at:
        told.append(f"{full_moment(one.replaced_at)} 更换")
    if one.opened_at and one.opened_by:
        told.append(f"{full_moment(one.opened_at)} {one.opened_by.display_name} 首次查看")
    if one.seal_checked_at and one.seal_checked_by:
        told.append(f"{full_moment(one.seal_checked_at)} {one.seal_checked_by.display_name} 章已核")
    here = put.why_not or ("在卷（带水印的一份）" if one.file.sensitive else "在卷")
    return [name, one.file.name, file_size(one.file.size), one.file.sha256, "\n".join(told), here]


def _why_shut(case: Case, asked: Asked) -> str:
    """Why no sensitive material goes with it; empty where they do."""
    if not asked.with_sensitive:
        return NOT_CHOSEN
    return "" if may_open_sensitive(asked.by, case) else NOT_ALLOWED


def _of_material(one: Material, about: str, asked: Asked, shut: str) -> Enclosed:
    if not one.file.sensitive or one.file.removed_at:
        return of_file(one.file, about)
    return _enclosed(one.file, about, None, shut) if shut else _sensitive(one, about, asked)


def of_file(stored: StoredFile, about: str) -> Enclosed:
    """A file that is not sensitive, as it was stored."""
    why_not = stored.removal or ("" if files.is_there(stored) else NOT_THERE)
    return _enclosed(stored, about, None if why_not else partial(files.opened, stored), why_not)


def _sensitive(material: Material, about: str, asked: Asked) -> Enclosed:
    """With who took it, when and what for across it, as whenever it is opened."""
    stored = material.file
    try:
        made = purposes.marked_copy(stored, asked.purpose, asked.by, asked.at)
    except watermark.CannotBeMarked as why:
        return _enclosed(stored, about, None, f"含个人信息，{why}")
    except (FileNotFoundError, KeyMissing):
        return _enclosed(stored, about, None, NOT_THERE)
    except Altered:
        return _enclosed(stored, about, None, "和上传时不一样，打不开")
    return replace(_enclosed(stored, about, _kept_apart(made, asked), ""), opened=material.pk)


def _enclosed(stored: StoredFile, about: str, chunks: Chunks | None, why_not: str) -> Enclosed:
    return Enclosed(stored.name, about, stored.content_type, chunks, stored.sha256, why_not)


def _kept_apart(made: bytes, asked: Asked) -> Chunks:
    """On disk until it is written, in a file without a name: of many copies one at a time is in memory."""
    held = asked.held.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 -- the stack closes it
    held.write(made)
    return partial(_again, held)


def _again(held: IO[bytes]) -> Iterator[bytes]:
    held.seek(0)
    yield from iter(lambda: held.read(CHUNK), b"")
