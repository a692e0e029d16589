from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "平台"

    def ready(self) -> None:
        from portal import checks  # noqa: F401  (registers them)


class PortalAdminConfig(AdminConfig):
    default = False
    default_site = "portal.admin.PortalAdminSite"
    verbose_name = "后台"
