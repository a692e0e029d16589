"""Asks the web server of this container whether it is well, the way the reverse proxy asks."""

import os
import urllib.request

port = os.environ["BIND"].rpartition(":")[2]
headers = {"Host": os.environ["ALLOWED_HOSTS"].split(",")[0], "X-Forwarded-Proto": "https"}
request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers=headers)
urllib.request.urlopen(request, timeout=5).close()  # noqa: S310
