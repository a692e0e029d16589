"""Commands that refuse a wrong argument in Chinese, as every other text of this portal is."""

import re
from collections.abc import Callable
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from records.clock import ClockFileBroken

WRONG_ARGUMENT = 2

# What argparse itself may object to; it offers no Chinese.
SENTENCES: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (r"unrecognized arguments: (.+)", lambda m: f"不认识的参数：{m[1]}"),
    (r"argument (\S+): expected one argument", lambda m: f"{m[1]} 后面要写一个值"),
    (r"argument (\S+): ignored explicit argument (.+)", lambda m: f"{m[1]} 后面不写值，现在写了 {m[2]}"),
    (r"the following arguments are required: (.+)", lambda m: f"缺少参数：{m[1]}"),
)


def wrong_argument(sentence: str) -> CommandError:
    return CommandError(sentence, returncode=WRONG_ARGUMENT)


class ChineseCommand(BaseCommand):
    """Options keep their full names: a shortened one could come to mean another when an option is added."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, allow_abbrev=False, **kwargs)

        def refuse(message: str) -> NoReturn:
            refusal = wrong_argument(in_chinese(message))
            if parser.called_from_command_line:
                parser.exit(WRONG_ARGUMENT, f"{refusal}\n")
            raise refusal

        parser.error = refuse  # type: ignore[method-assign]
        return parser

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except ClockFileBroken as broken:
            raise CommandError(str(broken)) from broken


def in_chinese(message: str) -> str:
    for pattern, sentence in SENTENCES:
        if found := re.fullmatch(pattern, message):
            return f"{sentence(found)}。参数见 --help"
    return f"参数写错了（{message}）。参数见 --help"
