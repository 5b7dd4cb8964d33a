"""All migrations so far in one step, for a database in which none has been applied."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('notifications', '0001_initial'), ('notifications', '0002_letters_and_transfers'), ('notifications', '0003_consultations'), ('notifications', '0004_watch'), ('notifications', '0005_reminders_and_withdrawals'), ('notifications', '0006_appointment_reminder'), ('notifications', '0007_tell_people_without_accounts'), ('notifications', '0008_displaced_appointments'), ('notifications', '0009_mentions'), ('notifications', '0010_certificates'), ('notifications', '0011_drafts_that_end')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('cases', '0001_squashed_0014_cases_received'),
    ]

    operations = [
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('sign_in_code', 'Sign-in code'), ('submitted', 'Application received'), ('your_turn', 'Your turn'), ('message', 'New message'), ('appointment_confirmed', 'Appointment confirmed'), ('appointment_moved', 'Appointment moved'), ('appointment_cancelled', 'Appointment cancelled'), ('appointment_displaced', 'Appointment cannot take place'), ('appointment_stands', 'Appointment can take place after all'), ('appointment_reminder', 'Appointment comes near'), ('drawn', 'Draw has taken place'), ('place_offered', 'Appointment offered'), ('decided', 'Decided'), ('letter', 'New letter'), ('transferred', 'Moved to another mission'), ('ready', 'Ready for collection'), ('draft_ends', 'Draft will be deleted'), ('reminder', 'Reminder with a day'), ('closed', 'Closed without a decision'), ('withdrawn', 'Withdrawn'), ('consultation', 'Consultation'), ('watch', 'Cases nobody has moved'), ('certificate', 'Certificate comes to its end'), ('mentioned', 'Mentioned in a note'), ('consent_asked', 'Consent asked for'), ('consent_reminder', 'Consent asked for again'), ('consent_code', 'Code for a consent'), ('consent_answered', 'Consent answered')], max_length=30)),
                ('key', models.CharField(max_length=180, unique=True)),
                ('facts', models.JSONField(default=dict)),
                ('message_id', models.CharField(max_length=200)),
                ('promised_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('dropped_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notifications', to='cases.case')),
                ('to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
    ]
