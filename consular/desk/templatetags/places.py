"""The links of the desk's pages."""

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from consular.desk import navigation
from consular.missions.postings import Duties

register = template.Library()


@register.simple_tag(takes_context=True)
def places(context: Context) -> SafeString:
    """Where the person who asks may go, by the duties that this request found."""
    request = context["request"]
    duties = getattr(request, "duties", Duties())
    return navigation.links(duties.roles, getattr(request.resolver_match, "url_name", ""))
