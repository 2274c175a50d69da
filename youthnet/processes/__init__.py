"""How the processes of the portal run: the clock of Celery beat, the web workers of gunicorn."""
