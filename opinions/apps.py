from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class OpinionsConfig(AppConfig):
    name = "opinions"
    verbose_name = pgettext_lazy("plural", "社情民意信息")
