"""What a file says that cannot stand together. Each check reads the draft and adds to its problems; none stops another."""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any

from cities import keys, windows
from cities.models import CitedRow, TextRule
from cities.rulebooks.alternatives import check_alternatives, check_says_what_it_sets
from cities.rulebooks.carried import check_carried_out
from cities.rulebooks.draft import Draft, Part, Row
from cities.rulebooks.extensions import check_extensions
from cities.rulebooks.musts import check_musts
from cities.rulebooks.procedures import check_procedure
from cities.rulebooks.traced import check_rules
from cities.rulebooks.values import closest

# A list longer than this is no help; the closest is.
MOST_NAMED = 12


def check(draft: Draft) -> None:
    for step in _CHECKS:
        step(draft)
    check_alternatives(draft, (_days, _limits, check_carried_out))


def _articles(draft: Draft) -> None:
    """Every citation names an article of this rulebook."""
    known = {part.get("number") for part in draft.articles}
    for row in draft.rows:
        number = row.get("article")
        if number and number not in known:
            draft.problems.add(row.line_of("article"), f"{row.path}.article", _no_article(number, known))
        said = row.get("objection_article") if row.section.name == "stages" else ""
        if said and said not in known:
            line = row.line_of("objection_article")
            draft.problems.add(line, f"{row.path}.objection_article", _no_article(said, known))
    for name in ("validity_article", "effective_article"):
        said = draft.rulebook.get(name)
        if said and said not in known:
            draft.problems.add(draft.rulebook.line_of(name), f"rulebook.{name}", _no_article(said, known))


def _no_article(number: str, known: Iterable[Any]) -> str:
    """Numbers are short and much alike: only one that differs in little is worth naming."""
    close = get_close_matches(number, [str(one) for one in known], n=1, cutoff=0.7)
    return f"articles 里没有“{number}”（{f'最接近的是 {close[0]}' if close else '应为已列出的条款'}）"


def _references(draft: Draft) -> None:
    for row in draft.rows:
        for name, key in row.section.keys.items():
            if key.refers_to is not None:
                _named(draft, row, name, row.get(key.column), key.refers_to)
    _named(draft, draft.rulebook, "rules", draft.rulebook.get("rules"), TextRule)


def _named(draft: Draft, part: Part, name: str, wanted: Any, model: type[CitedRow]) -> None:
    """Every key that a field holds, one or a list, is that of a row within reach."""
    named = [key for key in (wanted if isinstance(wanted, list) else [wanted]) if key]
    known = _within_reach(draft, part, model.section) if named else []
    for key in named:
        if key not in known:
            draft.problems.add(
                part.line_of(name),
                f"{part.path}.{name}",
                f"没有代码为“{key}”的{_title(model)}（{_expected(str(key), model, known)}）",
            )


def _expected(wanted: str, model: type[CitedRow], known: list[str]) -> str:
    if not known:
        return f"{model.section} 里还没有一条"
    close = get_close_matches(wanted, known, n=1, cutoff=0.6)
    many = len(known) > MOST_NAMED and close
    return f"最接近的是 {close[0]}" if many else f"应为 {'、'.join(known[:MOST_NAMED])} 之一"


def _within_reach(draft: Draft, part: Part, section: str) -> list[str]:
    """The keys a row may name: those of its own procedure where the section stands inside one that the row is in too,
    else any of the rulebook."""
    outermost = part
    while isinstance(outermost, Row) and outermost.parent is not None:
        outermost = outermost.parent
    rows = draft.of(section)
    own = [row for row in rows if row.parent is outermost]
    stands_inside = (
        {child.name for child in outermost.section.children} if isinstance(outermost, Row) else set()
    )
    return [row.key for row in (own if section in stands_inside else rows) if row.key]


def _title(model: type) -> str:
    return str(model._meta.verbose_name)  # type: ignore[attr-defined]


