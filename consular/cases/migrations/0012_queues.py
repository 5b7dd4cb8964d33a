"""Saved views and batches; the nationality of a case beside it, for the filters of the queue."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

NATIONALITIES = """
UPDATE cases_case c SET nationality = left(a.data ->> 'nationality', 3) FROM cases_answers a
WHERE a.case_id = c.id AND c.submitted_at IS NOT NULL AND a.data ->> 'nationality' IS NOT NULL;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED
"""
KEY = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
ACTS = [
    ("claim", "Take them myself"),
    ("assign", "Give them to a colleague"),
    ("release", "Put them back into the queue"),
    ("delegate", "Hand them to another mission or a back office"),
    ("complete", "Complete the tasks with the same entries"),
    ("letters", "Print the last letter of each case"),
]
STATES = [("open", "To do"), ("done", "Done"), ("refused", "Refused")]


def _whose(to: str, **options: object) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, **options)


class Migration(migrations.Migration):
    dependencies = [
        ("missions", "0004_who_else_takes_applications_and_exchange_rates"),
        ("cases", "0011_address_of_who_acts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="nationality",
            field=models.CharField(blank=True, db_default="", default="", max_length=3),
        ),
        migrations.RunSQL(NATIONALITIES, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", KEY.clone()),
                ("name", models.CharField(max_length=60)),
                ("wanted", models.JSONField(default=dict)),
                ("is_start", models.BooleanField(default=False)),
                ("saved_at", models.DateTimeField()),
                ("mission", _whose("missions.mission", null=True)),
                ("owner", _whose(settings.AUTH_USER_MODEL, db_index=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["owner", "name"], name="one_view_per_name"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_start", True)), fields=["owner"], name="one_view_at_the_start"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", KEY.clone()),
                ("act", models.CharField(choices=ACTS, max_length=10)),
                ("facts", models.JSONField(default=dict)),
                ("language", models.CharField(max_length=8)),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("by", _whose(settings.AUTH_USER_MODEL, db_index=False)),
            ],
            options={"indexes": [models.Index(fields=["by", "-begun_at"], name="batches_of_officer")]},
        ),
        migrations.CreateModel(
            name="BatchItem",
            fields=[
                ("id", KEY.clone()),
                ("position", models.PositiveSmallIntegerField()),
                ("token_id", models.BigIntegerField()),
                ("state", models.CharField(choices=STATES, default="open", max_length=10)),
                ("sentence", models.CharField(blank=True, max_length=500)),
                ("letter_id", models.BigIntegerField(null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="cases.batch",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["case"], name="batches_of_case")],
                "constraints": [
                    models.UniqueConstraint(fields=["batch", "position"], name="one_place_per_item"),
                    models.UniqueConstraint(fields=["batch", "token_id"], name="one_item_per_task"),
                ],
            },
        ),
    ]
