"""What is typed into 意见反馈 and its answer."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from notices.models import Feedback


class FeedbackForm(forms.ModelForm):
    class Meta:
        model = Feedback
        fields = ["text", "page"]
        widgets = {
            "text": forms.Textarea(
                attrs={"rows": 6, "placeholder": _("哪里不好用、不方便，或者希望怎样改进")}
            )
        }
        help_texts = {"page": _("您是从这个页面来的；说的是别的页面，可以改。")}


class AnswerForm(forms.ModelForm):
    class Meta:
        model = Feedback
        fields = ["answer"]
        widgets = {"answer": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = True
