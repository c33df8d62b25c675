"""Addresses of accounts and of slips. The names without a namespace are django-allauth's own."""

from allauth.account import views as allauth_views
from django.urls import include, path

from committees import views, views_codes

accounts = [
    path("login/", allauth_views.login, name="account_login"),
    path("code/", views_codes.code, name="account_code"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("reauthenticate/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", allauth_views.password_change, name="account_change_password"),
    path("password/set/", views.set_password, name="account_set_password"),
    path("password/reset/", views.forgotten, name="account_reset_password"),
    path("sessions/", views.devices, name="usersessions_list"),
]
slips = [
    path("q/", views.slip, name="slip"),
    path("q/<str:code>", views.slip, name="slip_code"),
    path("<slug:slug>/slips/", views.slip_list, name="slips"),
    path("<slug:slug>/slips/print/", views.slip_print, name="slips_print"),
    path("<slug:slug>/slips/withdraw/", views.slip_withdraw, name="slips_withdraw"),
]
urlpatterns = [
    # Stand before the admin's own pages of the same address: one door, one limit on guessing.
    path("admin/login/", views.admin_login),
    path("admin/logout/", allauth_views.logout),
    path("admin/password_change/", allauth_views.password_change),
    path("accounts/", include(accounts)),
    path("", include((slips, "committees"))),
]
