"""Addresses of the handover (换届), below `/<slug>/sectors/handover/`; names in `sectors:`."""

from django.urls import path

from sectors.handover import views, views_holding

urlpatterns = [
    path("", views.handovers, name="handovers"),
    path("<int:pk>/", views.handover, name="handover"),
    path("<int:pk>/choose/", views.choose, name="handover_choose"),
    path("<int:pk>/look/", views.look_again, name="handover_look"),
    path("<int:pk>/drop/", views.drop, name="handover_drop"),
    path("<int:pk>/open/", views.open_new_term, name="handover_open"),
    path("<int:pk>/undo/", views.undo, name="handover_undo"),
    path("<int:pk>/leavers/", views_holding.leavers, name="handover_leavers"),
    path("<int:pk>/leavers/<int:member>/", views_holding.leaver, name="handover_leaver"),
]
