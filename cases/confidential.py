"""What has to stay in the office and must not slip into words that leave it: apps above say what that is of a case."""

import re
import unicodedata
from collections.abc import Callable, Iterable

from cases.errors import Problem, Refused
from cases.models import Case
from records import personal

# Less would be found in any text: a surname, an extension.
LEAST_LETTERS, LEAST_DIGITS = 2, 7
WHY = "这里有提出异议的人的姓名、单位或联系方式。提出人保密，删去后再提交"

Told = Callable[[list[Case]], Iterable[str]]
_told: list[Told] = []


def register(told: Told) -> None:
    """Tell names, addresses and numbers of cases that nobody outside may read."""
    _told.append(told)


def refuse_telling(cases: Iterable[Case], field: str, *texts: str) -> None:
    """Raises Refused where one of the texts tells something confidential of one of the cases, or a number of any person."""
    written = [text for text in texts if text.strip()]
    if not written:
        return
    cases = list(cases)
    names = [name for told in _told for name in told(cases)]
    if any(tells(text, names) for text in written):
        raise Refused(f"{WHY}。", problems=[Problem(field, WHY)])
    refuse_numbers(field, *written)


def refuse_numbers(field: str, *texts: str) -> None:
    """Raises Refused where one of the texts tells a number of any person. What somebody from outside writes is asked no more than
    this: a refusal that knows who has objected would tell."""
    if found := [one for text in texts for one in personal.find(text)]:
        what = "、".join(dict.fromkeys(f"{one.kind} {one.masked}" for one in found))
        wrong = f"这里别人也看得到，不能有{what}。删去后再提交"
        raise Refused(f"{wrong}。", problems=[Problem(field, wrong)])


def tells(text: str, names: Iterable[str]) -> bool:
    """Whether any of the names is in it, however it is written: wide, with spaces or dots, a number in groups."""
    plain, digits = _plain(text), _digits(text)
    return any(
        any(part in plain for part in _parts(name)) or any(run in digits for run in _runs(name))
        for name in names
    )


def _plain(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())


def _parts(name: str) -> list[str]:
    """The whole, each word of what was typed as several, and each e-mail address, but for numbers."""
    typed = unicodedata.normalize("NFKC", name)
    found = {
        _plain(name),
        *map(_plain, re.split(r"[\s,，、;；:：/（）()]+", typed)),
        *map(_plain, MAIL.findall(typed)),
    }
    return [
        word for word in found if len(word) >= LEAST_LETTERS and not word.isdigit() and word not in COMMON
    ]


# In Latin letters: words and addresses are written without a space between them.
MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
# What people type around a name or where they have none to give.
COMMON = {
    "电话",
    "手机",
    "邮箱",
    "邮件",
    "联系人",
    "联系电话",
    "先生",
    "女士",
    "没有",
    "本人",
    "个人",
    "单位",
    "不详",
}


def _digits(text: str) -> str:
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", text))


def _runs(name: str) -> list[str]:
    """Numbers that reach somebody, their groups joined; with and without what stands before the first group."""
    joined = re.sub(r"(?<=\d)[\s.\-–—()]+(?=\d)", "", unicodedata.normalize("NFKC", name))
    return [run for run in re.findall(r"\d+", joined) if len(run) >= LEAST_DIGITS]
