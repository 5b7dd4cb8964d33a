"""All migrations so far in one step, for a database in which none has been applied."""

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('workflow', '0001_initial'), ('workflow', '0002_editions'), ('workflow', '0003_hand_out_tasks'), ('workflow', '0004_write_less_per_step'), ('workflow', '0005_walk_along_due_timers'), ('workflow', '0006_draw_from_a_random_place'), ('workflow', '0007_tasks_in_other_queues')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('missions', '0001_squashed_0005_what_missions_keep_themselves'),
    ]

    operations = [
        migrations.CreateModel(
            name='Definition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('service', models.CharField(max_length=60)),
                ('version', models.PositiveSmallIntegerField()),
                ('edition', models.PositiveSmallIntegerField(default=1)),
                ('xml', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('valid_from', models.DateTimeField()),
                ('published_at', models.DateTimeField()),
                ('signature', models.BinaryField(default=b'')),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('service', 'version', 'edition'), name='one_process_per_edition')],
            },
        ),
        migrations.CreateModel(
            name='Instance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('variables', models.JSONField(default=dict)),
                ('memory', models.JSONField(default=dict)),
                ('phase', models.CharField(max_length=20)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('definition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='instances', to='workflow.definition')),
                ('mission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='missions.mission')),
            ],
        ),
        migrations.CreateModel(
            name='Completion',
            fields=[
                ('token_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('node', models.CharField(max_length=100)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('instance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='completions', to='workflow.instance')),
            ],
        ),
        migrations.CreateModel(
            name='PublishedTable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('content', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('definition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tables', to='workflow.definition')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('definition', 'name'), name='one_table_per_name')],
            },
        ),
        migrations.CreateModel(
            name='Token',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('node', models.CharField(max_length=100)),
                ('kind', models.CharField(choices=[('task', 'Task'), ('service', 'Service'), ('timer', 'Timer'), ('message', 'Message'), ('join', 'Join'), ('scope', 'Scope')], max_length=10)),
                ('scope', models.CharField(blank=True, max_length=200)),
                ('lane', models.CharField(blank=True, choices=[('applicant', 'Applicant'), ('intake_clerk', 'Intake clerk'), ('caseworker', 'Caseworker'), ('decider', 'Decider'), ('slot_manager', 'Slot manager'), ('head_of_section', 'Head of section'), ('auditor', 'Auditor'), ('administrator', 'Administrator')], max_length=20)),
                ('allocation', models.CharField(choices=[('free', 'free'), ('oldest', 'oldest'), ('random', 'random')], db_default='free', default='free', max_length=10)),
                ('four_eyes_with', models.CharField(blank=True, db_default='', default='', max_length=100)),
                ('since', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('message_key', models.CharField(blank=True, max_length=100)),
                ('data', models.JSONField(default=dict)),
                ('assignee', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to=settings.AUTH_USER_MODEL)),
                ('home', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='missions.mission')),
                ('instance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='workflow.instance')),
                ('mission', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='missions.mission')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('kind', 'task')), fields=['mission', 'lane', 'due_at', 'id'], include=('instance', 'node', 'assignee', 'since'), name='token_queue'), models.Index(condition=models.Q(('kind', 'task')), fields=['assignee', 'due_at', 'id'], name='token_mine'), models.Index(condition=models.Q(('kind', 'task')), fields=['mission', 'lane', 'since', 'id'], name='token_waiting'), models.Index(condition=models.Q(('kind', 'task')), fields=['mission', 'lane', 'instance', 'id'], name='token_received'), models.Index(condition=models.Q(('home__isnull', False)), fields=['home', 'due_at', 'id'], name='token_lent'), models.Index(condition=models.Q(('home__isnull', False)), fields=['mission', 'lane', 'due_at', 'id'], name='token_borrowed'), models.Index(condition=models.Q(('assignee__isnull', False)), fields=['assignee'], name='token_claimed'), models.Index(models.F('mission'), models.F('lane'), django.db.models.functions.text.MD5(django.db.models.functions.comparison.Cast('id', models.TextField())), condition=models.Q(('allocation', 'random'), ('assignee', None), ('kind', 'task')), name='token_draw'), models.Index(condition=models.Q(('kind', 'timer')), fields=['due_at', 'id'], name='token_timers')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'task'), _negated=True), ('due_at__isnull', False), _connector='OR'), name='every_task_has_its_place_in_the_queue')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='definition',
            trigger=pgtrigger.compiler.Trigger(name='published_forever', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3997e4310fe2121b09f74d1a331a7ac91918f6cd', operation='UPDATE OR DELETE', pgid='pgtrigger_published_forever_8115a', table='workflow_definition', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publishedtable',
            trigger=pgtrigger.compiler.Trigger(name='published_forever', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8cd5a35eac9f5713da4ec5c3b1d09e2bbc80ad30', operation='UPDATE OR DELETE', pgid='pgtrigger_published_forever_44351', table='workflow_publishedtable', when='BEFORE')),
        ),
        # Room in each page for the next version of a row: a step then changes no index (HOT).
        migrations.RunSQL(
            sql='ALTER TABLE workflow_instance SET (fillfactor = 75)',
            reverse_sql='ALTER TABLE workflow_instance RESET (fillfactor)',
        ),
    ]
