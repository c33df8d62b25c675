"""What everybody may read of proposals; of opinion reports there is nothing."""

from django.urls import path

from opinions.views import proposal_public as public

app_name = "public_proposals"

urlpatterns = [
    path("<slug:slug>/public/proposals/", public.proposals, name="list"),
    path("<slug:slug>/public/proposals/<int:pk>/", public.proposal, name="detail"),
]
