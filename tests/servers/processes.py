"""Looking at real processes on Linux: who descends from whom, and who is gone."""

import os
import time
from pathlib import Path


def descendants(pid):
    """The process numbers of children, their children and so on."""
    try:
        children = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return children + [deeper for child in children for deeper in descendants(child)]


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def survivors(pids, patience=15):
    """Those that are still there when patience ends; usually nobody, and soon."""
    ends = time.monotonic() + patience
    while (left := [pid for pid in pids if alive(pid)]) and time.monotonic() < ends:
        time.sleep(0.05)
    return left


def wait_until(true, patience=30):
    ends = time.monotonic() + patience
    while not true():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.05)


def without_servers(**more):
    """Our environment as somebody has it who gave no addresses of servers."""
    left_out = ("DATABASE_URL", "REDIS_URL", "SITE_URL", "DJANGO_SETTINGS_MODULE")
    return {name: value for name, value in os.environ.items() if name not in left_out} | more


def manage_without(packages, *arguments):
    """Code for `python -c`: manage.py with these arguments, in a Python that finds none of these packages."""
    return (
        "import importlib.util, sys\n"
        "real = importlib.util.find_spec\n"
        f"hidden = lambda name: name.split('.')[0] in {list(packages)!r}\n"
        "importlib.util.find_spec = lambda name, *more: None if hidden(name) else real(name, *more)\n"
        "class Hidden:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if hidden(name):\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Hidden())\n"
        f"sys.argv = {['manage.py', *arguments]!r}\n"
        "import manage\n"
        "manage.main()\n"
    )
