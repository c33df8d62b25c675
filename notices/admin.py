"""Admin for the office's own list of rule categories; announcements and rules have pages."""

from __future__ import annotations

from django.contrib import admin

from committees.scoped_admin import DictionaryAdmin
from notices.models import RuleCategory

admin.site.register(RuleCategory, DictionaryAdmin)
