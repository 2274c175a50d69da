"""Folders for servers: private, short enough for sockets, and reachable by the user PostgreSQL runs as."""

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "youthnet-"
LOCK = "in-use"
SHORT = Path("/tmp")  # a socket's whole path may have about 100 characters
MEMORY = Path("/dev/shm")
MEMORY_NEEDED = 2 * 2**30
CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def postgres_user(data: Path | None = None) -> str | None:
    """PostgreSQL refuses to run as root: then the owner of the data or another unprivileged user runs it.

    None means: as we are.
    """
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    import pwd

    if data and data.exists() and data.stat().st_uid != 0:
        return pwd.getpwuid(data.stat().st_uid).pw_name
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), None)


def reachable(path: Path, user: str | None) -> bool:
    """Whether that user may enter every folder on the way to the path. We never open up anybody's folders for it."""
    if user is None:
        return True
    import pwd

    entry = pwd.getpwnam(user)
    for folder in filter(Path.exists, path.absolute().parents):
        facts = folder.stat()
        mine = 0o100 if facts.st_uid == entry.pw_uid else 0o010 if facts.st_gid == entry.pw_gid else 0o001
        if not facts.st_mode & mine:
            return False
    return True


def chown(path: Path, user: str | None) -> None:
    """Hand one folder of ours to that user."""
    if user:
        shutil.chown(path, user)


def chown_all(path: Path, user: str | None) -> None:
    """Hand a folder of ours to that user, with everything in it."""
    if user:
        import pwd

        entry = pwd.getpwnam(user)
        for each in (path, *path.rglob("*")):
            os.chown(each, entry.pw_uid, -1)


def memory() -> Path | None:
    """A file system in memory with room enough for the data of a throw-away server, or None."""
    purge(MEMORY)
    try:
        disk = os.statvfs(MEMORY)
        with open("/proc/meminfo") as facts:
            available = next(int(line.split()[1]) * 1024 for line in facts if line.startswith("MemAvailable:"))
        limits = [limit for limit in map(_limit, CGROUP_LIMITS) if limit]
    except (OSError, AttributeError, StopIteration):  # not Linux
        return None
    has_room = disk.f_bavail * disk.f_frsize >= MEMORY_NEEDED and min([available, *limits]) >= 2 * MEMORY_NEEDED
    return MEMORY if has_room and os.access(MEMORY, os.W_OK | os.X_OK) else None


def _limit(path: Path) -> int:
    """How much memory a container may use; 0 when it is not said."""
    said = path.read_text().strip() if path.exists() else ""
    return int(said) if said.isdecimal() else 0


@contextmanager
def temporary(base: Path | None = None) -> Iterator[Path]:
    """A private folder that is gone afterwards; folders that killed runs left behind go too."""
    base = base or (SHORT if os.access(SHORT, os.W_OK | os.X_OK) else Path(tempfile.gettempdir()))
    purge(base)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
    folder.chmod(0o711)  # PostgreSQL's user passes through to its own room
    held = lock(folder / LOCK)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def purge(base: Path) -> None:
    """Remove our leftovers: folders of ours whose owner no longer holds their lock."""
    for folder in base.glob(PREFIX + "*"):
        with contextlib.suppress(OSError):
            # Somebody's own folder may begin with the same letters: only ours hold a lock file.
            ours = folder.lstat().st_uid == os.geteuid() and not folder.is_symlink() and (folder / LOCK).is_file()
            if ours and time.time() - folder.lstat().st_mtime > 60:
                os.close(lock(folder / LOCK))
                shutil.rmtree(folder, ignore_errors=True)


def lock(path: Path, *, wait: bool = False) -> int:
    """Hold a lock file until the descriptor is closed or we die.

    Waits for whoever holds it, or raises BlockingIOError.
    """
    held = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        import fcntl
    except ImportError:  # Windows: no lock, no harm
        return held
    try:
        fcntl.flock(held, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        raise
    return held


def make_private(path: Path, user: str | None) -> Path:
    """A new folder that only its user may enter."""
    path.mkdir(mode=0o700)
    chown(path, user)
    return path
