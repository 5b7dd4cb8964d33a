"""The Celery application: it only carries "there is work"; the work itself is rows (see core.jobs)."""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consular.settings")

app = Celery("consular")
app.conf.update(settings.CELERY)
