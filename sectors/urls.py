"""Addresses below `/<slug>/sectors/`."""

from django.urls import include, path

from sectors import views
from sectors.changes import views as changes

app_name = "sectors"

urlpatterns = [
    path("", views.sectors, name="list"),
    path("<int:pk>/", views.sector, name="detail"),
    path("<int:pk>/leave/", views.leaves, name="leaves"),
    path("<int:pk>/leave/<int:leave>/end/", views.leave_end, name="leave_end"),
    path("<int:pk>/changes/", changes.sector_changes, name="changes"),
    path("commissions/<int:pk>/changes/", changes.commission_changes, name="commission_changes"),
    path("leaders/<int:contact>/end/", changes.leader_end, name="leader_end"),
    path("changes/<int:change>/undo/", changes.change_undo, name="change_undo"),
    path("import/", include("sectors.roster_import.urls")),
    path("lists/", include("sectors.lists.urls")),
    path("handover/", include("sectors.handover.urls")),
    # Democratic supervision
    path("postings/", views.postings, name="postings"),
    path("postings/<int:pk>/", views.posting, name="posting"),
    path("postings/list/", views.public_list, name="posting_list"),
    path("postings/letters/", views.letters, name="letters"),
    path("postings/letters/number/", views.number_letters, name="number_letters"),
    path("supervisions/", views.supervisions, name="supervisions"),
    path("supervisions/<int:pk>/", views.supervision, name="supervision"),
    path("supervisions/<int:pk>/<slug:move>/", views.supervision_move, name="supervision_move"),
    # Leaders and liaison groups
    path("leaders/", views.leader_contacts, name="leader_contacts"),
    path("leaders/talks/", views.talk_record, name="talk_record"),
    path("leaders/talks/<int:pk>/withdraw/", views.talk_withdraw, name="talk_withdraw"),
    path("liaison-groups/", views.liaison_groups, name="liaison_groups"),
]
