"""All migrations so far in one step, for a database in which none has been applied."""

import datetime
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.operations
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('missions', '0001_initial'), ('missions', '0002_let_one_state_act_for_another_on_a_day'), ('missions', '0003_absences'), ('missions', '0004_who_else_takes_applications_and_exchange_rates'), ('missions', '0005_what_missions_keep_themselves')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(
        ),
        migrations.CreateModel(
            name='Mission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=8, unique=True)),
                ('kind', models.CharField(choices=[('embassy', 'Embassy'), ('consulate_general', 'Consulate General'), ('consulate', 'Consulate'), ('office', 'Representative office'), ('back_office', 'Back office')], max_length=20)),
                ('city', models.CharField(max_length=80)),
                ('country', models.CharField(max_length=2)),
                ('time_zone', models.CharField(max_length=40)),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=8), size=None)),
                ('address', models.TextField(blank=True)),
                ('currency', models.CharField(default='EUR', max_length=3)),
            ],
        ),
        migrations.CreateModel(
            name='ExchangeRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(max_length=3)),
                ('valid_from', models.DateField()),
                ('per_euro', models.DecimalField(decimal_places=6, max_digits=16)),
                ('step', models.DecimalField(decimal_places=3, max_digits=10)),
                ('uncertain', models.BooleanField(default=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('currency', 'valid_from'), name='one_rate_per_currency_and_day'), models.CheckConstraint(condition=models.Q(('per_euro__gt', 0), ('step__gt', 0)), name='a_rate_is_more_than_nothing')],
            },
        ),
        migrations.CreateModel(
            name='MissionChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(choices=[('detail', 'Information for applicants'), ('staff', 'Staff'), ('sites', 'Who else takes applications')], max_length=10)),
                ('about', models.CharField(blank=True, max_length=80)),
                ('before', models.JSONField()),
                ('after', models.JSONField()),
                ('made_at', models.DateTimeField()),
                ('agreed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='missions.mission')),
                ('undoes', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='missions.missionchange')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('agreed_by', None), models.Q(('agreed_by', models.F('made_by')), _negated=True), _connector='OR'), name='another_one_agrees_to_a_posting')],
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('applicant', 'Applicant'), ('intake_clerk', 'Intake clerk'), ('caseworker', 'Caseworker'), ('decider', 'Decider'), ('slot_manager', 'Slot manager'), ('head_of_section', 'Head of section'), ('auditor', 'Auditor'), ('administrator', 'Administrator')], max_length=20)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(null=True)),
                ('mission', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='missions.mission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postings', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='posting_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('role', 'applicant'), _negated=True), name='nobody_is_posted_as_an_applicant')],
            },
        ),
        migrations.CreateModel(
            name='Representation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(default=datetime.date(2020, 1, 1))),
                ('valid_to', models.DateField(null=True)),
                ('uncertain', models.BooleanField(default=False)),
                ('represented', models.CharField(max_length=2)),
                ('by', models.CharField(max_length=2)),
                ('area', models.CharField(blank=True, max_length=20)),
                ('scope', models.CharField(choices=[('full', 'Examines and decides'), ('collect', 'Receives applications only')], default='full', max_length=10)),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='representation_ends_after_it_begins'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('represented', '='), ('area', '='), (models.Func('valid_from', 'valid_to', function='daterange'), '&&')], name='one_representation_per_area_and_day')],
            },
        ),
        migrations.CreateModel(
            name='StaffProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.JSONField()),
                ('after', models.JSONField()),
                ('proposed_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('is_agreed', models.BooleanField(default=False)),
                ('mission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='staff_proposals', to='missions.mission')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('undoes', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='missions.missionchange')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('settled_at', None)), fields=('mission', 'user'), name='one_open_proposal_per_person'), models.CheckConstraint(condition=models.Q(('is_agreed', False), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False), models.Q(('settled_by', models.F('proposed_by')), _negated=True), models.Q(('settled_by', models.F('user')), _negated=True)), _connector='OR'), name='nobody_agrees_to_their_own_posting')],
            },
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('entered_at', models.DateTimeField()),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='absence_ends_after_it_begins'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('user', '='), (models.Func('starts_on', 'ends_on', models.Value('[]'), function='daterange'), '&&')], name='one_absence_per_person_and_day')],
            },
        ),
        migrations.CreateModel(
            name='IntakeSite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(default=datetime.date(2020, 1, 1))),
                ('valid_to', models.DateField(null=True)),
                ('uncertain', models.BooleanField(default=False)),
                ('kind', models.CharField(choices=[('provider', 'Service provider'), ('honorary_consul', 'Honorary consul')], max_length=20)),
                ('name', models.CharField(blank=True, max_length=80)),
                ('city', models.CharField(max_length=80)),
                ('service_groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('visa_c', 'Short-stay visas'), ('visa_d', 'National visas'), ('passport_id', 'Passports and identity cards'), ('notarial', 'Notarial services'), ('citizen_help', 'Help for citizens')], max_length=20), size=None)),
                ('areas', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ('mission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='intake_sites', to='missions.mission')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='intakesite_ends_after_it_begins'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('mission', '='), ('kind', '='), ('name', '='), ('city', '='), (models.Func('valid_from', 'valid_to', function='daterange'), '&&')], name='one_intake_site_per_city_and_day')],
            },
        ),
        migrations.CreateModel(
            name='District',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(default=datetime.date(2020, 1, 1))),
                ('valid_to', models.DateField(null=True)),
                ('uncertain', models.BooleanField(default=False)),
                ('service_group', models.CharField(choices=[('visa_c', 'Short-stay visas'), ('visa_d', 'National visas'), ('passport_id', 'Passports and identity cards'), ('notarial', 'Notarial services'), ('citizen_help', 'Help for citizens')], max_length=20)),
                ('area', models.CharField(max_length=20)),
                ('mission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='districts', to='missions.mission')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['area', 'service_group'], name='district_by_area')],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='district_ends_after_it_begins'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('service_group', '='), ('area', '='), (models.Func('valid_from', 'valid_to', function='daterange'), '&&')], name='one_district_per_area_and_day')],
            },
        ),
        migrations.CreateModel(
            name='Detail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('valid_from', models.DateField()),
                ('value', models.JSONField()),
                ('mission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='details', to='missions.mission')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mission', 'name', 'valid_from'), name='one_value_of_a_detail_per_day')],
            },
        ),
        migrations.CreateModel(
            name='Closure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('reason', models.CharField(max_length=200)),
                ('mission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='closures', to='missions.mission')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='closure_ends_after_it_begins')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='missionchange',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='171d3934a02c0f749a19ca60854517fff4b662ce', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_591de', table='missions_missionchange', when='BEFORE')),
        ),
    ]
