"""Addresses below `/<slug>/members/`."""

from django.urls import path

from members import views, views_names

app_name = "members"

urlpatterns = [
    path("", views.members, name="list"),
    path("<int:pk>/", views.member, name="detail"),
    path("order-names/", views_names.order_names, name="order_names"),
    # Corrections that members propose
    path("<int:pk>/propose/", views.propose, name="propose"),
    path("proposals/", views.proposals, name="proposals"),
    path("proposals/<int:pk>/", views.proposal, name="proposal"),
    path("proposals/<int:pk>/reveal/", views.proposal_reveal, name="proposal_reveal"),
    path("proposals/<int:pk>/confirm/", views.proposal_confirm, name="proposal_confirm"),
    path(
        "proposals/<int:pk>/send-back/",
        views.proposal_send_back,
        name="proposal_send_back",
    ),
    path(
        "proposals/<int:pk>/withdraw/",
        views.proposal_withdraw,
        name="proposal_withdraw",
    ),
]
