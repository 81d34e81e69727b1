from django.contrib import admin


class FiltreReligion(admin.SimpleListFilter):
    title = "religion supposée des personnes filmées"
    parameter_name = "religion"

    def lookups(self, request, model_admin):
        return [
            ("voile", "Musulmane (voile détecté)"),
            ("kippa", "Juif (kippa détectée)"),
        ]

    def queryset(self, request, qs):
        v = self.value()
        return qs.filter(tenue=v) if v else qs
