from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class SectorsConfig(AppConfig):
    name = "sectors"
    verbose_name = pgettext_lazy("plural", "界别")
