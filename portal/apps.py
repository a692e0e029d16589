from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core.signals import request_finished


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "平台"

    def ready(self) -> None:
        from cities import built
        from portal import (
            checks,  # noqa: F401  (registers them)
            logs,
            operations,
        )
        from portal.rehearsals.proofs import proven

        built.declare_proofs(proven)
        operations.register_all()
        request_finished.connect(logs.leave, dispatch_uid="request_id")


class PortalAdminConfig(AdminConfig):
    default = False
    default_site = "portal.admin.PortalAdminSite"
    verbose_name = "后台"

    def ready(self) -> None:
        super().ready()
        from django.contrib import admin
        from django.contrib.auth.models import Group

        # Nobody is in a group: what a person may do is in the grants.
        admin.site.unregister(Group)
