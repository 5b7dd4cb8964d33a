"""All migrations so far in one step, for a database in which none has been applied."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('decisions', '0001_initial'), ('decisions', '0002_begin_as_proposal'), ('decisions', '0003_a_grant_says_until_when'), ('decisions', '0004_variants_of_a_grant'), ('decisions', '0005_outcomes_of_all_services'), ('decisions', '0006_corrections_and_revocations'), ('decisions', '0007_proposals_end_with_the_application'), ('decisions', '0008_letters_on_request'), ('decisions', '0009_register_of_letters'), ('decisions', '0010_second_looks')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('cases', '0001_squashed_0014_cases_received'),
        ('missions', '0001_squashed_0005_what_missions_keep_themselves'),
    ]

    operations = [
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('sent_back', 'Sent back'), ('approved', 'Approved'), ('dropped', 'Dropped with the application')], default='proposed', max_length=10)),
                ('outcome', models.CharField(choices=[('granted', 'Granted'), ('refused', 'Refused'), ('annulled', 'Visa annulled'), ('revoked', 'Visa revoked'), ('visa_stands', 'The visa stands'), ('issued', 'Document issued'), ('restricted', 'Document restricted')], max_length=20)),
                ('content', models.CharField(choices=[('visa', 'Short-stay visa'), ('annex_vi', 'Grounds of Annex VI to the Visa Code'), ('national_visa', 'National visa'), ('national', 'Grounds of the Residence Act'), ('passport', 'Grounds of the Passport Act'), ('plain', 'Nothing more')], max_length=20)),
                ('grounds', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, size=None)),
                ('statement', models.TextField(blank=True, max_length=2000)),
                ('alerting_state', models.CharField(blank=True, max_length=80)),
                ('remarks', models.TextField(blank=True, max_length=5000)),
                ('visa_type', models.CharField(blank=True, choices=[('C', 'Uniform visa (C)'), ('LTV', 'Visa with limited territorial validity (LTV)'), ('A', 'Airport transit visa (A)'), ('D', 'National visa (D)')], max_length=3)),
                ('territory', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), default=list, size=None)),
                ('ltv_reason', models.CharField(blank=True, choices=[('humanitarian', 'Humanitarian grounds'), ('national_interest', 'National interest'), ('obligation', 'International obligations'), ('objection', 'A consulted state objects'), ('urgent', 'Urgent, issued without prior consultation'), ('second_stay', 'New stay within 180 days of which 90 have been used'), ('document', 'The travel document is not recognised by all member states')], max_length=20)),
                ('valid_from', models.DateField(null=True)),
                ('valid_until', models.DateField(null=True)),
                ('entries', models.CharField(blank=True, choices=[('1', 'One entry'), ('2', 'Two entries'), ('multiple', 'Multiple entries')], max_length=10)),
                ('days', models.PositiveSmallIntegerField(null=True)),
                ('facts', models.TextField(blank=True, max_length=5000)),
                ('reasons', models.TextField(blank=True, max_length=5000)),
                ('conditions', models.TextField(blank=True, max_length=2000)),
                ('visa_number', models.CharField(blank=True, max_length=20)),
                ('visa_issued_on', models.DateField(null=True)),
                ('proposed_person', models.UUIDField(editable=False, null=True)),
                ('proposed_at', models.DateTimeField()),
                ('approved_person', models.UUIDField(editable=False, null=True)),
                ('approved_at', models.DateTimeField(null=True)),
                ('sent_back_at', models.DateTimeField(null=True)),
                ('sent_back_because', models.TextField(blank=True, max_length=2000)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='cases.case')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sent_back_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('L01', 'Acknowledgement of your application'), ('L02', 'Confirmation of an appointment'), ('L03', 'Receipt for a fee'), ('L04', 'Request for documents or a statement'), ('L05', 'Return of an application: another authority is competent'), ('L06', 'Application not admissible'), ('L07', 'More time for the decision'), ('L08', 'Refusal, annulment or revocation of a visa'), ('L09', 'Refusal of a national visa'), ('L10', 'Notice of a granted visa'), ('L11', 'Confirmation of a withdrawal'), ('L12', 'Transfer of an application'), ('L13', 'Request to an authority'), ('L14', 'Notice about a passport or identity card'), ('L15', 'Refusal or restriction of a passport'), ('L16', 'Letter about data protection'), ('L17', 'Acknowledgement of a complaint')], max_length=4)),
                ('number', models.CharField(max_length=30, unique=True)),
                ('key', models.CharField(max_length=200, unique=True)),
                ('code', models.CharField(max_length=40, unique=True)),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=8), size=None)),
                ('values', models.JSONField()),
                ('issued_at', models.DateTimeField()),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('content', models.BinaryField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='cases.case')),
                ('decision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='decisions.decision')),
                ('mission', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='missions.mission')),
            ],
            options={
                'indexes': [models.Index(fields=['mission', '-id'], name='letter_register')],
            },
        ),
        migrations.AddField(
            model_name='decision',
            name='ends',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ended_by', to='decisions.letter'),
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('end', models.CharField(choices=[('corrected', 'Corrected'), ('revoked', 'Revoked')], max_length=10)),
                ('reason', models.CharField(max_length=300)),
                ('proposed_person', models.UUIDField(editable=False, null=True)),
                ('proposed_at', models.DateTimeField()),
                ('is_approved', models.BooleanField(null=True)),
                ('judged_person', models.UUIDField(editable=False, null=True)),
                ('judged_at', models.DateTimeField(null=True)),
                ('judged_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='decisions.letter')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('judged_at', None)), fields=('letter',), name='one_open_change_per_letter'), models.CheckConstraint(condition=models.Q(models.Q(('is_approved', None), ('judged_at', None), ('judged_by', None)), models.Q(('is_approved__isnull', False), ('judged_at__isnull', False), ('judged_person__isnull', False)), _connector='OR'), name='judged_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('is_approved', True), _negated=True), models.Q(('judged_person', models.F('proposed_person')), _negated=True), _connector='OR'), name='two_persons_change')],
            },
        ),
        migrations.CreateModel(
            name='SecondLook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('share', models.PositiveSmallIntegerField()),
                ('chosen_at', models.DateTimeField()),
                ('looked_at', models.DateTimeField(null=True)),
                ('finding', models.CharField(blank=True, choices=[('in_order', 'In order'), ('remark', 'In order, with a remark'), ('wrong', 'Has to be corrected')], max_length=10)),
                ('remark', models.TextField(blank=True, max_length=2000)),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='second_look', to='decisions.decision')),
                ('looked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mission', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='missions.mission')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('looked_at', None)), fields=['mission', 'id'], name='second_look_open'), models.Index(fields=['mission', 'looked_at'], name='second_look_done')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('finding', ''), ('looked_at', None), ('looked_by', None)), models.Q(('looked_at__isnull', False), ('looked_by__isnull', False), models.Q(('finding', ''), _negated=True)), _connector='OR'), name='a_second_look_is_somebodys_and_finds_something'), models.CheckConstraint(condition=models.Q(('finding__in', ['', 'in_order']), models.Q(('remark', ''), _negated=True), _connector='OR'), name='who_finds_something_says_what')],
            },
        ),
        migrations.CreateModel(
            name='Supersession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('end', models.CharField(choices=[('corrected', 'Corrected'), ('annulled', 'Annulled'), ('revoked', 'Revoked')], max_length=10)),
                ('reason', models.CharField(max_length=300)),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='supersedes', to='decisions.letter')),
                ('letter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='supersession', to='decisions.letter')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('by', None), models.Q(('by', models.F('letter')), _negated=True), _connector='OR'), name='no_letter_replaces_itself'), models.CheckConstraint(condition=models.Q(('by__isnull', False), ('end', 'revoked'), _connector='OR'), name='a_replaced_letter_has_a_newer_one')],
            },
        ),
        migrations.CreateModel(
            name='Concern',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=30, unique=True)),
                ('kind', models.CharField(choices=[('complaint', 'Complaint'), ('access', "Access to one's data"), ('rectification', "Correction of one's data"), ('erasure', "Erasure of one's data")], max_length=20)),
                ('received_on', models.DateField()),
                ('subject', models.TextField(max_length=2000)),
                ('reply', models.CharField(blank=True, choices=[('granted', 'As asked'), ('partly', 'In part'), ('refused', 'Not possible')], max_length=10)),
                ('reasons', models.TextField(blank=True, max_length=5000)),
                ('entered_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='concerns', to='cases.case')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='missions.mission')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['complaint', 'access']), ('reply', '')), models.Q(('kind__in', ['rectification', 'erasure']), ('reply', 'granted')), models.Q(('kind__in', ['rectification', 'erasure']), ('reply__in', ['partly', 'refused']), models.Q(('reasons', ''), _negated=True)), _connector='OR'), name='a_refused_concern_says_why')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='concern',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='31a706ba5d83eba2cb45262c820f8a44138aa3d9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8d455', table='decisions_concern', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='letter',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='21f60d7d9f4d4b7803e1cffc4aba892723a0b31e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1a95c', table='decisions_letter', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('case',), name='one_open_proposal_per_case'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'approved')), fields=('case',), name='one_decision_in_force'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('approved_person', None), models.Q(('approved_person', models.F('proposed_person')), _negated=True), _connector='OR'), name='four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', False), ('approved_person__isnull', False), ('state', 'approved')), models.Q(('approved_at', None), ('approved_by', None), ('state__in', ['proposed', 'sent_back', 'dropped'])), _connector='OR'), name='approved_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('proposed_person__isnull', False)), name='proposed_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('content__in', ['visa', 'national_visa']), ('grounds', []), ('outcome', 'granted'), ('valid_from__isnull', False), ('valid_until__gte', models.F('valid_from')), ('valid_until__isnull', False), models.Q(('entries', ''), _negated=True)), models.Q(('content', 'annex_vi'), ('grounds__contained_by', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]), ('grounds__len__gt', 0), ('outcome__in', ['refused', 'annulled', 'revoked'])), models.Q(('content', 'national'), ('grounds__contained_by', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), ('grounds__len__gt', 0), ('outcome', 'refused'), models.Q(('reasons', ''), _negated=True)), models.Q(('content', 'passport'), ('grounds__contained_by', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]), ('grounds__len__gt', 0), models.Q(('reasons', ''), _negated=True), models.Q(('outcome', 'refused'), models.Q(('outcome', 'restricted'), models.Q(('conditions', ''), _negated=True)), _connector='OR')), models.Q(('content', 'plain'), ('grounds', []), ('outcome__in', ['issued', 'visa_stands'])), _connector='OR'), name='a_decision_says_all_it_must'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('content', 'visa'), ('days__isnull', False), ('visa_type__in', ['C', 'LTV']), ('days__gte', 1), ('days__lte', 90)), models.Q(('content', 'visa'), ('days', None), ('visa_type', 'A')), models.Q(('content', 'national_visa'), ('days', None), ('visa_type', 'D')), models.Q(models.Q(('content__in', ['visa', 'national_visa']), _negated=True), ('visa_type', '')), _connector='OR'), name='a_visa_has_a_type_and_days_unless_for_transit'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('ends', None), ('outcome__in', ['annulled', 'revoked']), _connector='OR'), name='only_annulment_and_revocation_end_a_letter'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('territory__len__gt', 0), ('visa_type', 'LTV'), models.Q(('ltv_reason', ''), _negated=True)), models.Q(models.Q(('visa_type', 'LTV'), _negated=True), ('ltv_reason', ''), ('territory', [])), _connector='OR'), name='a_limited_visa_says_where_and_why'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('content', 'annex_vi'), ('grounds__contains', [11]), _negated=True), models.Q(('statement', ''), _negated=True), _connector='OR'), name='ground_11_names_the_statements'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='persons', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF TG_OP = 'INSERT' OR OLD.state = 'proposed' THEN\n    NEW.proposed_person = (SELECT person FROM accounts_user WHERE id = NEW.proposed_by_id);\n    NEW.approved_person = (SELECT person FROM accounts_user WHERE id = NEW.approved_by_id);\nELSE\n    NEW.proposed_person = OLD.proposed_person;\n    NEW.approved_person = OLD.approved_person;\nEND IF;\nRETURN NEW;\n", hash='821a099e262ddedcb1c324ae1df324a7c7817654', operation='INSERT OR UPDATE', pgid='pgtrigger_persons_b3157', table='decisions_decision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='content_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."content" IS DISTINCT FROM (NEW."content") OR OLD."grounds" IS DISTINCT FROM (NEW."grounds") OR OLD."statement" IS DISTINCT FROM (NEW."statement") OR OLD."alerting_state" IS DISTINCT FROM (NEW."alerting_state") OR OLD."remarks" IS DISTINCT FROM (NEW."remarks") OR OLD."visa_type" IS DISTINCT FROM (NEW."visa_type") OR OLD."territory" IS DISTINCT FROM (NEW."territory") OR OLD."ltv_reason" IS DISTINCT FROM (NEW."ltv_reason") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_until" IS DISTINCT FROM (NEW."valid_until") OR OLD."entries" IS DISTINCT FROM (NEW."entries") OR OLD."days" IS DISTINCT FROM (NEW."days") OR OLD."facts" IS DISTINCT FROM (NEW."facts") OR OLD."reasons" IS DISTINCT FROM (NEW."reasons") OR OLD."conditions" IS DISTINCT FROM (NEW."conditions") OR OLD."visa_number" IS DISTINCT FROM (NEW."visa_number") OR OLD."visa_issued_on" IS DISTINCT FROM (NEW."visa_issued_on") OR OLD."ends_id" IS DISTINCT FROM (NEW."ends_id") OR OLD."proposed_by_id" IS DISTINCT FROM (NEW."proposed_by_id") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='3d5feb053127e86853de1b8714fa2307f9da9543', operation='UPDATE', pgid='pgtrigger_content_frozen_f0ce1', table='decisions_decision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='verdict_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.state <> 'proposed'\nAND (OLD.approved_by_id, OLD.approved_at, OLD.sent_back_by_id, OLD.sent_back_at, OLD.sent_back_because)\nIS DISTINCT FROM\n(NEW.approved_by_id, NEW.approved_at, NEW.sent_back_by_id, NEW.sent_back_at, NEW.sent_back_because))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='93950b4ceae82bf473506e1666d54c11283ef703', operation='UPDATE', pgid='pgtrigger_verdict_frozen_07699', table='decisions_decision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='path', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{proposed:approved,proposed:sent_back,proposed:dropped}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='d67eb48c2ef1c21ba27ce96c44785e5d7f83ab98', operation='UPDATE', pgid='pgtrigger_path_a772b', table='decisions_decision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='begins_as_proposal', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.state <> 'proposed')", func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;", hash='791c66fad4f6dc60be562dcf5fbf79ba6e0b1f84', operation='INSERT', pgid='pgtrigger_begins_as_proposal_a0773', table='decisions_decision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='a5bdfb77f5daef37f5a8efc1b6d62f0c75bf1bfd', operation='DELETE', pgid='pgtrigger_kept_cd5ca', table='decisions_decision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='change',
            trigger=pgtrigger.compiler.Trigger(name='persons', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF TG_OP = 'INSERT' OR OLD.judged_at IS NULL THEN\n    NEW.proposed_person = (SELECT person FROM accounts_user WHERE id = NEW.proposed_by_id);\n    NEW.judged_person = (SELECT person FROM accounts_user WHERE id = NEW.judged_by_id);\nELSE\n    NEW.proposed_person = OLD.proposed_person;\n    NEW.judged_person = OLD.judged_person;\nEND IF;\nRETURN NEW;\n", hash='f59a1fd6922dc6e887ab86220781af4a722d2601', operation='INSERT OR UPDATE', pgid='pgtrigger_persons_f8e9c', table='decisions_change', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='change',
            trigger=pgtrigger.compiler.Trigger(name='proposal_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."letter_id" IS DISTINCT FROM (NEW."letter_id") OR OLD."end" IS DISTINCT FROM (NEW."end") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."proposed_by_id" IS DISTINCT FROM (NEW."proposed_by_id") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='74fdd0538195230017e0787989cd62d8958d2eec', operation='UPDATE', pgid='pgtrigger_proposal_frozen_6eae6', table='decisions_change', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='change',
            trigger=pgtrigger.compiler.Trigger(name='judged_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.judged_at IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='fbeb4a58738967be8ebe46eca24a20ff48ef5508', operation='UPDATE', pgid='pgtrigger_judged_once_a4882', table='decisions_change', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='change',
            trigger=pgtrigger.compiler.Trigger(name='kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='3588b42e73a2a196d87e585340b23af91c939b26', operation='DELETE', pgid='pgtrigger_kept_1fc44', table='decisions_change', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='supersession',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='275bcf82f4804c1568108009aec9d37f2df0666a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6530c', table='decisions_supersession', when='BEFORE')),
        ),
    ]
