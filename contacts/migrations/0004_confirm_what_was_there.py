"""Contacts from before there was a confirmation are the office's own: confirmed all along."""

from django.db import migrations
from django.db.models import F


def confirm(apps, schema_editor):
    contacts = apps.get_model("contacts", "Contact").objects.filter(confirmed_at=None)
    contacts.update(confirmed_at=F("created_at"), confirmed_by=F("created_by"))


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_areas_and_proposals")]
    operations = [migrations.RunPython(confirm, migrations.RunPython.noop)]
