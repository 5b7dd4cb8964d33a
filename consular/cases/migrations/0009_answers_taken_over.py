from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0008_decided_lately'),
    ]

    operations = [
        migrations.AddField(
            model_name='answers',
            name='taken_over',
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
