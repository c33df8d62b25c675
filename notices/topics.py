"""Which topic a kind of notice belongs to, and when people are told about a topic by habit.

A kind that no line names is a 待办事项: nothing is lost by having forgotten it here.
"""

from __future__ import annotations

from notices.models.delivery import Topic, WhenTold

ENDINGS = {
    Topic.DUE: (
        "_reminder", "_due_soon", "_overdue", "_due", "_tell_late", "_late", "promises_asked",
        "missing", "_waiting", "_waiting_office", "below_target", "_closing",
    ),
}  # fmt: skip
BEGINNINGS = {
    Topic.DUTY: ("duty_",),
    Topic.ACTIVITY: ("activity_", "enrolment_", "series_", "leave_"),
    Topic.ANNOUNCEMENT: ("announcement_", "rule_", "policy_"),
    Topic.SUMMARY: ("summary_",),
}
PROGRESS = frozenset(
    {
        "contact_sent_back", "evaluation_decided", "feedback_answered", "opinion_adopted",
        "opinion_adopted_above", "opinion_answered", "opinion_instructed", "opinion_issued",
        "opinion_merged", "opinion_offline", "opinion_passed_on", "opinion_read_answered",
        "opinion_referred", "opinion_seconded", "opinion_shelved", "opinion_unmerged",
        "promise_extended", "promise_reported", "promise_settled", "proposal_progress",
        "referral_extension_decided", "referral_refusal_decided", "reply_received",
        "supervision_answered", "member_change_confirmed", "member_change_sent_back",
    }
)  # fmt: skip
EXCEPTIONS = {
    "activity_leave_asked": Topic.TODO,  # the organiser has to answer
    "activity_called_off": Topic.ANNOUNCEMENT,
    "activity_changed": Topic.ANNOUNCEMENT,
}
"""Who wants to hear little of activities must all the same not stand before a closed door."""
HABIT = {
    Topic.TODO: WhenTold.AT_ONCE,
    Topic.DUE: WhenTold.DAILY,
    Topic.DUTY: WhenTold.AT_ONCE,
    Topic.ANNOUNCEMENT: WhenTold.AT_ONCE,
    Topic.ACTIVITY: WhenTold.AT_ONCE,
    Topic.PROGRESS: WhenTold.DAILY,
    Topic.SUMMARY: WhenTold.DAILY,
}
MUST = frozenset({Topic.TODO, Topic.DUE, Topic.DUTY, Topic.ANNOUNCEMENT})
"""May be put off to the next working morning, but neither to a week nor switched off; whoever no
channel reaches is called by the office."""


def topic_of(kind: str) -> Topic:
    if kind in EXCEPTIONS:
        return EXCEPTIONS[kind]
    if kind in PROGRESS:
        return Topic.PROGRESS
    for topic, beginnings in BEGINNINGS.items():
        if kind.startswith(beginnings):
            return topic
    return Topic.DUE if kind.endswith(ENDINGS[Topic.DUE]) else Topic.TODO


def choices_of(topic: str) -> tuple[WhenTold, ...]:
    """What a person may choose for a topic."""
    if topic in MUST:
        return (WhenTold.AT_ONCE, WhenTold.DAILY)
    return tuple(WhenTold)
