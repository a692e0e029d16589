from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.operations import metrics as exposition
from portal.operations import readiness
from records import clock


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """For the machine that watches this one: 200 as long as the database answers."""
    readiness.database()
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """For who sends visitors here: 503 with the parts that do not answer, by name and nothing more."""
    broken = readiness.failing()
    said = f"not ready: {', '.join(broken)}" if broken else "ready"
    return HttpResponse(said, content_type="text/plain", status=503 if broken else 200)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus; not there for anybody else."""
    if not exposition.may_fetch(request):
        raise Http404
    return HttpResponse(exposition.exposition(clock.now()), content_type=exposition.CONTENT_TYPE)
