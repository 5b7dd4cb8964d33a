"""The door for application servers."""

import os
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consular.settings")


class Utf8Request(WSGIRequest):
    """Text is UTF-8, whatever a request says of it.

    Some names a request may give (`charset=hex`, `charset=idna`) would make Django fail before any page is asked.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


application = get_wsgi_application()
application.request_class = Utf8Request
