from django.http import JsonResponse
from django.views.decorators.http import require_GET

from gallery.models import Mugshot

# ic: police identity codes IC1..IC6 chosen by the officer for the suspect image
PAGE = 48


@require_GET
def browse(request):
    qs = Mugshot.objects.select_related("descriptor").order_by("-taken")
    if "build" in request.GET:
        qs = qs.filter(descriptor__build=request.GET["build"])
    if "ic" in request.GET:
        qs = qs.filter(descriptor__ethnic=request.GET["ic"])
    if "tattoo" in request.GET:
        qs = qs.filter(descriptor__tattoo=True)
    return JsonResponse({"items": [m.as_card() for m in qs[:PAGE]]})
