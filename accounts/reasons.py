"""Why somebody did something to an account or a grant. It is sealed with the event for good."""

from accounts.errors import Refused
from records import personal


def refuse(reason: str, without: str) -> None:
    """Raises Refused where there is none, in the words of `without`, or where it holds a number of a person."""
    if not reason.strip():
        raise Refused(without)
    if number := personal.found_in(reason):
        raise Refused(f"理由里不能有{number}：理由一直留在记录里，不能再删。去掉以后再提交。")
