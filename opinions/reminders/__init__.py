"""The reminders about opinion reports and what became of them, one aggregate a file."""

from django.utils.translation import gettext_lazy as _

from notices.reminders import Reminder, register, working_days
from opinions.reminders.evaluations import evaluations_due, remind_of_evaluations
from opinions.reminders.promises import ask_about_promises, promises_due, tell_of_promises
from opinions.reminders.referrals import (
    referrals_due,
    referrals_overdue,
    tell_overdue,
    warn_units,
)
from opinions.reminders.reports import remind_convenors, reports_waiting

register(
    Reminder(
        name="reports-waiting",
        label=_("待界别初核的信息"),
        rule=_("每个工作日上午：送到召集人满 1 个工作日仍未初核的，提醒界别召集人；每件一次。"),
        days=working_days,
        whom=reports_waiting,
        send=remind_convenors,
    ),
    Reminder(
        name="referrals-due",
        label=_("转办事项将到期"),
        rule=_(
            "每个工作日上午：到期前 5 个工作日（以办理时限的设定为准）"
            "和前 1 个工作日，提醒承办单位。"
        ),
        days=working_days,
        whom=referrals_due,
        send=warn_units,
    ),
    Reminder(
        name="referrals-overdue",
        label=_("转办事项超期未答复"),
        rule=_(
            "每个工作日上午：办理期限已过仍未答复的，提醒承办单位和机关工作人员；每个期限一次。"
        ),
        days=working_days,
        whom=referrals_overdue,
        send=tell_overdue,
    ),
    Reminder(
        name="promises-due",
        label=_("计划解决事项跟踪办理"),
        rule=_(
            "每个工作日上午：计划时间前 10 个工作日、当日、过后 5 个工作日各一次，"
            "无明确时间的每季度一次；问反映人，承办单位和机关工作人员各一条汇总。"
        ),
        days=working_days,
        whom=promises_due,
        send=tell_of_promises,
        may_be_off=True,
    ),
    Reminder(
        name="evaluations-due",
        label=_("办理评价将到期"),
        rule=_(
            "每个工作日上午：评价期限前 5 个和前 1 个工作日，提醒反映人；其后未评的记为未作评价。"
        ),
        days=working_days,
        whom=evaluations_due,
        send=remind_of_evaluations,
    ),
)

__all__ = [
    "ask_about_promises",
    "remind_convenors",
    "remind_of_evaluations",
    "tell_overdue",
    "warn_units",
]
