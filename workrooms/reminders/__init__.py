"""The reminders of the front posts, one aggregate a file."""

from django.utils.translation import gettext_lazy as _

from notices.reminders import Missed, Reminder, register, working_days
from workrooms.actions.duty import remind_of_duty
from workrooms.reminders.duty import duty_tomorrow
from workrooms.reminders.receptions import receptions_due, remind_of_receptions

register(
    Reminder(
        name="duty-tomorrow",
        label=_("次日值班"),
        rule=_("每个工作日上午：提醒次日值班的委员；放假前一天，提醒到下一个工作日为止。"),
        days=working_days,
        whom=duty_tomorrow,
        send=remind_of_duty,
        missed=Missed.SKIPPED,
        may_be_off=True,
    ),
    Reminder(
        name="receptions-due",
        label=_("群众接待待办理"),
        rule=_(
            "每个工作日上午：登记满 2 个工作日未处理的提醒工作室负责人，满 5 个的提醒机关工作人员；"
            "超过办理期限的、应告知反映渠道的，提醒有关人员；每件每项一次。"
        ),
        days=working_days,
        whom=receptions_due,
        send=lambda committee, on: sum(remind_of_receptions(committee, on).values()),
    ),
)
