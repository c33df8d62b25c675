"""Addresses below `/<slug>/activities/`."""

from django.urls import path

from activities.urls_aftermath import aftermath_pages, consultation_pages, outcome_pages
from activities.views import (
    attending,
    enrolling,
    people,
    planning,
    reading,
    series,
)

app_name = "activities"

reading_pages = [
    path("", reading.activities, name="list"),
    path("<int:pk>/", reading.activity, name="detail"),
]

planning_pages = [
    path("new/", planning.plan, name="plan"),
    path("series/new/", series.series, name="series"),
    path("<int:pk>/edit/", planning.amend, name="amend"),
    path("<int:pk>/publish/", planning.publish, name="publish"),
    path("<int:pk>/call-off/", planning.call_off, name="call_off"),
    path("<int:pk>/drop/", planning.drop, name="drop"),
]
enrolling_pages = [
    path("<int:pk>/enrol/", enrolling.enrol, name="enrol"),
    path("<int:pk>/give-up/", enrolling.give_up, name="give_up"),
    path("<int:pk>/ask-leave/", enrolling.ask_leave, name="ask_leave"),
    path("<int:pk>/people/", people.people, name="people"),
    path("<int:pk>/people/<int:enrolment>/leave/", people.decide, name="decide_leave"),
    path("<int:pk>/people/<int:enrolment>/take-off/", people.take_off, name="take_off"),
    path("<int:pk>/chain/", people.chain, name="chain"),
]
attending_pages = [
    path("my-code/", attending.my_code, name="my_code"),
    path("sign-in/<str:code>/", attending.sign_in, name="sign_in"),
    path("<int:pk>/attendance/", attending.attendance, name="attendance"),
    path("<int:pk>/sign-in-sheet/", attending.sheet, name="sheet"),
    path("<int:pk>/leave-list/", attending.leave_list, name="leave_list"),
    path("<int:pk>/people/export/", attending.export, name="export"),
]

urlpatterns = [*reading_pages, *planning_pages, *enrolling_pages, *attending_pages]
urlpatterns += [*aftermath_pages, *consultation_pages, *outcome_pages]
