"""One queue worker in a process of its own: `python -m benchmarks.mail.worker_process` prints what it used as JSON."""

import json
import resource
import time
from pathlib import Path

PATIENCE = 300.0


def send_all() -> dict[str, float]:
    """Send all that waits; tells letters, seconds of wall and of processor, and the largest memory in MB."""
    from benchmarks.mail import sample_messages
    from newsletters.subscriptions import signed_links
    from outbox.message import merge_fields
    from outbox.models import Delivery
    from outbox.sending.worker import send_waiting

    merge_fields.register(sample_messages.KIND, signed_links.fill)
    sent, before = 0, _cpu()
    began = time.perf_counter()
    while Delivery.objects.waiting().exists() and time.perf_counter() - began < PATIENCE:
        sent += send_waiting()
    took = time.perf_counter() - began
    return {"letters": sent, "seconds": took, "cpu": _cpu() - before, "memory": peak_memory()}


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_memory(process: int | str = "self") -> float:
    """The largest resident memory of a process so far, in MB (Linux; elsewhere 0: not known)."""
    status = Path(f"/proc/{process}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(send_all()))
