"""Ways to change one row of a rulebook file: each says otherwise what the row itself says, and nothing else."""

import pickle
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from cities import built, keys
from cities.rulebooks import coverage

Content = dict[str, Any]
Change = dict[str, Any]

OTHER_DESK = {"clerk": "decider", "decider": "clerk", "council": "clerk", "district_reviewer": "clerk"}
OTHER_RELEASE = {"at_close": "confirmed", "confirmed": "at_close"}
OTHER_CHANNEL = {"here": "external", "external": "here"}
OTHER_FORCE = {"must": "may", "may": "must"}
# The kinds of procedure that take grounds up.
MEASURES = ("sanction", "partner_removal", "clearance")
# What is found by the sweep, and only so.
FOUND = ("rectification_overdue", "rectification_refused", "rectification_orders")
# Whether the day of an order has to be over.
OTHER_WAIT = {
    "rectification_overdue": "rectification_refused",
    "rectification_refused": "rectification_overdue",
}

# What of the head carries out each rule on validity: its days and its event stand in one row.
HEAD_OF: dict[str, tuple[str, ...]] = {
    "DG-21-a": ("effective_from",),
    "DG-21-b": ("ends_on_event", "effective_to"),
    "GZ-5-2-a": ("effective_from",),
    "GZ-5-2-b": ("ends_on_event", "effective_to"),
    "HS-notice-a": ("consulted_to",),
    "HS-notice-b": ("standing",),
    "HS-21-a": ("standing",),
    "HS-21-b": ("ends_on_event",),
    "QDC-20-a": ("effective_from",),
    "QDC-20-b": ("effective_to",),
    "QDP-meta": ("effective_to",),
    "QDP-signature": ("effective_from",),
    "JW-9": ("effective_from",),
    "HJ-10": ("effective_from", "ends_on_event"),
    "YL-6": ("effective_from", "effective_to"),
}


def of_head(row: Content, column: str) -> Iterator[Change]:
    if column == "standing":
        yield {"standing": "published", "effective_from": row["consulted_from"]}
    elif column == "ends_on_event":
        yield {column: "另一件事"}
    elif column in row:
        day = date.fromisoformat(row[column])
        yield {column: str(day - timedelta(days=1))}
        yield {column: str(day + timedelta(days=1))}
    else:
        yield {column: "2026-02-28"}


def _of_limit(row: Content) -> Iterator[Change]:
    yield {"number": row["number"] + 1}
    if row["number"]:
        yield {"number": row["number"] - 1}
    yield {"strictness": "planned"}
    if len(row.get("after", [])) > 1:
        yield from ({"after": [one]} for one in row["after"])


def _of_counting(row: Content) -> Iterator[Change]:
    yield {"unit": "calendar" if row["unit"] != "calendar" else "working"}
    yield {"first_day": "next" if row["first_day"] == "same" else "same"}
    if row["unit"] != "working":  # the last working day is none that rolls
        yield {"roll": "none" if row["roll"] == "forward" else "forward"}


def _of_stage(row: Content) -> Iterator[Change]:
    if "span" in row:
        yield {"span": row["span"] + 1}
        if row["span"] > 1:
            yield {"span": row["span"] - 1}
    if "last_day" in row:
        day = date.fromisoformat(row["last_day"])
        yield {"last_day": str(day - timedelta(days=1))}
        yield {"last_day": str(day + timedelta(days=1))}
    if row.get("span_set_by_office"):
        yield {"span_set_by_office": None, "span": 9, "counting": "*"}
    if row["kind"] in keys.DESKS and row["actor"] in OTHER_DESK:
        yield {"actor": OTHER_DESK[row["actor"]]}
    if row["kind"] == "rectification":  # whoever only states its case is ordered nothing
        yield {"kind": "statement"}
    if row.get("four_eyes"):
        yield {"four_eyes": False}
    if "release" in row:
        yield {"release": OTHER_RELEASE[row["release"]]}
        yield {"channel": OTHER_CHANNEL[row["channel"]]}
    if "extend_by_most" in row:
        yield {"extend_by_most": row["extend_by_most"] + 1}
        yield {"extend_times": row.get("extend_times", 1) + 1}
        yield {"extend_by_most": None, "extend_times": None}


