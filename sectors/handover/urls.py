"""Addresses of the handover (换届), below `/<slug>/sectors/handover/`; names in `sectors:`."""

from django.urls import path

from sectors.handover.views import holding, preparing

urlpatterns = [
    path("", preparing.handovers, name="handovers"),
    path("<int:pk>/", preparing.handover, name="handover"),
    path("<int:pk>/choose/", preparing.choose, name="handover_choose"),
    path("<int:pk>/look/", preparing.look_again, name="handover_look"),
    path("<int:pk>/drop/", preparing.drop, name="handover_drop"),
    path("<int:pk>/open/", preparing.open_new_term, name="handover_open"),
    path("<int:pk>/undo/", preparing.undo, name="handover_undo"),
    path("<int:pk>/transfers/", holding.transfers, name="handover_transfers"),
    path("<int:pk>/take-back/", holding.take_back, name="handover_take_back"),
    path("<int:pk>/leavers/", holding.leavers, name="handover_leavers"),
    path("<int:pk>/leavers/<int:member>/", holding.leaver, name="handover_leaver"),
]
