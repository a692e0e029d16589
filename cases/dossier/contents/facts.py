"""What the case is, and what was found that opened it or was found in it."""

from collections.abc import Iterable

from cases import rested
from cases.dossier.contents.materials import of_file
from cases.dossier.hands import name_of
from cases.dossier.parts import Asked, Facts, Heading, Part, Text
from cases.grounds import with_files
from cases.models import Case, GroundFound
from records.words import full_day, second


def part(case: Case, asked: Asked) -> Iterable[Part]:
    yield Part(
        "事项",
        [
            Facts(
                [
                    ("编号", str(case)),
                    ("项目", str(case.programme)),
                    ("程序", f"{case.procedure}（{case.procedure.article.number}）"),
                    ("单位", case.organisation.name),
                    ("统一社会信用代码", case.organisation.credit_code),
                    ("适用规则", str(case.rulebook or "")),
                    ("底稿", f"{case.base_edition}名单" if case.base_edition else ""),
                    ("批次", str(case.batch) if case.batch and case.batch.number else ""),
                    ("提交方式", case.get_channel_display()),
                    ("纸质材料收到日期", full_day(case.received_on) if case.received_on else ""),
                    ("第一次提交", _first(case)),
                    ("责令变更", "是" if case.ordered else ""),
                    *_standing(case),
                ]
            )
        ],
    )


def _first(case: Case) -> str:
    return f"{second(case.submitted_at)}，{name_of(case.submitted_by)}" if case.submitted_at else ""


def _standing(case: Case) -> list[tuple[str, str]]:
    """How it stood when the dossier was made."""
    here = f"在“{case.stage}”" if case.status == Case.Status.OPEN else case.get_result_display()
    return [
        ("状态", f"{case.get_status_display()}，{here}"),
        ("承办人", case.owner.display_name if case.owner else ""),
        ("回到这一环节的原因", case.attention if case.status == Case.Status.OPEN else ""),
        ("搁置", f"{second(case.set_aside_at)}：{case.set_aside_reason}" if case.set_aside_at else ""),
        ("办结时间", second(case.closed_at) if case.closed_at else ""),
        ("发布的版本", f"{case.edition}名单" if case.edition else ""),
    ]


def grounds(case: Case, asked: Asked) -> Iterable[Part]:
    """What it was taken up over and decided on, with what became of that since; and what was found in it."""
    mine = rested.of(case)
    rows = GroundFound.objects.filter(found_in=case).exclude(pk__in=[one.found.pk for one in mine])
    related = ("edition", "handled_by", "ground__article", "partner")
    others = with_files(rows.select_related(*related).order_by("found_at", "pk"))
    if not mine and not others:
        return
    blocks: list[Heading | Facts | Text] = []
    if mine:
        blocks += [Heading("据以立案的情形"), *(_ground(one.found, one.since) for one in mine)]
    if others:
        blocks += [Heading("在本件中发现的情形"), *(_ground(one) for one in others)]
    found = [*(one.found for one in mine), *others]
    files = [of_file(row.file, f"证明材料：{one}") for one in found for row in one.files.all()]
    yield Part("发现的情形", list(blocks), "情形", files)


def _ground(one: GroundFound, since: Iterable[str] = ()) -> Facts:
    return Facts(
        [
            ("情形", str(one)),
            ("来源", one.source_label),
            ("发现时间", second(one.found_at)),
            ("针对的名单", str(one.edition) if one.edition else ""),
            ("依据", one.evidence),
            ("证明材料", "\n".join(row.file.name for row in one.files.all())),
            ("处理", one.get_state_display()),
            ("不立案的理由", one.reason),
            ("处理人", f"{name_of(one.handled_by)}，{second(one.handled_at)}" if one.handled_at else ""),
            ("后来的变化", "\n".join(since)),
        ]
    )
