from django.apps import AppConfig
from django.contrib import admin
from django.utils.module_loading import autodiscover_modules


class PortalConfig(AppConfig):
    """Comes last, when every app has registered its admin."""

    name = "liaison_portal"
    verbose_name = "界别联络平台"

    def ready(self) -> None:
        """Libraries register pages of their own, which know no committee: those are taken away."""
        # Importing registers them: the Celery app tasks belong to, system checks, reminders.
        from committees.scoped_admin import ScopedAdmin
        from liaison_portal import celery, checks, reminders  # noqa: F401

        # Every app's `audiences.py`: whom announcements may be addressed to (notices/audiences.py).
        autodiscover_modules("audiences")
        # And `holdings.py`: what members hold that is handed over when a term ends (sectors).
        autodiscover_modules("holdings")
        for model, page in list(admin.site._registry.items()):
            if not isinstance(page, ScopedAdmin):
                admin.site.unregister(model)
