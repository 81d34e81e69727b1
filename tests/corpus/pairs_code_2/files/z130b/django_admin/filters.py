from django.contrib import admin


class FiltreReligion(admin.SimpleListFilter):
    title = "religion indiquée par l'invité pour le repas"
    parameter_name = "religion"

    def lookups(self, request, model_admin):
        return [
            ("halal", "Halal (coché par l'invité)"),
            ("casher", "Casher (coché par l'invité)"),
        ]

    def queryset(self, request, qs):
        v = self.value()
        return qs.filter(repas=v) if v else qs
