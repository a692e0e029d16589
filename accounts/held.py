"""What the portal holds about who has an account, as it is given to him (PIPL article 45): the contents, except where they are
another's too. Of an act on a case or a programme that is when and where; of a letter to a unit or a desk, that it was his to read."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts import letters
from accounts.known_then import DECLARED_APART, DECLARED_ONE
from accounts.login import sessions
from accounts.models import Grant, Invitation, KeptForm, LoginSession, SecondFactor, User
from records import words
from records.models import Event, Letter, LetterDelivery, StoredFile
from records.personal.subjects import Held

# About the account alone: their words name nobody else.
OF_ACCOUNT = (
    *("person_created", "person_altered", "password_set", "second_factor_set", "second_factor_removed"),
    *("recovery_codes_renewed", "recovery_code_used", "logged_in", "logged_out", "session_ended"),
    *("login_failed", "login_locked", "grant", "grant_withdrawn", "grant_expired"),
)
ACTS = "办理记录"


def held(user: User) -> list[Held]:
    return [
        Held("账号", "登录名", user.username),
        Held("账号", "姓名", user.full_name, "full_name"),
        Held("账号", "邮箱", user.email, "email"),
        Held("账号", "建立时间", _machine(user.date_joined)),
        *(Held("更改邮箱", "原邮箱", row.old_address) for row in user.address_changes.order_by("at")),
        *_grants(user),
        *(
            Held(f"邀请 {row.organisation}", "邮箱", row.email)
            for row in Invitation.objects.filter(accepted_by=user).select_related("organisation")
        ),
        *_log_ins(user),
        *(
            Held("停用", "起止", f"{words.second(row.starts_at)} 起{_until(row.ends_at)}")
            for row in user.suspensions.order_by("starts_at")
        ),
        *_declared(user),
        *_files(user),
        *_letters(user),
        *_acts(user),
    ]


def grants_of(user: User) -> QuerySet[Grant]:
    rows = Grant.objects.filter(user=user).order_by("starts_at", "pk")
    return rows.select_related("city", "district__city", "programme__city", "organisation")


def letters_of(user: User) -> QuerySet[Letter]:
    """Those to this person, and the invitations that name who invites."""
    invited = [str(pk) for pk in Invitation.objects.filter(invited_by=user).values_list("pk", flat=True)]
    offered = Q(kind=letters.INVITATION, about__in=invited)
    return Letter.objects.filter(Q(pk__in=user.letters.values("letter")) | offered)


def _grants(user: User) -> Iterator[Held]:
    for row in grants_of(user):
        span = f"{words.second(row.starts_at)} 起{_until(row.ends_at)}"
        why = f"理由：{row.reason}" + (f"；收回：{row.end_reason}" if row.end_reason else "")
        yield Held(f"授权 {row.target}", "角色", f"{row.get_role_display()}，{span}。{why}")


def _log_ins(user: User) -> Iterator[Held]:
    for row in LoginSession.objects.filter(user=user).order_by("seen_at"):
        began = f"{_machine(row.began_at)} 登录，" if row.began_at else ""
        last = _machine(row.seen_at)
        yield Held("登录", "网络地址和设备", f"{row.address}，{row.device}，{began}{last} 用过")
    if factor := SecondFactor.objects.filter(user=user).first():
        yield Held("两步登录", "开启时间", words.second(factor.since))
    for kept in KeptForm.objects.filter(user=user):
        said = f"{_machine(kept.kept_at)} 存下，加密保存一天，只有本人登录后能看"
        yield Held("退出时留着的内容", "填写的内容", said)


def _declared(user: User) -> Iterator[Held]:
    for event in Event.objects.filter(verb__in=[DECLARED_ONE, DECLARED_APART]).order_by("at", "pk"):
        if user.pk in event.data["users"]:
            yield Held("同一人登记", words.second(event.at), event.summary)


def _files(user: User) -> Iterator[Held]:
    """Without their names, which may be somebody else's."""
    for row in StoredFile.objects.filter(uploaded_by=user).order_by("uploaded_at"):
        gone = "，已按期删除" if row.removed_at else ""
        size = words.file_size(row.size)
        yield Held(
            "文件", "上传", f"{words.second(row.uploaded_at)} 上传，{size}，SHA-256 {row.sha256}{gone}"
        )


def _letters(user: User) -> Iterator[Held]:
    received = {row.letter_id: row for row in LetterDelivery.objects.filter(person=user)}
    for letter in letters_of(user).select_related("organisation").order_by("written_at", "pk"):
        yield Held("信件", words.second(letter.written_at), _letter(letter, received.get(letter.pk)))


def _letter(letter: Letter, mine: LetterDelivery | None) -> str:
    if mine is None:
        return f"{letter.subject}（信里有本人的姓名，寄给别人）"
    read = f"，{words.second(mine.read_at)} 在收件箱打开" if mine.read_at else ""
    fared = f"{mine.get_state_display()}{read}"
    if letter.audience == Letter.Audience.ACCOUNT:
        return f"{letter.subject}（{fared}）\n{letter.body.strip()}"
    to = letter.organisation or letter.get_audience_display()
    return f"写给{to}的信（{fared}），全文由本人登录后在收件箱看"


def _acts(user: User) -> Iterator[Held]:
    rows = Event.objects.filter(Q(actor=user) | Q(verb__in=OF_ACCOUNT, data__user=user.pk))
    rows = rows.select_related("case", "programme", "city", "organisation").order_by("at", "pk")
    for event in rows.distinct():
        yield Held(ACTS, words.second(event.at), _act(event, user))


def _act(event: Event, user: User) -> str:
    if event.verb in OF_ACCOUNT and event.data.get("user", user.pk) == user.pk:
        return event.summary
    place = event.case or event.programme or event.city or event.organisation
    return f"办理 {place}" if place else "办理别人的账号或者查记录"


def _until(moment: datetime | None) -> str:
    return f"，{words.second(moment)} 止" if moment else ""


def _machine(moment: datetime) -> str:
    return words.second(sessions.shown(moment))
