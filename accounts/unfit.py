"""What makes a grant impossible, as a sentence each."""

from datetime import datetime

from accounts import reasons, roles, same_person
from accounts.errors import Refused
from accounts.models import Grant, User
from accounts.targets import TARGETS, Target, city_of, target_word
from records import words


def refuse_unfit(
    user: User,
    role: str,
    target: Target,
    *,
    at: datetime,
    by: User | None,
    reason: str,
    ends_at: datetime | None = None,
) -> None:
    """Everything that makes a grant impossible; a form asks it before it writes."""
    reasons.refuse(reason, "写明授权的理由，不能留空。")
    if not user.is_active:
        raise Refused(f"{user.display_name} 的账号已停用，不能授权。先启用账号。")
    if by and (hand := by.acted_as([user.pk])):
        whose = "自己" if by == user else hand
        raise Refused(f"不能给{whose}授权。由另一位授权管理员办理。")
    if ends_at is not None and ends_at <= at:
        raise Refused(f"结束时间 {words.full_closes(ends_at)} 已经过了。改成以后的日子，或者空着（不定期）。")
    _refuse_wrong_target(role, target)
    _refuse_clash(user, role, target, at)


def _refuse_wrong_target(role: str, target: Target) -> None:
    if role not in roles.TARGETS:
        raise Refused(f"没有“{role}”这个角色。从列出的角色中选一个。")
    allowed = roles.TARGETS[role]
    if target_word(target) not in allowed:
        fit = "或".join(roles.TARGET_WORDS[word] for word in allowed)
        raise Refused(
            f"{roles.LABELS[role]}只能授予在{fit}上，{target} 是{roles.TARGET_WORDS[target_word(target)]}。换一个角色或对象。"
        )


def _refuse_clash(user: User, role: str, target: Target, at: datetime) -> None:
    """One grant of a kind; office people do not act for a provider; who grants or audits does nothing else, by no account."""
    accounts = user.own_accounts()
    for other in Grant.objects.active(at).filter(user__in=accounts).select_related("user", *TARGETS):
        if other.user_id == user.pk:
            _refuse_beside(user, role, target, other)
        alone = other.role != role and roles.ALONE & {role, other.role}
        if alone and city_of(other.target) == city_of(target) is not None:
            raise Refused(
                f"{_named(other, user)}已是 {other.target} 的{other.get_role_display()}，不能同时是{roles.LABELS[role]}："
                f"{roles.LABELS[min(alone)]}在同一城市不兼任其他角色。换一个人，或者先收回原来的授权。"
            )


def _refuse_beside(user: User, role: str, target: Target, other: Grant) -> None:
    if other.role == role and other.target == target:
        since = words.full_day(other.starts_at)
        raise Refused(
            f"{user.display_name} 自 {since} 起已是 {target} 的{roles.LABELS[role]}，不用再授。要改期限，先收回再授。"
        )
    if (other.role in roles.PROVIDER_ROLES) != (role in roles.PROVIDER_ROLES):
        raise Refused(
            f"{user.display_name} 已是 {other.target} 的{other.get_role_display()}。一个账号不能既为管理部门又为企业办事，换一个账号。"
        )


def _named(held: Grant, user: User) -> str:
    if held.user_id == user.pk:
        return f"{user.display_name} "
    return f"{user.display_name} 的另一个账号 {held.user.username}（{same_person.how(user, held.user)}）"
