from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class WorkroomsConfig(AppConfig):
    name = "workrooms"
    verbose_name = pgettext_lazy("plural", "委员工作室")
