"""All migrations so far in one step, for a database in which none has been applied."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('cases', '0001_initial'), ('cases', '0002_keep_task_entries'), ('cases', '0003_consultations'), ('cases', '0004_case_standing'), ('cases', '0005_drop_doubled_indexes'), ('cases', '0006_attachments'), ('cases', '0007_carried_drafts'), ('cases', '0008_decided_lately'), ('cases', '0009_answers_taken_over'), ('cases', '0009_families'), ('cases', '0010_searching_and_teamwork'), ('cases', '0011_address_of_who_acts'), ('cases', '0012_queues'), ('cases', '0013_asking_the_applicant'), ('cases', '0014_cases_received')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('missions', '0001_squashed_0005_what_missions_keep_themselves'),
        ('workflow', '0001_squashed_0007_tasks_in_other_queues'),
    ]

    operations = [
        django.contrib.postgres.operations.TrigramExtension(
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.CharField(max_length=60)),
                ('name', models.CharField(blank=True, max_length=80)),
                ('state', models.CharField(choices=[('arriving', 'Not complete yet'), ('checking', 'Being checked'), ('ready', 'Checked'), ('refused', 'Not usable')], default='arriving', max_length=10)),
                ('reason', models.CharField(blank=True, choices=[('unknown_kind', 'This is not a PDF, JPEG or PNG file. Save it as one of these and add it again.'), ('damaged', 'The file is damaged and cannot be opened. Scan or save it once more.'), ('locked', 'The file is protected with a password. Save it without one and add it again.'), ('too_many_pages', 'The document has more than 60 pages. Divide it into several files.'), ('too_large', 'The picture has more than 40 million pixels. Save it smaller and add it again.'), ('too_heavy', 'The file is too complicated to be shown. Print or scan it, and add the scan.'), ('virus', 'A virus was found in the file. It was deleted. Check your device.'), ('no_room', 'There is no room for it: remove other files of this application first.')], max_length=20)),
                ('advice', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('too_small', 'The photo has too few pixels: at least 413 wide and 531 high.'), ('wrong_ratio', 'The photo should be 35 wide to 45 high.'), ('background_dark', 'The background seems too dark: it should be plain and light.'), ('background_uneven', 'The background seems uneven: it should be plain, without shadows.'), ('no_head', 'We could not make out a head against the background.'), ('head_small', 'The head seems too small: it should take up 70 to 80 percent of the height.'), ('head_large', 'The head seems too large: it should take up 70 to 80 percent of the height.'), ('off_centre', 'The head does not seem to be in the middle.'), ('blurred', 'The photo seems blurred.')], max_length=20), default=list, size=None)),
                ('kind', models.CharField(blank=True, max_length=5)),
                ('pages', models.PositiveSmallIntegerField(default=0)),
                ('size', models.PositiveIntegerField()),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60, unique=True)),
                ('name', models.CharField(max_length=160)),
                ('kind', models.CharField(choices=[('central', 'Central authority of a member state'), ('foreigners', 'Foreigners authority'), ('employment', 'Employment agency'), ('security', 'Security authority'), ('expert', 'Expert')], max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name='SafeCopy',
            fields=[
                ('attachment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='copy', serialize=False, to='cases.attachment')),
                ('content', models.BinaryField()),
                ('preview', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('claim', 'Take them myself'), ('assign', 'Give them to a colleague'), ('release', 'Put them back into the queue'), ('delegate', 'Hand them to another mission or a back office'), ('complete', 'Complete the tasks with the same entries'), ('letters', 'Print the last letter of each case')], max_length=10)),
                ('facts', models.JSONField(default=dict)),
                ('language', models.CharField(max_length=8)),
                ('begun_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['by', '-begun_at'], name='batches_of_officer')],
            },
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=20, unique=True)),
                ('service', models.CharField(max_length=60)),
                ('version', models.PositiveSmallIntegerField()),
                ('carried_from', models.PositiveSmallIntegerField(null=True)),
                ('draft_secret', models.BinaryField(null=True)),
                ('language', models.CharField(max_length=8)),
                ('phase', models.CharField(choices=[('draft', 'Draft'), ('received', 'Received'), ('in_review', 'In review'), ('your_turn', 'Your turn'), ('waiting', 'Waiting for others'), ('decided', 'Decided'), ('ready', 'Ready'), ('closed', 'Closed')], default='draft', max_length=20)),
                ('outcome', models.CharField(blank=True, max_length=30)),
                ('because', models.JSONField(default=dict)),
                ('applicant_name', models.CharField(blank=True, max_length=170)),
                ('nationality', models.CharField(blank=True, db_default='', default='', max_length=3)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('instance', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='case', to='workflow.instance')),
                ('mission', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='missions.mission')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='BatchItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('token_id', models.BigIntegerField()),
                ('state', models.CharField(choices=[('open', 'To do'), ('done', 'Done'), ('refused', 'Refused')], default='open', max_length=10)),
                ('sentence', models.CharField(blank=True, max_length=500)),
                ('letter_id', models.BigIntegerField(null=True)),
                ('batch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='items', to='cases.batch')),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
            ],
            options={
                'indexes': [models.Index(fields=['case'], name='batches_of_case')],
                'constraints': [models.UniqueConstraint(fields=('batch', 'position'), name='one_place_per_item'), models.UniqueConstraint(fields=('batch', 'token_id'), name='one_item_per_task')],
            },
        ),
        migrations.AddField(
            model_name='attachment',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='cases.case'),
        ),
        migrations.CreateModel(
            name='Answers',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('data', models.JSONField(default=dict)),
                ('declarations', models.JSONField(default=list)),
                ('taken_over', models.JSONField(db_default=models.Value([], models.JSONField()), default=list)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('saved_at', models.DateTimeField()),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='cases.case')),
            ],
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=20, unique=True)),
                ('state', models.CharField(choices=[('asked', 'Asked, not answered yet'), ('given', 'Consented'), ('declined', 'Declined'), ('in_person', 'Is given in person')], max_length=10)),
                ('name', models.CharField(max_length=170)),
                ('email', models.CharField(blank=True, max_length=254)),
                ('language', models.CharField(max_length=8)),
                ('identity', models.BinaryField(null=True)),
                ('sequence', models.PositiveSmallIntegerField(default=1)),
                ('asked_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('codes', models.PositiveSmallIntegerField(default=0)),
                ('code_until', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('proof', models.CharField(blank=True, choices=[('document', 'Date of birth and number of the travel document'), ('code', 'Code sent by e-mail')], max_length=10)),
                ('text', models.TextField(blank=True)),
                ('version', models.PositiveSmallIntegerField(default=0)),
                ('answered_in', models.CharField(blank=True, max_length=8)),
                ('about', models.CharField(blank=True, max_length=64)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='consent', to='cases.case')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('state__in', ['asked', 'in_person'])), models.Q(('answered_at__isnull', False), ('state__in', ['given', 'declined']), models.Q(('text', ''), _negated=True), models.Q(('proof', ''), _negated=True)), _connector='OR'), name='an_answered_consent_says_what_when_and_by_which_proof'), models.CheckConstraint(condition=models.Q(('state', 'in_person'), models.Q(('expires_at__isnull', False), models.Q(('email', ''), _negated=True)), _connector='OR'), name='who_is_asked_by_link_has_an_address_and_an_end')],
            },
        ),
        migrations.CreateModel(
            name='Consultation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=20, unique=True)),
                ('partner', models.CharField(max_length=60)),
                ('name', models.CharField(max_length=160)),
                ('token', models.PositiveIntegerField()),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('silence', models.CharField(choices=[('consent', 'Silence counts as consent'), ('none', 'Silence counts as no answer')], max_length=10)),
                ('closed_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='cases.case')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['partner', '-id'], name='consultation_open')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('case', 'partner'), name='one_open_consultation_per_case_and_partner'), models.UniqueConstraint(fields=('case', 'token'), name='one_consultation_per_step')],
            },
        ),
        migrations.CreateModel(
            name='ConsultationAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.CharField(choices=[('consent', 'Consent'), ('conditions', 'Consent with conditions'), ('objection', 'Objection'), ('more_time', 'More time is needed'), ('more_data', 'More data is needed'), ('none', 'No answer')], max_length=20)),
                ('text', models.TextField(blank=True, max_length=5000)),
                ('at', models.DateTimeField()),
                ('is_deemed', models.BooleanField(default=False)),
                ('is_late', models.BooleanField(default=False)),
                ('key', models.CharField(blank=True, max_length=80)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='cases.consultation')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('by', None), ('is_deemed', True), ('is_late', False)), models.Q(('by__isnull', False), ('is_deemed', False), models.Q(('answer', 'none'), _negated=True)), _connector='OR'), name='only_silence_has_no_author'), models.UniqueConstraint(condition=models.Q(('answer__in', ['conditions', 'consent', 'none', 'objection'])), fields=('consultation', 'is_late'), name='one_final_answer_in_time_and_one_late'), models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('consultation', 'key'), name='one_answer_per_key')],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(max_length=60)),
                ('node', models.CharField(blank=True, max_length=100)),
                ('data', models.JSONField(default=dict)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='cases.case')),
            ],
            options={
                'indexes': [models.Index(fields=['case', 'id'], name='events_of_case'), models.Index(condition=models.Q(('kind', 'approved')), fields=['case', 'at'], name='approval_of_case')],
            },
        ),
        migrations.CreateModel(
            name='Flag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('set_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='cases.case')),
                ('removed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('removed_at', None)), fields=['kind', 'case'], name='flagged_cases')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('case', 'kind'), name='one_flag_of_a_kind'), models.CheckConstraint(condition=models.Q(models.Q(('removed_at__isnull', True), ('removed_by__isnull', True)), models.Q(('removed_at__isnull', False), ('removed_by__isnull', False)), _connector='OR'), name='who_removed_a_flag_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Inquiry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('task', models.BigIntegerField()),
                ('node', models.CharField(max_length=100)),
                ('items', models.JSONField(default=list)),
                ('typed', models.JSONField(default=dict)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('begun_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='inquiries', to='cases.case')),
            ],
            options={
                'indexes': [models.Index(fields=['case', 'id'], name='inquiries_of_case')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True), ('sent_at__isnull', False)), fields=('case',), name='one_open_inquiry'), models.UniqueConstraint(condition=models.Q(('sent_at__isnull', True)), fields=('case', 'task'), name='one_inquiry_in_preparation'), models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), ('sent_at__isnull', False), _connector='OR'), name='what_was_not_sent_is_not_closed')],
            },
        ),
        migrations.CreateModel(
            name='AnswersVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('data', models.JSONField()),
                ('declarations', models.JSONField()),
                ('changed', models.JSONField()),
                ('replaced_at', models.DateTimeField()),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='earlier_answers', to='cases.case')),
                ('inquiry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='version', to='cases.inquiry')),
            ],
            options={
                'indexes': [models.Index(fields=['case', 'id'], name='versions_of_case')],
            },
        ),
        migrations.CreateModel(
            name='Journey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=20, unique=True)),
                ('answers', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='journeys', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='case',
            name='journey',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='cases.journey'),
        ),
        migrations.CreateModel(
            name='Mandate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('capacity', models.CharField(choices=[('lawyer', 'Lawyer'), ('relative', 'Relative or acquaintance'), ('travel_agency', 'Travel agency'), ('employer', 'Employer or inviting organisation'), ('guardian', 'Parent with custody, or legal guardian')], max_length=20)),
                ('surname', models.CharField(max_length=80)),
                ('given_names', models.CharField(blank=True, max_length=80)),
                ('organisation', models.CharField(blank=True, max_length=120)),
                ('address', models.JSONField()),
                ('email', models.CharField(max_length=254)),
                ('phone', models.CharField(max_length=40)),
                ('since', models.DateField()),
                ('text', models.TextField()),
                ('version', models.PositiveSmallIntegerField()),
                ('language', models.CharField(max_length=8)),
                ('declared_at', models.DateTimeField()),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='mandate', to='cases.case')),
            ],
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.CharField(choices=[('applicant', 'Applicant'), ('mission', 'Mission'), ('internal', 'Internal note')], max_length=10)),
                ('body', models.TextField(max_length=5000)),
                ('sent_at', models.DateTimeField()),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='cases.case')),
            ],
            options={
                'indexes': [models.Index(fields=['case', 'sent_at'], name='messages_of_case')],
            },
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('seen_at', models.DateTimeField(null=True)),
                ('to', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='cases.message')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('seen_at', None)), fields=['to', 'id'], name='mentions_to_read')],
                'constraints': [models.UniqueConstraint(fields=('message', 'to'), name='one_mention_per_note')],
            },
        ),
        migrations.CreateModel(
            name='NoteDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=5000)),
                ('saved_at', models.DateTimeField(db_index=True)),
                ('author', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('author', 'case'), name='one_note_draft_per_author')],
            },
        ),
        migrations.CreateModel(
            name='Opening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('first_at', models.DateTimeField()),
                ('since', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('times', models.PositiveIntegerField(default=1)),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='openings', to='cases.case')),
            ],
            options={
                'indexes': [models.Index(fields=['by', 'day'], name='openings_of_officer')],
                'constraints': [models.UniqueConstraint(fields=('case', 'day', 'by'), name='one_opening_per_day')],
            },
        ),
        migrations.CreateModel(
            name='PartnerMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(null=True)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='cases.partner')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers_for', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='member_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='Piece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('received', models.PositiveIntegerField(default=0)),
                ('attachment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='cases.attachment')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('attachment', 'position'), name='one_piece_per_position'), models.CheckConstraint(condition=models.Q(('received__lte', models.F('size'))), name='no_more_arrives_than_was_announced')],
            },
        ),
        migrations.CreateModel(
            name='Chunk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('offset', models.PositiveIntegerField()),
                ('content', models.BinaryField()),
                ('piece', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='chunks', to='cases.piece')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('piece', 'offset'), name='one_chunk_per_offset')],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('wanted', models.JSONField(default=dict)),
                ('is_start', models.BooleanField(default=False)),
                ('saved_at', models.DateTimeField()),
                ('mission', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='missions.mission')),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('owner', 'name'), name='one_view_per_name'), models.UniqueConstraint(condition=models.Q(('is_start', True)), fields=('owner',), name='one_view_at_the_start')],
            },
        ),
        migrations.CreateModel(
            name='Search',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('purpose', models.CharField(choices=[('applicant', 'The applicant is at the counter or on the telephone'), ('mail', 'Letter or e-mail that belongs to a case'), ('examination', 'Earlier or parallel applications in an examination'), ('authority', 'Request of another authority'), ('rights', 'Request of a person about their own data'), ('supervision', 'Supervision or complaint'), ('other', 'Something else, as explained')], max_length=20)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None)),
                ('digest', models.BinaryField(max_length=32)),
                ('missions', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('shown', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('is_cut', models.BooleanField(default=False)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['by', '-id'], name='searches_of_officer'), django.contrib.postgres.indexes.GinIndex(fields=['missions'], name='searches_of_mission'), django.contrib.postgres.indexes.GinIndex(fields=['shown'], name='searches_that_showed')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('purpose', 'other'), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='another_purpose_is_explained')],
            },
        ),
        migrations.CreateModel(
            name='SearchName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('latin', models.CharField(blank=True, max_length=400)),
                ('keys', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), size=None)),
                ('missions', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('birth_date', models.CharField(blank=True, max_length=10)),
                ('document', models.BinaryField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='search_names', to='cases.case')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['keys', 'missions'], name='search_by_key'), models.Index(fields=['latin'], name='search_by_name'), models.Index(fields=['birth_date'], name='search_by_birth'), models.Index(condition=models.Q(('document__isnull', False)), fields=['document'], name='search_by_document')],
            },
        ),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('word', models.CharField(max_length=200, primary_key=True, serialize=False)),
                ('consonants', models.CharField(max_length=200)),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['word'], name='words_alike', opclasses=['gin_trgm_ops']), models.Index(fields=['consonants'], name='words_sounding_alike')],
            },
        ),
        migrations.CreateModel(
            name='TaskEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.CharField(max_length=60)),
                ('at', models.DateTimeField()),
                ('entries', models.JSONField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='task_entries', to='cases.case')),
            ],
            options={
                'indexes': [models.Index(fields=['case', 'id'], name='task_entries_of_case')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='safecopy',
            trigger=pgtrigger.compiler.Trigger(name='never_rewritten', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='5b19d16d0d8bb23484cb3477e4ec5ad7a2bb3853', operation='UPDATE', pgid='pgtrigger_never_rewritten_7d534', table='cases_safecopy', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='attachment',
            index=models.Index(fields=['case', 'id'], name='attachments_of_case'),
        ),
        migrations.AddIndex(
            model_name='attachment',
            index=models.Index(condition=models.Q(('state', 'arriving')), fields=['changed_at'], name='attachments_arriving'),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), models.Q(('reason', ''), _negated=True)), models.Q(models.Q(('state', 'refused'), _negated=True), ('reason', '')), _connector='OR'), name='a_refused_document_has_a_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consultationanswer',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bcb37f3735f7a304c67ae3b466f16d2afb9c9297', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a8683', table='cases_consultationanswer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF TG_OP = 'DELETE' AND EXISTS (\n    SELECT FROM cases_case sent\n    WHERE sent.id = OLD.case_id AND sent.phase = 'draft' AND sent.submitted_at IS NULL AND sent.instance_id IS NULL\n) THEN\n    RETURN OLD;\nEND IF;\nRAISE EXCEPTION 'pgtrigger: Cannot % rows from % table', lower(TG_OP), TG_TABLE_NAME;\n", hash='dd455fb57409aaa16f544fe9a189fc1b9ff55a18', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6207c', table='cases_event', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='answersversion',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a10b6aa04c04d3a8a84c620608d1461ce6879106', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e0d61', table='cases_answersversion', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('phase__in', ['draft', 'closed']), _negated=True), fields=['mission', 'phase', 'changed_at', 'id'], name='case_standing'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('outcome', ''), _negated=True), fields=['mission', 'service', 'changed_at'], name='case_decided'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['mission', 'submitted_at'], name='case_received'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('journey__isnull', False)), fields=['journey'], name='case_of_journey'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('phase', 'draft'), models.Q(('instance__isnull', False), ('mission__isnull', False), ('owner__isnull', False), ('submitted_at__isnull', False)), _connector='OR'), name='a_sent_case_has_owner_mission_and_process'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='opening',
            trigger=pgtrigger.compiler.Trigger(name='kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."day" >= now()::date - 730)', func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='4240bb319156d503508b4a478fa91d4aeed6e875', operation='DELETE', pgid='pgtrigger_kept_2948b', table='cases_opening', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='search',
            trigger=pgtrigger.compiler.Trigger(name='never_rewritten', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='62e43c5529aa93555204adcd806ce6500a8ce1d6', operation='UPDATE', pgid='pgtrigger_never_rewritten_11499', table='cases_search', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='search',
            trigger=pgtrigger.compiler.Trigger(name='kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."at" >= date_trunc(\'year\', now()) - interval \'1 year\')', func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='bc44e10604cb1e7f5bc7c3733b21db2fbd8c1ce3', operation='DELETE', pgid='pgtrigger_kept_03189', table='cases_search', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='taskentry',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='48efef1e9f98b0f6b35ff74559a64ce95d62a015', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8f26b', table='cases_taskentry', when='BEFORE')),
        ),
    ]
