"""Forms in the house's look: `{{ form }}` gives labels, controls, help and errors as components."""

from django.forms.renderers import TemplatesSetting


class HouseRenderer(TemplatesSetting):
    """Only the layout is ours; widgets keep Django's templates, so the admin is untouched."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