def _of_outcome(row: Content) -> Iterator[Change]:
    if row.get("role") != "lapsed":  # the clock gives no reason
        yield {"needs_reason": not row.get("needs_reason")}
    else:
        yield {"next_stage": None, "result": "completed"}
    if row.get("names_day"):
        yield {"names_day": None}
    if row.get("notes_ground"):
        yield {"notes_ground": None}


def _of_material(row: Content) -> Iterator[Change]:
    if row.get("sealed"):
        yield {"sealed": False}
    if "either_or" in row:  # one of the group is enough, however it is needed by itself
        yield {"either_or": None}
    else:
        yield {"need": "always" if row["need"] == "optional" else "optional"}


def _of_procedure(row: Content) -> Iterator[Change]:
    """What it may do to the list, and the steps between application and publication, left out one at a time."""
    if "operations" in row:
        yield {"operations": None}
    elif built.is_built(row["kind"]):
        yield from (_without(row, stage) for stage in row["stages"][1:] if _may_be_left_out(row, stage))


def _may_be_left_out(row: Content, stage: Content) -> bool:
    """All but the last, unless that is one which not every case comes to."""
    return stage is not row["stages"][-1] or "requires" in stage


def _without(row: Content, stage: Content) -> Change:
    """The procedure without one of its stages: what led there leads on, and what was sent back there goes one step further. What
    nothing leads to then is left out with it, and the procedure carries their rules."""
    stages = deepcopy([one for one in row["stages"] if one is not stage])
    before = row["stages"][row["stages"].index(stage) - 1]["key"]
    on = next(one for one in stage["outcomes"] if one.get("role", "forward") == "forward")
    for one in stages:
        led = [outcome for outcome in one["outcomes"] if outcome.get("next_stage") == stage["key"]]
        for outcome in led:
            _lead(one, outcome, on, before)
    last = row.get("withdrawable_until")
    return {
        "stages": _reached(stages),
        "withdrawable_until": before if last == stage["key"] else last,
        "rules": list(dict.fromkeys(rule for one in _with_inner(row) for rule in one.get("rules", []))),
    }


def _lead(stage: Content, outcome: Content, on: Content, before: str) -> None:
    """To where the way on from the stage that is gone leads, `on`; where that was the end, to the end with what it did."""
    role = outcome.get("role", "forward")
    if role == "forward":
        del outcome["next_stage"]
        outcome |= {name: on[name] for name in ("next_stage", "result", "effect") if name in on}
    elif role == "refuse":
        outcome |= {"result": "refused"}
        del outcome["next_stage"]
    elif role == "back" and stage["kind"] == "review":
        stage["outcomes"].remove(outcome)
    else:
        outcome["next_stage"] = before


def _reached(stages: list[Content]) -> list[Content]:
    """Those that something leads to; no day is named for what waits for none."""
    kinds = {one["key"]: one["kind"] for one in stages}
    outcomes = [outcome for one in stages for outcome in one["outcomes"]]
    for outcome in outcomes:
        if kinds.get(outcome.get("next_stage")) not in keys.HAS_A_NAMED_DAY:
            outcome.pop("names_day", None)
    led = {outcome.get("next_stage") for outcome in outcomes}
    return [one for one in stages if one is stages[0] or one["key"] in led]


def _with_inner(row: Content) -> Iterator[Content]:
    yield row
    for stage in row["stages"]:
        yield from (stage, *stage["outcomes"])


def _of_ground(row: Content) -> Iterator[Change]:
    """What follows from it, by which procedure, and where it is found, how."""
    yield {"force": OTHER_FORCE[row["force"]]}
    yield {"procedure": "*"}
    if row["detector"] in FOUND:
        yield {"detector": "manual"}
        yield from ({"detector": other} for one, other in OTHER_WAIT.items() if one == row["detector"])
        yield from ({"number": row["number"] + by} for by in (1, -1) if "number" in row)


def _of_duty(row: Content) -> Iterator[Change]:
    if "span" in row:
        yield {"span": row["span"] + 1}
        yield {"span": row["span"] - 1}
        yield {"timing": "after" if row["timing"] == "before" else "before"}


