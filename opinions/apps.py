from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class OpinionsConfig(AppConfig):
    name = "opinions"
    verbose_name = pgettext_lazy("plural", "社情民意信息")

    def ready(self) -> None:
        """An entry that is closed to all but the confidant is closed at the units too."""
        from opinions.actions.referral_erasing import end_referrals_of
        from workrooms.actions.handling import ON_CONFIDED

        if end_referrals_of not in ON_CONFIDED:
            ON_CONFIDED.append(end_referrals_of)
