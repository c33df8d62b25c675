"""Addresses below `/<slug>/workrooms/`, one list per aggregate."""

from django.urls import path

from workrooms.views import duty as duty_pages
from workrooms.views import duty_mine, duty_rules, duty_shifts, room_batches, room_pages, standards
from workrooms.views import handling as handling_pages
from workrooms.views import paper_book as paper_pages
from workrooms.views import plates as plate_pages
from workrooms.views import receipts as receipt_pages
from workrooms.views import receptions as reception_pages
from workrooms.views import rooms as rooms_pages

app_name = "workrooms"

rooms = [
    path("", rooms_pages.workrooms, name="list"),
    path("map/", rooms_pages.on_map, name="map"),
    path("export/", rooms_pages.export, name="export"),
    path("together/", room_batches.together, name="together"),
    path("together/undo/", room_batches.put_back, name="put_back"),
    path("<int:pk>/", rooms_pages.workroom, name="detail"),
    path("<int:pk>/edit/", room_pages.edit, name="edit"),
    path("<int:pk>/photos/", room_pages.photos, name="photos"),
    path("<int:pk>/photos/<int:photo>/", room_pages.photo, name="photo"),
    path("<int:pk>/photos/<int:photo>/amend/", room_pages.photo_amend, name="photo_amend"),
    path("<int:pk>/standards/", standards.standards, name="standards"),
    path("<int:pk>/standards/confirm/", standards.confirm, name="confirm"),
    path("<int:pk>/standards/<int:standard>/", standards.evidence, name="evidence"),
    path(
        "<int:pk>/standards/<int:standard>/photo/",
        standards.evidence_photo,
        name="evidence_photo",
    ),
    path("<int:pk>/standards/<int:standard>/<slug:deed>/", standards.decide, name="decide"),
]
receptions = [
    path("receptions/", reception_pages.receptions, name="receptions"),
    path("<int:pk>/receptions/", reception_pages.book, name="book"),
    path("<int:pk>/receptions/new/", reception_pages.reception_new, name="reception_new"),
    path("<int:pk>/receptions/paper/", paper_pages.paper_book, name="paper_book"),
    path("receptions/<int:pk>/", reception_pages.reception, name="reception"),
    path("receptions/<int:pk>/edit/", reception_pages.reception_edit, name="reception_edit"),
    path("receptions/<int:pk>/reveal/", handling_pages.reveal, name="reception_reveal"),
    path("receptions/<int:pk>/receipt/", receipt_pages.receipt, name="reception_receipt"),
    path("receptions/<int:pk>/letter/", receipt_pages.letter, name="reception_letter"),
    path("receptions/<int:pk>/photos/<int:photo>/", receipt_pages.photo, name="reception_photo"),
    path("receptions/<int:pk>/<slug:name>/", handling_pages.deed, name="reception_deed"),
]
plates = [
    path("codes/", plate_pages.codes, name="codes"),
    path("codes/give/", plate_pages.codes_give, name="codes_give"),
    path("codes/<int:pk>/replace/", plate_pages.code_replace, name="code_replace"),
    path("plates/", plate_pages.plate_papers, name="plates"),
]

duty = [
    path("duty/", duty_pages.duty_all, name="duty_all"),
    path("duty/export/", duty_pages.duty_export, name="duty_export"),
    path("duty/today/", duty_pages.duty_today, name="duty_today"),
    path("duty/mine/", duty_mine.mine, name="duty_mine"),
    path("duty/leave/", duty_mine.leave, name="duty_leave"),
    path("duty/leave/<int:pk>/remove/", duty_mine.leave_remove, name="duty_leave_remove"),
    path("duty/wishes/<int:pk>/remove/", duty_mine.wish_remove, name="duty_wish_remove"),
    path("duty/feeds/", duty_mine.feeds, name="feeds"),
    path("duty/feeds/<int:pk>/revoke/", duty_mine.feed_revoke, name="feed_revoke"),
    path("duty/rules/<int:pk>/", duty_rules.rule_edit, name="duty_rule"),
    path("duty/rules/<int:pk>/end/", duty_rules.rule_end, name="duty_rule_end"),
    path("duty/shifts/<int:pk>/", duty_shifts.shift, name="shift"),
    path("duty/shifts/<int:pk>/take-over/", duty_shifts.take_over, name="shift_take_over"),
    path("duty/shifts/<int:pk>/relief/", duty_shifts.relief_ask, name="relief_ask"),
    path("duty/shifts/<int:pk>/<slug:deed>/", duty_shifts.shift_deed, name="shift_deed"),
    path("duty/swaps/<int:pk>/<slug:deed>/", duty_shifts.relief_deed, name="relief_deed"),
    path("<int:pk>/duty/", duty_pages.duty, name="duty"),
    path("<int:pk>/duty/plan/", duty_pages.duty_plan, name="duty_plan"),
    path("<int:pk>/duty/publish/", duty_pages.duty_publish, name="duty_publish"),
    path("<int:pk>/duty/place/", duty_rules.place, name="duty_place"),
    path("<int:pk>/duty/rules/add/", duty_rules.rule_add, name="duty_rule_add"),
]

urlpatterns = [*rooms, *duty, *receptions, *plates]
