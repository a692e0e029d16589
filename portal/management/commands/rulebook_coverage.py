import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from cities.management.chinese import ChineseCommand
from cities.models import Programme, Rulebook
from cities.rulebooks import coverage, page
from cities.rulebooks.coverage import Traced
from portal.rehearsals.proofs import proven
from records import clock

COLUMNS = ("rules", "enforced", "guided", "declaratory", "awaiting", "unproven", "unplaced")


class Command(ChineseCommand):
    help = "每份规则的条文规则各有几条由平台查验、提示、说明或等待开通，逐条列出"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("programmes", nargs="*", metavar="PROGRAMME", help="项目代码，不写就是全部")
        parser.add_argument("--json", action="store_true", help="输出 JSON")
        parser.add_argument("--rules", action="store_true", help="逐条列出")

    def handle(self, *, programmes: list[str], json: bool, rules: bool, **_options: Any) -> None:
        traced = [(one, coverage.trace(one, proven(one))) for one in _rulebooks(programmes)]
        if json:
            self.stdout.write(_json(traced))
            return
        self.stdout.write("".join(f"{name:>12}" for name in COLUMNS) + "  programme")
        for rulebook, some in traced:
            self._tell(rulebook, some, each=rules)

    def _tell(self, rulebook: Rulebook, traced: list[Traced], *, each: bool) -> None:
        counted = coverage.counts(traced)
        figures = "".join(f"{counted[name]:>12}" for name in COLUMNS)
        self.stdout.write(f"{figures}  {rulebook.programme.slug}（第 {rulebook.version} 版）")
        for one in traced if each else [one for one in traced if one.is_open_question]:
            self.stdout.write(f"  {_line(one)}")


def _rulebooks(slugs: list[str]) -> list[Rulebook]:
    """Of each programme the version that a reader should see first."""
    now, programmes = clock.now(), Programme.objects.order_by("slug")
    chosen = list(programmes.filter(slug__in=slugs) if slugs else programmes)
    if missing := set(slugs) - {one.slug for one in chosen}:
        raise CommandError(f"没有项目 {'、'.join(sorted(missing))}")
    shown = [page.shown_first(list(page.public_versions(one)), now) for one in chosen]
    return [rulebook for rulebook in shown if rulebook]


def _line(one: Traced) -> str:
    why = f"，{one.rule.why_not}" if one.rule.why_not else ""
    awaits = f"（{'、'.join(one.awaits)}）" if one.awaits else ""
    return f"{one.rule.key}　{one.rule.article}　{one.status}{awaits}{why}　{' '.join(one.rows)}"


def _json(traced: list[tuple[Rulebook, list[Traced]]]) -> str:
    content = {
        rulebook.programme.slug: {
            "version": rulebook.version,
            **coverage.counts(some),
            "by_rule": _by_rule(some),
        }
        for rulebook, some in traced
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _by_rule(traced: list[Traced]) -> dict[str, Any]:
    return {
        one.rule.key: {
            "article": one.rule.article.number,
            "checkable": one.rule.checkable,
            "status": str(one.status),
            "awaits": list(one.awaits),
            "why_not": one.rule.why_not,
            "rows": one.rows,
        }
        for one in traced
    }
