from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

YEAR = 365 * 24 * 3600


# Without a token, because it changes nothing but how this browser shows pages, and public pages must not set a cookie for it.
@csrf_exempt
@require_POST
def large_type(request: HttpRequest) -> HttpResponse:
    """Switch large type on or off for this browser and go back to the page it was asked on."""
    response = HttpResponseRedirect(safe_next(request))
    if request.POST.get("large") == "1":
        response.set_cookie(
            "large", "1", max_age=YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie("large", samesite="Lax")
    return response


def safe_next(request: HttpRequest) -> str:
    """Where the form asked to go, if that is on this site; the home page otherwise."""
    target = request.POST.get("next", "")
    on_site = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if on_site else "/"
