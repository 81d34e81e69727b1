from django import forms


CHOICES = [("", "Prefer not to say"), ("c", "Christian"), ("h", "Hindu"), ("m", "Muslim"), ("n", "None")]


class AdmissionForm(forms.Form):
    full_name = forms.CharField(max_length=80)
    photo = forms.ImageField(required=False)
    religion = forms.ChoiceField(choices=CHOICES, required=False, label="Your religion, if you would like a chaplain to call")

    def __init__(self, *args, photo=None, **kw):
        super().__init__(*args, **kw)
        if photo is not None:
            self.fields["photo"].initial = photo
            self.fields["photo"].required = False
