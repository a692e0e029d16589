"""What a person may be allowed to do for an organisation; roles gather these (accounts/roles.py)."""

from typing import Any

VIEW_OWN = "view_own"
FILE_APPLICATIONS = "file_applications"
MANAGE_MEMBERS = "manage_members"

ORGANISATION_PERMISSIONS: list[tuple[str, Any]] = [
    (VIEW_OWN, "查看本单位事项"),
    (FILE_APPLICATIONS, "提交申请"),
    (MANAGE_MEMBERS, "管理本单位人员"),
]
