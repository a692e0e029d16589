"""Asks the web server of this container whether it can serve, the way the reverse proxy asks."""

import os
import urllib.request

port = os.environ["BIND"].rpartition(":")[2]
headers = {"Host": os.environ["ALLOWED_HOSTS"].split(",")[0], "X-Forwarded-Proto": "https"}
request = urllib.request.Request(f"http://127.0.0.1:{port}/readyz", headers=headers)
urllib.request.urlopen(request, timeout=5).close()  # noqa: S310
