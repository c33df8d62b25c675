from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sectors", "0004_groups_named_before")]

    operations = [migrations.RemoveField(model_name="posting", name="group")]
