"""What an office may be allowed to do in a city, a district or a programme; roles gather these (accounts/roles.py)."""

from typing import Any

VIEW_CASES = "view_cases"
HANDLE_CASES = "handle_cases"
DECIDE_CASES = "decide_cases"
EDIT_RULES = "edit_rules"
CONFIRM_RULES = "confirm_rules"
REVIEW_DISTRICT = "review_district"
VIEW_RECORDS = "view_records"
GRANT_ACCESS = "grant_access"
INVITE_PROVIDERS = "invite_providers"
ISSUE_NOTICES = "issue_notices"

OFFICE_PERMISSIONS: list[tuple[str, Any]] = [
    (VIEW_CASES, "查看事项"),
    (HANDLE_CASES, "经办事项"),
    (DECIDE_CASES, "审定事项"),
    (EDIT_RULES, "编辑规则"),
    (CONFIRM_RULES, "确认规则和主管部门的决定"),
    (REVIEW_DISTRICT, "区市审核"),
    (VIEW_RECORDS, "查看记录"),
    (GRANT_ACCESS, "授予权限"),
    (INVITE_PROVIDERS, "邀请单位管理员"),
    (ISSUE_NOTICES, "撤回公文和登记盖章扫描件"),
]
