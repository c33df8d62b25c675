"""Groups that stood as text on postings, and street groups as places of liaison, become rows."""

from django.db import migrations


def supervision_groups(apps, schema_editor):
    posting = apps.get_model("sectors", "Posting")
    group = apps.get_model("sectors", "SupervisionGroup")
    for row in posting.objects.exclude(group=""):
        named, _ = group.objects.get_or_create(committee_id=row.committee_id, name=row.group)
        named.members.add(row.member_id)


def liaison_groups(apps, schema_editor):
    appointment = apps.get_model("committees", "Appointment")
    street = apps.get_model("sectors", "StreetGroup")
    group = apps.get_model("sectors", "LiaisonGroup")
    for row in appointment.objects.filter(role="liaison").exclude(scope_id=None):
        place = street.objects.filter(pk=row.scope_id, committee_id=row.committee_id).first()
        if place is None:
            continue
        name = place.name.removesuffix("委员组") + "政协联络组"
        named, _ = group.objects.get_or_create(
            committee_id=row.committee_id, name=name, defaults={"street_group": place}
        )
        appointment.objects.filter(pk=row.pk).update(scope_id=named.pk)


class Migration(migrations.Migration):
    dependencies = [("sectors", "0003_supervision_and_talks")]

    operations = [
        migrations.RunPython(supervision_groups, migrations.RunPython.noop),
        migrations.RunPython(liaison_groups, migrations.RunPython.noop),
    ]
