"""What the portal holds about who has an account, as it is given to him (PIPL article 45): the contents, except where they are
another's too. Of an act on a case or a programme that is when and where; of a letter to a unit or a desk, that it was his to read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts import letters, queries
from accounts.known_then import DECLARED_APART, DECLARED_ONE
from accounts.login import sessions
from accounts.models import Grant, Invitation, KeptForm, LoginSession, SecondFactor, User
from providers.models import Registration
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
# Letters to the person that tell of a place, which may be another's than the reader's.
OF_PLACES = (letters.GIVEN_UP, letters.GRANT_ENDS)


@dataclass(frozen=True)
class Here:
    """What a reader may read of: somebody may also work where another administers access, or audits."""

    all: bool
    programmes: frozenset[int]
    cities: frozenset[int]
    organisations: frozenset[int]

    @classmethod
    def of(cls, reader: Any) -> "Here":
        rows = queries.answerable_programmes(reader)
        listed = Registration.objects.filter(programme__in=rows).values_list("organisation", flat=True)
        governed = queries.governed_cities(reader).values_list("pk", flat=True)
        cities = frozenset([*governed, *rows.values_list("city", flat=True)])
        keys = frozenset(rows.values_list("pk", flat=True))
        return cls(bool(reader.is_superuser), keys, cities, frozenset(listed))

    @classmethod
    def everywhere(cls) -> "Here":
        return cls(True, frozenset(), frozenset(), frozenset())

    def covers(self, row: Any) -> bool:
        """By the place that it names, the narrowest first; what names none is the account's alone."""
        if self.all:
            return True
        if key := getattr(row, "programme_id", None):
            return key in self.programmes
        if key := getattr(row, "city_id", None):
            return key in self.cities
        if district := getattr(row, "district", None):
            return district.city_id in self.cities
        key = getattr(row, "organisation_id", None)
        return key is None or key in self.organisations


def _elsewhere(where: str, rows: Sequence[Any], here: Here) -> Iterator[Held]:
    if count := sum(not here.covers(row) for row in rows):
        yield Held(where, "不归您管的", f"{count} 项，由那里的授权管理员给本人")


def held(user: User, reader: Any) -> list[Held]:
    """Who asks for his own is given it wherever he works."""
    here = Here.everywhere() if reader == user else Here.of(reader)
    return [
        Held("账号", "登录名", user.username),
        Held("账号", "姓名", user.full_name, "full_name"),
        Held("账号", "邮箱", user.email, "email"),
        Held("账号", "建立时间", words.second(user.date_joined)),
        *(Held("更改邮箱", "原邮箱", row.old_address) for row in user.address_changes.order_by("at")),
        *_grants(user, here),
        *(
            Held(f"邀请 {row.organisation}", "邮箱", row.email)
            for row in Invitation.objects.filter(accepted_by=user).select_related("organisation")
            if here.covers(row)
        ),
        *_log_ins(user),
        *(
            Held("停用", "起止", f"{words.second(row.starts_at)} 起{_until(row.ends_at)}")
            for row in user.suspensions.order_by("starts_at")
        ),
        *_declared(user),
        *_files(user),
        *_letters(user, here),
        *_acts(user, here),
    ]


def grants_of(user: User) -> QuerySet[Grant]:
    rows = Grant.objects.filter(user=user).order_by("starts_at", "pk")
    return rows.select_related("city", "district__city", "programme__city", "organisation")


def letters_of(user: User) -> QuerySet[Letter]:
    """Those to this person, and the invitations that name who invites."""
    invited = [str(pk) for pk in Invitation.objects.filter(invited_by=user).values_list("pk", flat=True)]
    offered = Q(kind=letters.INVITATION, about__in=invited)
    return Letter.objects.filter(Q(pk__in=user.letters.values("letter")) | offered)


def _grants(user: User, here: Here) -> Iterator[Held]:
    rows = list(grants_of(user))
    yield from _elsewhere("授权", rows, here)
    for row in filter(here.covers, rows):
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


def _letters(user: User, here: Here) -> Iterator[Held]:
    received = {row.letter_id: row for row in LetterDelivery.objects.filter(person=user)}
    rows = list(letters_of(user).select_related("organisation").order_by("written_at", "pk"))
    yield from _elsewhere("信件", rows, here)
    for letter in filter(here.covers, rows):
        yield Held("信件", words.second(letter.written_at), _letter(letter, received.get(letter.pk)))


def _letter(letter: Letter, mine: LetterDelivery | None) -> str:
    if mine is None:
        return "本人发出的邀请，信里有本人的姓名，寄给别人"
    read = f"，{words.second(mine.read_at)} 在收件箱打开" if mine.read_at else ""
    fared = f"{mine.get_state_display()}{read}"
    if letter.kind in OF_PLACES:
        return f"关于授权或交接的信（{fared}），全文在本人的邮箱里"
    if letter.audience == Letter.Audience.ACCOUNT:
        return f"{letter.subject}（{fared}）\n{letter.body.strip()}"
    to = letter.organisation or letter.get_audience_display()
    return f"写给{to}的信（{fared}），全文由本人登录后在收件箱看"


def _acts(user: User, here: Here) -> Iterator[Held]:
    rows = Event.objects.filter(Q(actor=user) | Q(verb__in=OF_ACCOUNT, data__user=user.pk))
    rows = rows.select_related("case", "programme", "city", "organisation").order_by("at", "pk")
    events = list(rows.distinct())
    yield from _elsewhere(ACTS, events, here)
    for event in filter(here.covers, events):
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
