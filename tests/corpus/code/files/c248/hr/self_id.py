from django import forms

ETHNICITY = [
    ("hispanic", "Hispanic or Latino"),
    ("white", "White"),
    ("black", "Black or African American"),
    ("asian", "Asian"),
    ("native", "American Indian or Alaska Native"),
    ("two", "Two or more races"),
    ("decline", "I do not wish to answer"),
]


class SelfIdentificationForm(forms.Form):
    """Voluntary self-identification. Answers never reach the hiring manager."""

    gender = forms.CharField(required=False)
    ethnicity = forms.ChoiceField(choices=ETHNICITY, required=False, label="How do you identify?")
    veteran = forms.BooleanField(required=False)

    def clean(self):
        data = super().clean()
        if not data.get("ethnicity"):
            data["ethnicity"] = "decline"
        return data
