"""A web server with the bare pages, their middleware and nothing else of the product."""

# ruff: noqa: E402  the imports below need the settings

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consular.settings")

import django

django.setup()

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from tests.benchmarks import bare_pages

settings.ROOT_URLCONF = bare_pages.ADDRESSES
settings.MIDDLEWARE = bare_pages.MIDDLEWARE
settings.SESSION_ENGINE = bare_pages.SESSION_ENGINE
application = get_wsgi_application()
