"""Whether a document is ours, unaltered and still standing."""

from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile

from notices import queries
from notices.models import Notice, NoticeLink


@dataclass(frozen=True)
class Verdict:
    """`css` is that of a `.result`; `said` are whole sentences."""

    css: str
    title: str
    said: tuple[str, ...]
    notice: Notice | None = None
    followers: tuple[NoticeLink, ...] = ()


NO_CODE = "没有这个查验码的文书。对照文书再输一遍；还是查不到，这份文书就不是本平台发出的。"
NO_FILE = "没有和这个文件一样的文书：不是本平台发出的，或者改动过、另存过、重新打印过。纸质件和另存的文件按第一页左下角的查验码查。"
OTHER_FILE = (
    "查验码是真的，但这个文件和本平台保存的原件不一样：改动过、另存过或者重新扫描过。以下面的原件为准。"
)
OTHER_CODE = "这个文件是真的，但查验码是另一份文书的。这个文件的文书见下面。"


def verify(code: str, upload: UploadedFile | None) -> Verdict:
    found = queries.by_file(upload.chunks()) if upload else None
    named = queries.by_code(code) if code else None
    if found and code and named != found.notice:
        return _bad("文件和查验码不是同一份文书", OTHER_CODE, found.notice)
    if found:
        what = "登记过的盖章扫描件" if found.is_scan else "本平台发出的原件"
        return _standing(found.notice, f"这个文件是{what}，一字未改。")
    if upload:
        return _bad("这个文件不是原件", OTHER_FILE if named else NO_FILE, named)
    if named:
        return _standing(named, "查验码是真的。手里的文书要和下面的原文一致才算数。")
    return _bad("查不到这份文书", NO_CODE, None)


def _bad(title: str, said: str, notice: Notice | None) -> Verdict:
    return Verdict("is-bad", title, (said,), notice, _followers(notice))


def _followers(notice: Notice | None) -> tuple[NoticeLink, ...]:
    return tuple(queries.followers(notice)) if notice else ()


def _standing(notice: Notice, said: str) -> Verdict:
    after = _followers(notice)
    if notice.state == Notice.State.WITHDRAWN:
        why = f"已经撤回，不再有效。原因：{notice.withdrawn_reason.rstrip('。')}。"
        return Verdict("is-bad", "是本平台发出的，已经撤回", (said, why), notice, after)
    # One that was itself withdrawn ends nothing any more.
    standing = {link.does for link in after if link.notice.state == Notice.State.ISSUED}
    if NoticeLink.Does.REVOKES in standing:
        return Verdict(
            "is-bad", "是本平台发出的，已经撤销", (said, "它的决定已经撤销，不再有效。"), notice, after
        )
    if NoticeLink.Does.CORRECTS in standing:
        return Verdict(
            "is-wait", "是本平台发出的，已有更正", (said, "有更正的地方以更正为准。"), notice, after
        )
    return Verdict(
        "is-good", "是本平台发出的，现在有效", (said, "没有更正、撤回，也没有撤销。"), notice, after
    )
