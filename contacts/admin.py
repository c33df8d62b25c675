"""Admin for the office's own lists of channels and occasions."""

from django.contrib import admin

from committees.scoped_admin import DictionaryAdmin
from contacts.models import Channel, Occasion

admin.site.register([Channel, Occasion], DictionaryAdmin)
