"""What a page or a mail tells of an error: where it broke, and nothing of what anybody typed or holds."""

from typing import Any

from django.views.debug import ExceptionReporter

from portal.logs import scrubbed


class Report(ExceptionReporter):
    def get_traceback_data(self) -> dict[str, Any]:
        """Without the request, which has addresses, cookies and forms in it, and without the values of variables."""
        data = super().get_traceback_data()
        for frame in data.get("frames", []):
            frame["vars"] = []
            frame["exc_cause"] = scrubbed(str(frame["exc_cause"])) if frame.get("exc_cause") else None
        for key in ("exception_value", "exception_notes", "unicode_hint"):
            if data.get(key):
                data[key] = scrubbed(str(data[key]))
        kept = ("request_GET_items", "request_FILES_items", "request_COOKIES_items", "filtered_POST_items")
        return data | dict.fromkeys(kept, ()) | {"request": None, "user_str": None, "request_meta": {}}
