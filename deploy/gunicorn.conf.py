"""The web server, the same for the demonstration site and for a city's; what differs comes from the environment."""

import os

bind = os.environ.get("BIND") or "127.0.0.1:8000"
workers = int(os.environ.get("WEB_PROCESSES") or 1)
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS") or 4)
timeout = 60  # a large upload, a long document
graceful_timeout = 8  # below the 10 s that `docker stop` and scripts/run give
loglevel = os.environ.get("WEB_LOG_LEVEL") or "warning"
control_socket_disable = True