CHANGES: dict[str, Callable[[Content], Iterator[Change]]] = {
    "limits": _of_limit,
    "counting_rules": _of_counting,
    "procedures": _of_procedure,
    "stages": _of_stage,
    "outcomes": _of_outcome,
    "materials": _of_material,
    "grounds": _of_ground,
    "duties": _of_duty,
}
NESTED = {"procedures": ("stages", "materials"), "stages": ("outcomes",), "schemes": ("dimensions", "bands")}
# A row: its section and the way to it in the file.
Way = tuple[Any, ...]


def carriers(content: Content, rule: str) -> list[tuple[str, Way]]:
    """The rows that say they carry a rule, and that a change fits. Where some are carried out today only those; the others
    wait for the kinds that read them."""
    found: list[tuple[str, Way]] = []
    if rule in content["rulebook"].get("rules", []):
        found.append(("rulebook", ("rulebook",)))
    for section, way, row in every_row(content):
        if rule in row.get("rules", []) and section not in ("rules", "provisions"):
            found.append((section, way))
    fitting = [(section, way) for section, way in found if any(changed(content, section, way, rule))]
    return [(section, way) for section, way in fitting if is_carried_out(content, way)] or fitting


def is_carried_out(content: Content, way: Way) -> bool:
    if way[0] == "grounds":
        return not coverage.awaited(keys.DETECTORS[_at(content, way)["detector"]].needs)
    if way[0] == "limits" and keys.LIMITS[_at(content, way)["measure"]].bars:
        return True
    if way[0] not in ("limits", "procedures"):
        return way[0] in ("rulebook", "counting_rules")
    own = (
        content[way[0]][way[1]]["key"] if way[0] == "procedures" else content[way[0]][way[1]].get("procedure")
    )
    return any(built.is_built(one["kind"]) for one in content["procedures"] if own in (None, one["key"]))


def every_row(content: Content) -> Iterator[tuple[str, Way, Content]]:
    for section, rows in content.items():
        if isinstance(rows, list) and section != "articles":
            yield from _rows(section, rows, (section,))


def _rows(section: str, rows: list[Content], way: Way) -> Iterator[tuple[str, Way, Content]]:
    for place, row in enumerate(rows):
        yield section, (*way, place), row
        for inner in NESTED.get(section, ()):
            yield from _rows(inner, row.get(inner, []), (*way, place, inner))


def changed(content: Content, section: str, way: Way, rule: str) -> Iterator[tuple[Change, Content]]:
    """The file with this one row changed, once for every change that fits it; of the head only what carries this rule."""
    row = _at(content, way)
    if section == "rulebook":
        changes: Iterator[Change] = (one for column in HEAD_OF[rule] for one in of_head(row, column))
    else:
        changes = CHANGES[section](row) if section in CHANGES else iter(())
        yield from _left_out(content, section, way)
    for change in changes:
        copy = _copied(content)
        _write(_at(copy, way), change, content)
        yield change, copy


def _left_out(content: Content, section: str, way: Way) -> Iterator[tuple[Change, Content]]:
    """The procedure of a stage without it; not what it begins with, and what changes the list only where a desk may do that."""
    if section != "stages":
        return
    kind, stage = _at(content, way[:-2])["kind"], _at(content, way)
    may_end = stage["kind"] != "publication" or kind in keys.ENDS_REGISTRATIONS
    if not (built.is_built(kind) and way[-1] and may_end):
        return
    copy = _copied(content)
    procedure = _at(copy, way[:-2])
    _write(procedure, _without(procedure, _at(copy, way)), content)
    yield {"left out": stage["key"]}, copy


def _copied(content: Content) -> Content:
    """In a fraction of the time that a deep copy of a whole file takes."""
    return pickle.loads(pickle.dumps(content))  # noqa: S301  (our own)


def _at(content: Content, way: Way) -> Content:
    row: Any = content
    for step in way:
        row = row[step]
    return row


def _write(row: Content, change: Change, content: Content) -> None:
    for key, value in change.items():
        if value is None:
            row.pop(key, None)
        else:
            row[key] = _some(key, row, content) if value == "*" else value


def _some(key: str, row: Content, content: Content) -> Any:
    """A counting rule; another procedure that takes grounds up."""
    if key == "counting":
        return content["counting_rules"][0]["key"]
    others = (one for one in content["procedures"] if one["kind"] in MEASURES and one["key"] != row[key])
    return next(one["key"] for one in others)
