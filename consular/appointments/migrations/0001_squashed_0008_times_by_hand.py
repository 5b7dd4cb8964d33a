"""All migrations so far in one step, for a database in which none has been applied."""

import datetime
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.lookups
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('appointments', '0001_initial'), ('appointments', '0002_places_come_back_later'), ('appointments', '0003_visits_and_figures'), ('appointments', '0004_steering'), ('appointments', '0005_several_people_and_modes'), ('appointments', '0006_waiting_lists'), ('appointments', '0007_draws'), ('appointments', '0008_times_by_hand')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('cases', '0001_squashed_0014_cases_received'),
        ('missions', '0001_squashed_0005_what_missions_keep_themselves'),
    ]

    operations = [
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('free_from', models.DateTimeField(default=datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('opens_at', models.DateTimeField(db_default=datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), null=True)),
                ('staff_from', models.DateTimeField(db_default=datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Availability',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField()),
                ('told', models.JSONField()),
                ('mission', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='availability', to='missions.mission')),
            ],
        ),
        migrations.CreateModel(
            name='Booking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('people', models.PositiveSmallIntegerField(default=1)),
                ('party', models.CharField(blank=True, default='', max_length=20)),
                ('reference', models.CharField(max_length=20)),
                ('identity', models.BinaryField()),
                ('category', models.CharField(choices=[('visa_c', 'Short-stay visas'), ('visa_d', 'National visas'), ('passport_id', 'Passports and identity cards'), ('notarial', 'Notarial services'), ('citizen_help', 'Help for citizens')], max_length=20)),
                ('state', models.CharField(choices=[('held', 'Held'), ('confirmed', 'Confirmed'), ('cancelled', 'Cancelled'), ('expired', 'Expired'), ('past', 'Past')], max_length=10)),
                ('active_until', models.DateTimeField()),
                ('sequence', models.PositiveSmallIntegerField(default=0)),
                ('held_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('open_since', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='cases.case')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to=settings.AUTH_USER_MODEL)),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='appointments.place')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('party', ''), _negated=True), fields=['party'], name='booking_party')],
                'constraints': [models.UniqueConstraint(fields=('reference',), name='one_booking_per_reference'), models.UniqueConstraint(condition=models.Q(('state__in', ['held', 'confirmed'])), fields=('place',), name='one_active_booking_per_place'), models.UniqueConstraint(condition=models.Q(('state__in', ['held', 'confirmed'])), fields=('identity', 'category'), name='one_active_booking_per_person_and_category'), models.UniqueConstraint(condition=models.Q(('state__in', ['held', 'confirmed'])), fields=('case',), name='one_active_booking_per_case'), models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func('identity', function='octet_length', output_field=models.IntegerField()), 32), name='an_identity_is_a_hash'), models.CheckConstraint(condition=models.Q(models.Q(('party', ''), ('people', 1)), models.Q(('people__gt', 1), models.Q(('party', ''), _negated=True)), _connector='OR'), name='a_party_has_people_and_a_name')],
            },
        ),
        migrations.CreateModel(
            name='Calendar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mode', models.CharField(choices=[('direct', 'Free times are booked directly'), ('list', 'Free times are offered along the waiting list'), ('draw', 'Free times are offered to those who were drawn')], default='direct', max_length=10)),
                ('list_first', models.BooleanField(default=True)),
                ('offer_hours', models.PositiveSmallIntegerField(default=24)),
                ('passes_kept', models.PositiveSmallIntegerField(default=1)),
                ('most_people', models.PositiveSmallIntegerField(default=5)),
                ('category', models.CharField(choices=[('visa_c', 'Short-stay visas'), ('visa_d', 'National visas'), ('passport_id', 'Passports and identity cards'), ('notarial', 'Notarial services'), ('citizen_help', 'Help for citizens')], max_length=20)),
                ('services', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None)),
                ('slot_minutes', models.PositiveSmallIntegerField(default=30)),
                ('counters', models.PositiveSmallIntegerField(default=1)),
                ('notice_hours', models.PositiveSmallIntegerField(default=24)),
                ('horizon_days', models.PositiveSmallIntegerField(default=60)),
                ('returns_after', models.PositiveSmallIntegerField(default=5)),
                ('returns_before', models.PositiveSmallIntegerField(default=120)),
                ('overbooking', models.PositiveSmallIntegerField(default=0)),
                ('week_share', models.PositiveSmallIntegerField(default=0)),
                ('day_share', models.PositiveSmallIntegerField(default=0)),
                ('release_at', models.TimeField(null=True)),
                ('release_jitter', models.PositiveSmallIntegerField(default=0)),
                ('mission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calendars', to='missions.mission')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('release_jitter__lte', 720), ('week_share__lte', django.db.models.expressions.CombinedExpression(models.Value(100), '-', models.F('day_share')))), name='shares_are_of_a_hundred'), models.CheckConstraint(condition=models.Q(('overbooking__lte', 10)), name='overbooking_is_capped'), models.CheckConstraint(condition=models.Q(('slot_minutes__gte', 5), ('slot_minutes__lte', 480)), name='a_slot_lasts_minutes_to_hours'), models.CheckConstraint(condition=models.Q(('counters__gte', 1)), name='a_calendar_has_a_counter'), models.CheckConstraint(condition=models.Q(('returns_after__lte', models.F('returns_before')), ('returns_before__lte', 1440)), name='places_come_back_within_a_day'), models.CheckConstraint(condition=models.Q(('offer_hours__gte', 1), ('offer_hours__lte', 168)), name='an_offer_stands_for_hours_to_a_week'), models.CheckConstraint(condition=models.Q(('most_people__gte', 1), ('most_people__lte', 20)), name='one_to_twenty_people_come_together')],
            },
        ),
        migrations.CreateModel(
            name='Block',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('places', models.PositiveSmallIntegerField(null=True)),
                ('reason', models.CharField(max_length=300)),
                ('made_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('lifted_at', models.DateTimeField(null=True)),
                ('lifted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='blocks', to='appointments.calendar')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_block_has_a_reason'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at')), ('until__gt', models.F('made_at'))), name='a_block_ends'), models.CheckConstraint(condition=models.Q(models.Q(('lifted_at', None), ('lifted_by', None)), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False)), _connector='OR'), name='a_block_is_lifted_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='AtCounter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('absence', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='at_counters', to='missions.absence')),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='without_staff', to='appointments.calendar')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('calendar', 'absence'), name='an_absence_empties_a_counter_once')],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(choices=[('setup', 'Settings and opening hours'), ('closures', 'Closed days'), ('absences', 'Counters without staff')], max_length=10)),
                ('before', models.JSONField()),
                ('after', models.JSONField()),
                ('made_at', models.DateTimeField()),
                ('calendar', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='appointments.calendar')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='missions.mission')),
                ('undoes', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='appointments.change')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('calendar', None), ('subject', 'closures')), models.Q(('calendar__isnull', False), models.Q(('subject', 'closures'), _negated=True)), _connector='OR'), name='a_change_is_of_a_calendar_or_of_closed_days')],
            },
        ),
        migrations.CreateModel(
            name='Draw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opens_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('winners', models.PositiveIntegerField()),
                ('chain', models.CharField(max_length=64)),
                ('public_key', models.CharField(max_length=200)),
                ('genesis', models.BigIntegerField()),
                ('period', models.PositiveIntegerField()),
                ('round', models.PositiveBigIntegerField()),
                ('round_at', models.DateTimeField()),
                ('listed', models.JSONField(null=True)),
                ('commitment', models.CharField(blank=True, default='', max_length=64)),
                ('published_at', models.DateTimeField(null=True)),
                ('signature', models.CharField(blank=True, default='', max_length=200)),
                ('drawn_at', models.DateTimeField(null=True)),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='draws', to='appointments.calendar')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at')), ('round_at__gt', models.F('closes_at'))), name='a_draw_opens_closes_and_is_drawn'), models.CheckConstraint(condition=models.Q(('winners__gte', 1)), name='a_draw_has_winners'), models.CheckConstraint(condition=models.Q(models.Q(('commitment', ''), ('published_at', None)), models.Q(('published_at__lt', models.F('round_at')), models.Q(('commitment', ''), _negated=True)), _connector='OR'), name='a_list_is_published_before_its_round'), models.CheckConstraint(condition=models.Q(models.Q(('drawn_at', None), ('signature', '')), models.Q(('drawn_at__gte', models.F('round_at')), models.Q(('commitment', ''), _negated=True), models.Q(('signature', ''), _negated=True)), _connector='OR'), name='nothing_is_drawn_without_list_and_round')],
            },
        ),
        migrations.CreateModel(
            name='Emergency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('identity', models.BinaryField()),
                ('reason', models.TextField()),
                ('asked_at', models.DateTimeField()),
                ('verdict', models.CharField(blank=True, choices=[('given', 'Times were offered'), ('refused', 'Refused'), ('ended', 'The application has ended')], default='', max_length=10)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='emergencies', to='cases.case')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('verdict', '')), fields=['asked_at'], name='open_emergencies')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('verdict', '')), fields=('identity',), name='one_open_emergency_of_a_person'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='an_emergency_has_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('verdict', '')), models.Q(models.Q(('verdict', ''), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='an_emergency_is_answered_at_a_moment'), models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func('identity', function='octet_length', output_field=models.IntegerField()), 32), name='who_is_in_an_emergency_is_a_hash')],
            },
        ),
        migrations.CreateModel(
            name='OpeningRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField()),
                ('opens_at', models.TimeField()),
                ('closes_at', models.TimeField()),
                ('capacity', models.PositiveSmallIntegerField(default=1)),
                ('internal', models.PositiveSmallIntegerField(default=0)),
                ('every', models.PositiveSmallIntegerField(default=1)),
                ('nth', models.SmallIntegerField(null=True)),
                ('on_day', models.DateField(null=True)),
                ('pause_from', models.TimeField(null=True)),
                ('pause_to', models.TimeField(null=True)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='appointments.calendar')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='a_week_has_seven_days'), models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='a_rule_closes_after_it_opens'), models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='a_rule_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('internal__lte', models.F('capacity'))), name='a_share_is_of_the_whole'), models.CheckConstraint(condition=models.Q(('every__gte', 1), ('every__lte', 52), models.Q(('nth', None), models.Q(('every', 1), ('nth__in', [1, 2, 3, 4, 5, -1])), _connector='OR')), name='a_rule_has_one_rhythm'), models.CheckConstraint(condition=models.Q(models.Q(('pause_from', None), ('pause_to', None)), models.Q(('pause_from__gt', models.F('opens_at')), ('pause_to__gt', models.F('pause_from')), ('pause_to__lt', models.F('closes_at'))), _connector='OR'), name='a_pause_lies_within_the_hours'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('calendar', '='), ('weekday', '='), ('every', '='), (django.db.models.functions.comparison.Coalesce('nth', models.Value(0)), '='), (django.db.models.functions.comparison.Coalesce('on_day', models.Value('2000-01-01'), output_field=models.DateField()), '='), (models.Func('valid_from', 'valid_to', function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&'), (models.Func(models.Func(models.F('opens_at'), output_field=models.DateTimeField(), template="(DATE '2000-01-01' + %(expressions)s)"), models.Func(models.F('closes_at'), output_field=models.DateTimeField(), template="(DATE '2000-01-01' + %(expressions)s)"), function='tsrange'), '&&')], name='rules_of_one_day_do_not_overlap')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('outcome', models.CharField(blank=True, choices=[('taken', 'One was taken'), ('declined', 'None was suitable'), ('replaced', 'Other times were offered'), ('lapsed', 'Not answered in time')], default='', max_length=10)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='cases.case')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('places', models.ManyToManyField(related_name='+', to='appointments.place')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('case',), name='one_open_invitation_of_a_case'), models.CheckConstraint(condition=models.Q(('until__gt', models.F('made_at'))), name='an_invitation_ends_later')],
            },
        ),
        migrations.CreateModel(
            name='Displacement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kept_until', models.DateTimeField(null=True)),
                ('made_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('moved', 'Another time was chosen'), ('cancelled', 'The appointment was cancelled'), ('stands', 'The appointment can stay after all'), ('booked', 'Another appointment was booked')], max_length=10)),
                ('booking', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='displacements', to='appointments.booking')),
                ('change', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='displaced', to='appointments.change')),
                ('place', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='appointments.place')),
            ],
            options={
                'indexes': [models.Index(fields=['booking'], name='displacements_of_a_booking')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('settled_at', None)), fields=('booking',), name='displaced_once_at_a_time'), models.UniqueConstraint(condition=models.Q(('settled_at', None)), fields=('place',), name='a_place_is_kept_for_one'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('settled_at', None)), models.Q(('settled_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='settled_with_an_outcome')],
            },
        ),
        migrations.CreateModel(
            name='Slot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('capacity', models.PositiveSmallIntegerField()),
                ('calendar', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='slots', to='appointments.calendar')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('calendar', 'starts_at', 'ends_at'), name='one_slot_per_calendar_and_moment'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('capacity__gt', 0)), expressions=[('calendar', '='), (models.Func('starts_at', 'ends_at', function='tstzrange'), '&&')], name='open_slots_do_not_overlap'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='a_slot_ends_after_it_starts')],
            },
        ),
        migrations.AddField(
            model_name='place',
            name='slot',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='places', to='appointments.slot'),
        ),
        migrations.CreateModel(
            name='VisitEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('act', models.CharField(choices=[('check_in', 'Has come'), ('call', 'Called'), ('serve', 'Served'), ('miss', 'Did not come'), ('late', 'Says to be late'), ('undo', 'Undone')], max_length=10)),
                ('standing', models.CharField(choices=[('expected', 'Expected'), ('late', 'Comes later'), ('here', 'Waits'), ('called', 'At the counter'), ('served', 'Has been served'), ('absent', 'Has not come')], max_length=10)),
                ('counter', models.PositiveSmallIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('entered_at', models.DateTimeField()),
                ('booking', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='visit_entries', to='appointments.booking')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('booking', 'number'), name='entries_of_a_visit_are_numbered'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='entries_are_numbered_from_one'), models.CheckConstraint(condition=models.Q(('at__lte', models.F('entered_at'))), name='an_entry_is_written_after_it_happened')],
            },
        ),
        migrations.CreateModel(
            name='Waiting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('turn', models.PositiveIntegerField(default=0)),
                ('ticket', models.CharField(blank=True, default='', max_length=32)),
                ('identity', models.BinaryField()),
                ('category', models.CharField(choices=[('visa_c', 'Short-stay visas'), ('visa_d', 'National visas'), ('passport_id', 'Passports and identity cards'), ('notarial', 'Notarial services'), ('citizen_help', 'Help for citizens')], max_length=20)),
                ('people', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(choices=[('waiting', 'Waits'), ('served', 'Has an appointment'), ('left', 'Waits no longer'), ('not_drawn', 'Was not drawn')], default='waiting', max_length=10)),
                ('since', models.DateTimeField()),
                ('passes', models.PositiveSmallIntegerField(default=0)),
                ('joined_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='waiting', to='appointments.calendar')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='waiting', to='cases.case')),
                ('draw', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='appointments.draw')),
                ('head', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='companions', to='appointments.waiting')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('head', None), ('state', 'waiting')), fields=['calendar', 'draw', 'turn', 'since', 'id'], name='waiting_in_order')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('identity', 'category'), name='one_person_waits_once_in_a_category'), models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('case',), name='one_case_waits_once'), models.UniqueConstraint(condition=models.Q(('ticket', ''), _negated=True), fields=('draw', 'ticket'), name='a_ticket_is_on_a_list_once'), models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func('identity', function='octet_length', output_field=models.IntegerField()), 32), name='who_waits_is_a_hash')],
            },
        ),
        migrations.CreateModel(
            name='Reordering',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('before', models.DateTimeField()),
                ('reason', models.TextField()),
                ('proposed_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reorderings', to='appointments.waiting')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_change_of_order_has_a_reason'), models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='two_officers_change_the_order'), models.UniqueConstraint(condition=models.Q(('approved_by', None)), fields=('entry',), name='one_open_change_of_order')],
            },
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('answer', models.CharField(blank=True, choices=[('accepted', 'Accepted'), ('declined', 'Declined'), ('lapsed', 'Not answered in time')], default='', max_length=10)),
                ('booking', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='offer', to='appointments.booking')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='appointments.waiting')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('answer', '')), fields=('entry',), name='one_open_offer_for_an_entry')],
            },
        ),
        migrations.CreateModel(
            name='Hardship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('proposed_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='hardship', to='appointments.waiting')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_hardship_has_a_reason'), models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='two_officers_see_a_hardship')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='booking',
            trigger=pgtrigger.compiler.Trigger(name='a_party_stays_together', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."people" > 1)', constraint='CONSTRAINT', func="\nIF TG_OP = 'INSERT' AND (\n    SELECT count(*) <> NEW.people FROM appointments_booking WHERE party = NEW.party\n) THEN\n    RAISE EXCEPTION 'people who come together are booked together' USING ERRCODE = 'check_violation';\nEND IF;\nIF EXISTS (\n    SELECT FROM appointments_booking\n    WHERE party = NEW.party AND state <> 'cancelled'\n    HAVING count(DISTINCT CASE state WHEN 'expired' THEN 'held' WHEN 'past' THEN 'confirmed' ELSE state END) > 1\n) THEN\n    RAISE EXCEPTION 'people who come together are booked together' USING ERRCODE = 'check_violation';\nEND IF;\nIF TG_OP = 'INSERT' THEN\n    IF EXISTS (\n        SELECT FROM (\n            SELECT DISTINCT s.id, s.calendar_id, s.starts_at, s.ends_at\n            FROM appointments_booking b\n            JOIN appointments_place p ON p.id = b.place_id\n            JOIN appointments_slot s ON s.id = p.slot_id\n            WHERE b.party = NEW.party AND b.state IN ('held', 'confirmed')\n        ) AS of_party\n        HAVING count(DISTINCT calendar_id) > 1 OR sum(ends_at - starts_at) <> max(ends_at) - min(starts_at)\n    ) THEN\n        RAISE EXCEPTION 'people who come together sit side by side' USING ERRCODE = 'check_violation';\n    END IF;\nEND IF;\nRETURN NULL;\n", hash='c85c6c12291c36eab3b7d2254bf059827a141d5e', operation='INSERT OR UPDATE', pgid='pgtrigger_a_party_stays_together_c9823', table='appointments_booking', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='booking',
            trigger=pgtrigger.compiler.Trigger(name='a_party_is_never_joined', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."party" IS DISTINCT FROM (NEW."party") OR OLD."people" IS DISTINCT FROM (NEW."people"))', func='RAISE EXCEPTION \'pgtrigger: Cannot update of "party", "people" rows from % table\', TG_TABLE_NAME;', hash='71585d7a4dd654c6a42bd75145cf6411b156df1a', operation='UPDATE OF "party", "people"', pgid='pgtrigger_a_party_is_never_joined_ff400', table='appointments_booking', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='booking',
            trigger=pgtrigger.compiler.Trigger(name='bound_to_a_person', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."category" IS DISTINCT FROM (NEW."category") OR OLD."identity" IS DISTINCT FROM (NEW."identity") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."reference" IS DISTINCT FROM (NEW."reference"))', func='RAISE EXCEPTION \'pgtrigger: Cannot update of "identity", "category", "owner_id", "reference" rows from % table\', TG_TABLE_NAME;', hash='6a7dbb44364ea025e5ef41bb08756cf55202cbe3', operation='UPDATE OF "identity", "category", "owner_id", "reference"', pgid='pgtrigger_bound_to_a_person_1df4d', table='appointments_booking', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='booking',
            trigger=pgtrigger.compiler.Trigger(name='whoever_has_come_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."sequence" IS DISTINCT FROM (NEW."sequence"))', func="IF (SELECT standing FROM appointments_visitentry WHERE booking_id = NEW.id ORDER BY number DESC LIMIT 1) IN ('here', 'called', 'served') THEN RAISE EXCEPTION 'whoever has come keeps the appointment' USING ERRCODE = 'check_violation', CONSTRAINT = 'whoever_has_come_stays'; END IF; RETURN NEW;", hash='faba4a59baa89cb6bcc5a7e7d48de9a754300389', operation='UPDATE OF "sequence"', pgid='pgtrigger_whoever_has_come_stays_54ed6', table='appointments_booking', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='place',
            index=models.Index(fields=['slot', 'free_from', 'number'], name='place_free'),
        ),
        migrations.AddConstraint(
            model_name='place',
            constraint=models.UniqueConstraint(fields=('slot', 'number'), name='places_of_a_slot_are_numbered'),
        ),
        migrations.AddConstraint(
            model_name='place',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='places_are_numbered_from_one'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='place',
            trigger=pgtrigger.compiler.Trigger(name='within_capacity', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF NEW.number > (SELECT capacity FROM appointments_slot WHERE id = NEW.slot_id) THEN RAISE EXCEPTION 'a slot has no more places than its capacity' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;", hash='cfd6e33ca0021d540bf8acb8b89e1a57b9189ca0', operation='INSERT OR UPDATE OF "slot_id", "number"', pgid='pgtrigger_within_capacity_8cc28', table='appointments_place', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visitentry',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8b2d232330424a16d48b743b199be28e88814d31', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8f3a0', table='appointments_visitentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visitentry',
            trigger=pgtrigger.compiler.Trigger(name='of_an_appointment', sql=pgtrigger.compiler.UpsertTriggerSql(func="PERFORM FROM appointments_booking WHERE id = NEW.booking_id AND state IN ('confirmed', 'past') FOR SHARE; IF NOT FOUND THEN RAISE EXCEPTION 'only who has an appointment comes to it' USING ERRCODE = 'check_violation', CONSTRAINT = 'of_an_appointment'; END IF; RETURN NEW;", hash='9e840e8b0152133fb96310707b7333ad8de54d72', operation='INSERT', pgid='pgtrigger_of_an_appointment_13e62', table='appointments_visitentry', when='BEFORE')),
        ),
    ]
