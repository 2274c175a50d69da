"""The door for the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "youthnet.settings")
os.environ["WEB_PROCESS"] = "1"  # pages get limits that rounds and migrations do not have
application = get_wsgi_application()
