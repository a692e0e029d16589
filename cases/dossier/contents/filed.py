"""What was asked for, as it was filed each time: the frozen submissions, read from the history of the case."""

from collections.abc import Iterable
from typing import Any

from cases import filings, kinds
from cases.dossier.parts import Asked, Block, Facts, Heading, Part, Table, Text
from cases.filings import Filing
from cases.models import Case
from records.words import second

MARKS = {"add": "新增", "end": "退出或停用", "edit": "调整"}
HEADS = ["对象", "现行", "变更", "拟变更后"]


def part(case: Case, asked: Asked) -> Iterable[Part]:
    found = filings.filings(case)
    history = list(case.history.order_by("history_date", "history_id").values("history_date", "submission"))
    blocks: list[Block] = []
    for place, filing in enumerate(found, start=1):
        after = found[place].at if place < len(found) else None
        blocks += _filing(case, place, filing, _as_filed(case, history, after))
    if blocks:
        yield Part("提交的内容", blocks)


def _as_filed(case: Case, history: list[dict[str, Any]], after: Any) -> dict[str, Any]:
    """What the case held until it was filed again; each row of its history is written after the moment of its act."""
    if after is None:
        return case.submission
    before = [row["submission"] for row in history if row["history_date"] < after and row["submission"]]
    return before[-1] if before else {}


def _filing(case: Case, place: int, filing: Filing, said: dict[str, Any]) -> list[Block]:
    title = "第一次提交" if place == 1 else f"第 {place} 次提交（补正后）"
    blocks: list[Block] = [Heading(title), Facts([("时间", second(filing.at)), ("提交人", filing.by)])]
    if filing.differs:
        blocks.append(Table(["这次改了什么", "原来"], [[what, was] for what, was in filing.differs]))
    return [*blocks, *of_submission(case, said)]


def of_submission(case: Case, said: dict[str, Any]) -> list[Block]:
    """What is written in words, what is asked of the list, of other units too, and the materials that came with it."""
    written = [(label, str(said.get(key) or "")) for key, label in kinds.of(case).texts.items()]
    blocks: list[Block] = [Facts(written), *of_list(said)]
    if filed := said.get("materials"):
        blocks.append(
            Table(["随附文件", "SHA-256（上传时）"], [[one["name"], one["sha256"]] for one in filed])
        )
    return blocks


def of_list(said: dict[str, Any]) -> list[Block]:
    """What becomes of the list, as it was frozen to be filed or to be shown."""
    blocks: list[Block] = [Facts([("对名单的变动", str(said.get("tally") or ""))])]
    if rows := differences(said.get("differences", [])):
        blocks.append(Table(HEADS, rows))
    for other in said.get("others", []):
        blocks.append(Text(f"另涉及 {other['unit']['name']}（{other['unit']['code']}）"))
        blocks.append(Table(HEADS, differences(other["differences"])))
    return blocks


def differences(lines: Iterable[dict[str, Any]]) -> list[list[str]]:
    """Lines of `providers.snapshots.differences`, as they were frozen."""
    return [
        [_object(line), _side(line.get("before")), _mark(line), _side(line.get("after"))] for line in lines
    ]


def _mark(line: dict[str, Any]) -> str:
    note = f"：{line['note']}" if line.get("note") else ""
    if (line["subject"], line["mark"]) == ("unit", "add"):
        return f"恢复{note}"
    return f"{MARKS.get(line['mark'], line['mark'])}{note}"


def _object(line: dict[str, Any]) -> str:
    if line["subject"] == "unit":
        return "本单位"
    place = line.get("industry_name", "") if line["subject"] == "partner" else "目录"
    return f"{place} {line.get('code', '')}".strip()


def _side(row: dict[str, Any] | None) -> str:
    if not row:
        return "无"
    price = f"，价格 {row['price']}" if row.get("price") else ""
    place = f"，{row['place']}" if row.get("place") else ""
    summary = f"；{row['summary']}" if row.get("summary") else ""
    return f"{row.get('name', '')}{place}{price}{summary}"
