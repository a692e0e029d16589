"""Roles, and what each may do on the object it is granted on.

Permissions are named on the model that owns the object: on City, District and Programme (a grant on a city
reaches its programmes and districts) and on Organisation.
"""

from cities.permissions import (
    CONFIRM_RULES,
    DECIDE_CASES,
    EDIT_RULES,
    GRANT_ACCESS,
    HANDLE_CASES,
    INVITE_PROVIDERS,
    ISSUE_NOTICES,
    OFFICE_PERMISSIONS,
    REVIEW_DISTRICT,
    VIEW_CASES,
    VIEW_RECORDS,
)
from providers.permissions import FILE_APPLICATIONS, MANAGE_MEMBERS, ORGANISATION_PERMISSIONS, VIEW_OWN

CLERK = "clerk"
DECIDER = "decider"
RULEBOOK_EDITOR = "rulebook_editor"
NOTICE_ISSUER = "notice_issuer"
DISTRICT_REVIEWER = "district_reviewer"
EXPERT = "expert"
EVALUATOR = "evaluator"
AUDITOR = "auditor"
ACCESS_ADMINISTRATOR = "access_administrator"
PROVIDER_MANAGER = "provider_manager"
PROVIDER_MEMBER = "provider_member"

CHOICES = [
    (CLERK, "经办人"),
    (DECIDER, "审定人"),
    (RULEBOOK_EDITOR, "规则编辑"),
    (NOTICE_ISSUER, "公告签发人"),
    (DISTRICT_REVIEWER, "区市审核人"),
    (EXPERT, "专家"),
    (EVALUATOR, "第三方评价机构"),
    (AUDITOR, "审计"),
    (ACCESS_ADMINISTRATOR, "授权管理员"),
    (PROVIDER_MANAGER, "单位管理员"),
    (PROVIDER_MEMBER, "单位办事员"),
]

PERMISSIONS: dict[str, frozenset[str]] = {
    CLERK: frozenset({VIEW_CASES, HANDLE_CASES, INVITE_PROVIDERS}),
    DECIDER: frozenset({VIEW_CASES, DECIDE_CASES, CONFIRM_RULES}),
    RULEBOOK_EDITOR: frozenset({EDIT_RULES, CONFIRM_RULES}),
    NOTICE_ISSUER: frozenset({VIEW_CASES, ISSUE_NOTICES}),
    DISTRICT_REVIEWER: frozenset({REVIEW_DISTRICT}),
    EXPERT: frozenset(),
    EVALUATOR: frozenset(),
    AUDITOR: frozenset({VIEW_CASES, VIEW_RECORDS}),
    ACCESS_ADMINISTRATOR: frozenset({GRANT_ACCESS}),
    PROVIDER_MANAGER: frozenset({VIEW_OWN, FILE_APPLICATIONS, MANAGE_MEMBERS}),
    PROVIDER_MEMBER: frozenset({VIEW_OWN, FILE_APPLICATIONS}),
}
OFFICE_ROLES = frozenset(
    {
        *(CLERK, DECIDER, RULEBOOK_EDITOR, NOTICE_ISSUER),
        *(DISTRICT_REVIEWER, AUDITOR, ACCESS_ADMINISTRATOR),
    }
)
# For who holds one of these a case may wait.
AT_DESKS = frozenset({HANDLE_CASES, DECIDE_CASES, REVIEW_DISTRICT})
PROVIDER_ROLES = frozenset({PROVIDER_MANAGER, PROVIDER_MEMBER})

LABELS = dict(CHOICES)
TARGET_WORDS = {"city": "城市", "district": "区市", "programme": "试点项目", "organisation": "单位"}

# On what each role may be granted, in the words of `TARGET_WORDS`.
TARGETS: dict[str, tuple[str, ...]] = {
    CLERK: ("city", "programme"),
    DECIDER: ("city", "programme"),
    RULEBOOK_EDITOR: ("city", "programme"),
    NOTICE_ISSUER: ("city", "programme"),
    DISTRICT_REVIEWER: ("district",),
    EXPERT: ("city", "programme"),
    EVALUATOR: ("city", "programme"),
    AUDITOR: ("city", "programme"),
    # Who grants, grants for the whole city.
    ACCESS_ADMINISTRATOR: ("city",),
    PROVIDER_MANAGER: ("organisation",),
    PROVIDER_MEMBER: ("organisation",),
}

# Who grants access or reads the records has no other role in the same city.
ALONE = frozenset({ACCESS_ADMINISTRATOR, AUDITOR})
# Somebody must be left who can let others in: the last one cannot remove himself.
KEEPERS = frozenset({ACCESS_ADMINISTRATOR, PROVIDER_MANAGER})


def allowed(role: str) -> list[str]:
    """What a role may do, in words and in one order."""
    named = (*OFFICE_PERMISSIONS, *ORGANISATION_PERMISSIONS)
    return [words for permission, words in named if permission in PERMISSIONS[role]]
