"""Writes YAML that source.py reads back as it was: short lists and mappings on one line, quotes only where needed."""

import re
from typing import Any

import yaml

from cities.rulebooks.source import WHOLE_NUMBER, WORDS

# What still stands on one line; a Chinese character is two columns wide.
FITS = 120
NO_WRAPPING = 2**31


class _Dumper(yaml.SafeDumper):
    """YAML's own words for numbers, days and hours are text to source.py, and so need no quotes."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def represent(self, data: Any) -> None:
        """The outermost mapping never stands on one line."""
        node: Any = self.represent_data(data)
        node.flow_style = False
        self.serialize(node)

    def represent_sequence(self, *args: Any, **kwargs: Any) -> yaml.SequenceNode:
        node: yaml.SequenceNode = super().represent_sequence(*args, **kwargs)
        node.flow_style = all(isinstance(item, yaml.ScalarNode) for item in node.value) and _fits(node)
        return node

    def represent_mapping(self, *args: Any, **kwargs: Any) -> yaml.MappingNode:
        node: yaml.MappingNode = super().represent_mapping(*args, **kwargs)
        node.flow_style = all(_is_flat(value) for _, value in node.value) and _fits(node)
        return node


def _is_flat(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) or bool(getattr(node, "flow_style", False))


def _fits(node: yaml.CollectionNode) -> bool:
    return _length(node) <= FITS


def _length(node: Any) -> int:
    if isinstance(node, yaml.ScalarNode):
        return sum(1 if character.isascii() else 2 for character in node.value)
    parts = [part for item in node.value for part in (item if isinstance(item, tuple) else (item,))]
    return sum(_length(part) + 2 for part in parts)


def _resolve_only(kind: str, pattern: str) -> None:
    _Dumper.add_implicit_resolver(f"tag:yaml.org,2002:{kind}", re.compile(f"(?:{pattern})$"), None)


for _kind, _python in (("null", type(None)), ("bool", bool)):
    _own = (re.escape(word) for word, value in WORDS.items() if isinstance(value, _python))
    _resolve_only(_kind, "|".join(_own))
_resolve_only("int", WHOLE_NUMBER.pattern)


def write(value: Any) -> str:
    text: str = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=NO_WRAPPING)
    return text
