"""How gunicorn serves the portal, on one machine and in the image: `-c python:youthnet.gunicorn_conf`."""

import os
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
development = os.environ.get("DEBUG", "").lower() in ("1", "true", "yes", "on")

# As gthread, but half-sent requests hold no thread.
worker_class = "youthnet.processes.gunicorn_worker.BufferingWorker"
threads = 8
# Half-sent and idle connections of one process; each may have half a megabyte read ahead.
worker_connections = 500
max_requests = 0 if development else 5000
max_requests_jitter = 500
graceful_timeout = 1 if development else 10
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None

# No access log: addresses hold the tokens of letters.
accesslog = None
control_socket_disable = True

reload = development
reload_extra_files = [str(HOUSE / "templates" / "**" / "*"), str(HOUSE / "locale" / "*" / "LC_MESSAGES" / "*.mo")]
