"""Reads YAML and keeps the line of every key; the only words it turns into values are null, true, false and whole numbers.

YAML itself would read `17:30` as 1050 and `no` as false; what a field expects is for schema.py to say.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from cities.rulebooks.errors import Problems

Scalar = str | int | bool | None
WORDS: dict[str, Scalar] = {"": None, "~": None, "null": None, "true": True, "false": False}
WHOLE_NUMBER = re.compile(r"-?(0|[1-9]\d{0,17})")
PLAIN_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map")}
DEEPEST = 50
SYNTAX = "这里不是合法的 YAML。常见原因：缩进不齐或用了制表符、冒号后缺空格、引号或括号没有配对"


@dataclass(frozen=True)
class Node:
    """A value and its line; the line of a mapping's entry is that of its key."""

    line: int
    value: "Scalar | list[Node] | dict[str, Node]"


class _Refused(yaml.YAMLError):
    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        self.reason = reason


class _Loader(yaml.BaseLoader):
    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise _Refused(line, "规则文件里不用锚点和别名（& 和 *）：把内容写出来")
        return super().compose_node(parent, index)


def read(path: Path, problems: Problems) -> Node | None:
    """The whole file as nodes, or None with the reason among the problems."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        problems.add(1, "文件", "没有这个文件")
    except OSError as error:
        problems.add(1, "文件", f"读不了这个文件（{error.strerror}）")
    else:
        return read_bytes(data, problems)
    return None


def read_bytes(data: bytes, problems: Problems) -> Node | None:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        problems.add(1, "文件", "不是 UTF-8 编码的文本：另存为 UTF-8")
        return None
    return _parse(text, problems)


def _parse(text: str, problems: Problems) -> Node | None:
    try:
        root = _compose(text)
        if root is None:
            problems.add(1, "文件", "文件是空的")
            return None
        return _node(root, root.start_mark.line + 1, "", problems)
    except _Refused as error:
        problems.add(error.line, "YAML", error.reason)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.add(mark.line + 1 if mark else 1, "YAML", SYNTAX)
    except yaml.reader.ReaderError as error:
        problems.add(text.count("\n", 0, error.position) + 1, "YAML", "有不能出现在文本里的控制字符")
    except RecursionError:
        problems.add(1, "YAML", "嵌套太深")
    return None


def _compose(text: str) -> yaml.Node | None:
    """With libyaml where it is there and the text is plain, six times as fast; the other says what is wrong where."""
    if yaml.__with_libyaml__ and _is_plain(text):
        return yaml.compose(text, Loader=yaml.CBaseLoader)
    return yaml.compose(text, Loader=_Loader)


def _is_plain(text: str) -> bool:
    """One well-formed document without aliases, and not so deep that libyaml would run out of stack."""
    depth = documents = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CBaseLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            documents += isinstance(event, yaml.DocumentStartEvent)
            if depth > DEEPEST or documents > 1 or isinstance(event, yaml.AliasEvent):
                return False
    except yaml.YAMLError:
        return False
    return True


def _node(node: yaml.Node, line: int, path: str, problems: Problems) -> Node:
    if node.tag not in PLAIN_TAGS:
        problems.add(line, path or "YAML", f"不用标签（{node.tag}）：直接写值")
    if isinstance(node, yaml.MappingNode):
        return Node(line, _entries(node, path, problems))
    if isinstance(node, yaml.SequenceNode):
        return Node(line, [_node(item, item.start_mark.line + 1, path, problems) for item in node.value])
    return Node(line, _scalar(node) if isinstance(node, yaml.ScalarNode) else None)


def _entries(node: yaml.MappingNode, path: str, problems: Problems) -> dict[str, Node]:
    entries: dict[str, Node] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            problems.add(line, path or "YAML", "键只能是一个词")
            continue
        key = key_node.value
        here = f"{path}.{key}" if path else key
        if key in entries:
            problems.add(line, here, f"同一个键写了两次，第 {entries[key].line} 行已有")
            continue
        entries[key] = _node(value_node, line, here, problems)
    return entries


def _scalar(node: yaml.ScalarNode) -> Scalar:
    text: str = node.value
    if node.style:
        return text
    if text in WORDS:
        return WORDS[text]
    return int(text) if WHOLE_NUMBER.fullmatch(text) else text