def _days(draft: Draft) -> None:
    """A number of days says nothing without how they are counted, and the other way round."""
    for row in draft.rows:
        if "span" not in row.section.keys:
            continue
        has_span, has_rule = "span" in row.lines, "counting" in row.lines
        by_office = bool(row.get("span_set_by_office"))
        if has_span and not has_rule:
            draft.problems.add(
                row.line_of("span"),
                f"{row.path}.span",
                "有天数，没有计算规则（应有 counting，写 counting_rules 里的代码）",
            )
        if has_rule and not has_span and not by_office:
            draft.problems.add(
                row.line_of("counting"),
                f"{row.path}.counting",
                "有计算规则，没有天数（应有 span，或者去掉 counting）",
            )
        if has_span and by_office:
            draft.problems.add(
                row.line_of("span"), f"{row.path}.span", "既写了天数又写由主管部门确定（应只写一样）"
            )
        if row.get("span_number") == 0:
            draft.problems.add(
                row.line_of("span"), f"{row.path}.span", "天数是 0（应为 1 以上；没有期限就不写 span）"
            )


def _limits(draft: Draft) -> None:
    taken: dict[tuple[object, object], Row] = {}
    for row in draft.of("limits"):
        measure = keys.LIMITS.get(str(row.get("measure")))
        if measure is None:
            continue
        _limit_makes_sense(draft, row, measure)
        _lasts_as_said(draft, row, measure)
        same = taken.setdefault((row.get("measure"), row.get("procedure_key")), row)
        if same is not row:
            scope = row.get("procedure_key") or "整个规则"
            draft.problems.add(
                row.line,
                row.path,
                f"与第 {same.line} 行的“{same.key}”重叠：都限制{scope}的{measure.title}（应只留一条）",
            )


def _limit_makes_sense(draft: Draft, row: Row, measure: keys.LimitKey) -> None:
    unit = row.get("unit")
    if unit and unit not in measure.units:
        draft.problems.add(
            row.line_of("unit"),
            f"{row.path}.unit",
            f"“{unit}”量不了{measure.title}（应为 {'、'.join(measure.units)}）",
        )
    if row.get("after") and "after" not in measure.needs:
        draft.problems.add(row.line_of("after"), f"{row.path}.after", f"{measure.title}不看 after（应去掉）")
    for column in measure.needs:
        if row.get(column) in (None, "none", []) and (column not in row.lines or row.get(column) == "none"):
            draft.problems.add(
                row.line_of(column),
                f"{row.path}.{column}",
                f"{measure.title}要写明 {column}（应为 none 以外的值）",
            )


def _lasts_as_said(draft: Draft, row: Row, measure: keys.LimitKey) -> None:
    """Only a limit that bars lasts so long, by days that can be counted years ahead; only it looks at other programmes."""
    is_span = row.get("window") == "span"
    if is_span and row.get("span_number") is None:
        _add(draft, row, "window", "window: span 没有写多长（应有 span 和 counting）")
    if "span" in row.lines and not is_span:
        _add(draft, row, "span", "写了多长（应同时写 window: span，或者去掉）")
    if row.get("elsewhere") and not measure.bars:
        _add(draft, row, "elsewhere", f"{measure.title}不看别的项目（应去掉）")
    rule = next((one for one in draft.of("counting_rules") if one.key == row.get("counting_rule")), None)
    if rule is not None and (rule.get("unit") == "working" or rule.get("roll") not in (None, "none")):
        reason = f"“{rule.key}”要看工作日，几年以后的还没有公布（应为自然日或按月、最后一天不顺延的计算规则）"
        _add(draft, row, "counting", reason)


def _add(draft: Draft, row: Row, name: str, reason: str) -> None:
    draft.problems.add(row.line_of(name), f"{row.path}.{name}", reason)


def _materials(draft: Draft) -> None:
    for row in draft.of("materials"):
        conditional = row.get("need") == "conditional"
        if conditional and not row.get("condition"):
            draft.problems.add(
                row.line_of("need"), f"{row.path}.condition", "符合条件时才交，没有写条件（应有 condition）"
            )
        if row.get("condition") and not conditional:
            draft.problems.add(
                row.line_of("condition"), f"{row.path}.condition", "写了条件（应同时写 need: conditional）"
            )
        if row.get("file_kinds") == []:
            draft.problems.add(
                row.line_of("file_kinds"),
                f"{row.path}.file_kinds",
                "没有一种文件可交（应至少写一种，如 pdf）",
            )
        _file_kinds(draft, row)


