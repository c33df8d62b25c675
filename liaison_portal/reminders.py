"""The reminders of all apps, in the order of the page: importing a module registers them."""

import workrooms.reminders  # noqa: I001, F401
import contacts.reminders  # noqa: F401
import opinions.reminders  # noqa: F401
import activities.reminders  # noqa: F401
import sectors.reminders  # noqa: F401
import records.reminders  # noqa: F401
import notices.calendar_reminder  # noqa: F401
