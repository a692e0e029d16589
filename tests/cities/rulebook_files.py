"""A small rulebook of an invented city, and ways to write it wrong."""

from pathlib import Path

SMALL = """\
city: {slug: sample-city, name: 示例市, office: 示例专班}
programme:
  slug: sample-providers
  name: 示例服务商
  registrant_term: 服务商
  number_prefix: SL
  industries:
    - {key: toys, name: 玩具}
rulebook:
  version: 1
  title: 示例市服务商管理办法
  short_title: 示例办法
  effective_from: 2025-01-01
  validity_article: 第一条
  standing: published
articles:
  - {number: 第一条, heading: 效力}
  - {number: 第二条, heading: 变更}
counting_rules:
  - key: plain
    article: 第二条
    unit: calendar
    first_day: next
    roll: none
limits:
  - key: twice
    article: 第二条
    measure: changes_per_window
    procedure: change
    comparator: at_most
    number: 2
    unit: times
    window: calendar_year
    counts: submitted
    per: registration
    asked: filing
    strictness: hard
procedures:
  - key: change
    article: 第二条
    kind: partner_change
    title: 变更
    stages:
      - key: submit
        article: 第二条
        kind: submission
        label: 提交
        actor: provider
        outcomes:
          - {key: submitted, article: 第二条, label: 提交, next_stage: publicity}
      - key: publicity
        article: 第二条
        kind: publicity
        label: 公示
        actor: system
        span: 5
        counting: plain
        channel: here
        release: at_close
        outcomes:
          - {key: unopposed, article: 第二条, label: 无异议, result: published}
          - {key: upheld, article: 第二条, label: 异议成立, role: upheld, result: refused}
    materials:
      - {key: form, article: 第二条, label: 申请书, need: always, file_kinds: [pdf], max_megabytes: 20}
provisions:
  - {key: effect, article: 第一条, kind: validity, summary: 印发即施行。}
"""


def write(folder: Path, *changes: tuple[str, str], name: str = "sample.yaml") -> Path:
    """The small rulebook with some of its text replaced; each old text must stand there."""
    text = SMALL
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def line_of(path: Path, text: str) -> int:
    """The line on which a text first stands."""
    return path.read_text(encoding="utf-8").split(text)[0].count("\n") + 1
