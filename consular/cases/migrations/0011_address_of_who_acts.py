"""The address of who acts for an applicant is kept in its parts, as forms keep addresses."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_searching_and_teamwork")]

    operations = [
        migrations.RemoveField(model_name="mandate", name="address"),
        migrations.AddField(
            model_name="mandate", name="address", field=models.JSONField(default=dict), preserve_default=False
        ),
    ]