def _file_kinds(draft: Draft, row: Row) -> None:
    kinds = [str(kind) for kind in row.get("file_kinds") or []]
    for kind in kinds:
        if kind not in keys.FILE_KINDS:
            _unknown(draft, row, "file_kinds", kind, keys.FILE_KINDS)
    bare = [kind for kind in kinds if kind in keys.FILE_KINDS and kind not in keys.FILE_KINDS_MARKED]
    if row.get("sensitive") and bare:
        draft.problems.add(
            row.line_of("file_kinds"),
            f"{row.path}.file_kinds",
            f"含个人信息的材料打开时要加水印，{bare[0]} 加不上（应只写 {'、'.join(keys.FILE_KINDS_MARKED)}）",
        )


def _procedures(draft: Draft) -> None:
    for row in draft.of("procedures"):
        check_procedure(row, draft.problems)
        for name in row.get("operations") or []:
            taken = keys.operations_of(str(row.get("kind")))
            if name not in taken:
                _unknown(draft, row, "operations", name, taken)
        for written in row.get("review_windows") or []:
            if not windows.is_window(written):
                draft.problems.add(
                    row.line_of("review_windows"),
                    f"{row.path}.review_windows",
                    f"“{written}”不是收件期（应写成 03-01/03-31 这样，不用 02-29）",
                )


def _unknown(draft: Draft, row: Row, name: str, value: str, known: Iterable[str]) -> None:
    draft.problems.add(row.line_of(name), f"{row.path}.{name}", f"不认识“{value}”（{closest(value, known)}）")


def _numbers(draft: Draft) -> None:
    """A number says nothing without its comparator, nor a comparator without a number; a detector may need both."""
    for row in draft.rows:
        if not {"number", "comparator"} <= row.section.keys.keys() or row.section.name == "limits":
            continue
        if ("number" in row.lines) != ("comparator" in row.lines):
            draft.problems.add(row.line, row.path, "number 和 comparator 要一起写（应都写，或都不写）")
    for row in draft.of("grounds"):
        _ground(draft, row)


def _ground(draft: Draft, row: Row) -> None:
    called = next(
        (one.get("term") for one in draft.of("procedures") if one.key == row.get("procedure_key")), ""
    )
    if row.get("term") and row.get("term") != called:
        _add(draft, row, "term", f"办它的程序叫“{called or '（没有写 term）'}”（两处应当一样）")
    detector = keys.DETECTORS.get(str(row.get("detector")))
    if detector is None:
        return
    if detector.counts and "number" not in row.lines:
        draft.problems.add(
            row.line_of("detector"),
            f"{row.path}.number",
            f"“{detector.title}”要写满几次（应有 comparator 和 number）",
        )
    if (row.get("detector") == "grade") != ("grade" in row.lines):
        draft.problems.add(
            row.line_of("grade"),
            f"{row.path}.grade",
            "detector: grade 和 grade 要一起写（应写 bands 里的代码）",
        )


def _dates(draft: Draft) -> None:
    book = draft.rulebook
    begins, ends = book.get("effective_from"), book.get("effective_to")
    if begins is None and book.get("standing") == "published" and "effective_from" not in book.lines:
        draft.problems.add(
            book.line, "rulebook.effective_from", "缺少这个键（应为施行日期；征求意见稿和草稿可以不写）"
        )
    if begins and ends and ends < begins:
        draft.problems.add(
            book.line_of("effective_to"),
            "rulebook.effective_to",
            f"{ends} 早于施行日期 {begins}（应为施行日期或之后）",
        )
    if book.get("standing") == "withdrawn":
        draft.problems.add(
            book.line_of("standing"),
            "rulebook.standing",
            "不能写（应为 draft、consultation 或 published）。已发布的规则停止施行，由工作人员在后台登记有效期",
        )


_CHECKS: Iterable[Callable[[Draft], None]] = (
    _articles,
    _references,
    _days,
    check_extensions,
    _limits,
    _materials,
    _procedures,
    _numbers,
    check_rules,
    check_carried_out,
    check_says_what_it_sets,
    check_musts,
    _dates,
)
