"""The Celery application: it only carries "there is work"; the work itself is rows (see core.jobs)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consular.settings")

app = Celery("consular")
app.config_from_object("django.conf:settings", namespace=None)
