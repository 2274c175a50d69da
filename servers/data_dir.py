"""The data folder of one machine: which PostgreSQL keeps it, where everything lies, and what `--fresh` takes away."""

import hashlib
import shutil
import tempfile
from pathlib import Path

from servers import ServerError, binaries, private_dirs

OWNER = "belongs-to"
REFUSED = "Nothing was changed."

# Everything that the portal makes below its data folder; `--fresh` removes these and nothing else.
OURS = ("log", "beat", "mail", "media")


class DataDir:
    """The folder of DATA_DIR."""

    def __init__(self, folder: Path, base: Path = Path("/var/lib/youthnet")) -> None:
        self.folder = folder.absolute()
        self.base = base

    def open(self) -> None:
        try:
            if not self.folder.exists():
                self.folder.mkdir(parents=True)
                self.folder.chmod(0o755)  # whatever the umask: PostgreSQL's user passes through
            for each in (self.logs, self.folder / "beat"):
                each.mkdir(parents=True, exist_ok=True)
            (self.folder / ".writable").touch()
            (self.folder / ".writable").unlink()
        except OSError as error:
            raise ServerError(f"The data folder {self.folder} cannot be written to: {error.strerror}. {REFUSED}")

    @property
    def logs(self) -> Path:
        return self.folder / "log"

    @property
    def postgres_home(self) -> Path:
        """Beside the other data, unless PostgreSQL's unprivileged user may not enter there (a clone below /root)."""
        if databases_in(self.folder) or private_dirs.reachable(self.folder / "pg", private_dirs.postgres_user()):
            return self.folder
        mark = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return self.base / mark

    def make_postgres_home(self) -> None:
        """Beside it, a note says whose it is. Homes of data folders that were temporary and are gone go now."""
        home = self.postgres_home
        home.mkdir(parents=True, exist_ok=True)
        if home == self.folder:
            return
        (home / OWNER).write_text(str(self.folder))
        for note in self.base.glob(f"*/{OWNER}"):
            owner = Path(note.read_text())
            if owner.is_relative_to(tempfile.gettempdir()) and not owner.exists():
                shutil.rmtree(note.parent)

    def database(self) -> tuple[binaries.Postgres, Path]:
        """The installation and the folder to use. Refuses, in words, a folder that no installation here can open."""
        kept = self.database_folders()
        if len(kept) > 1:
            names = " and ".join(str(each) for each in kept)
            raise ServerError(f"There is more than one database: {names}. Move away the one not in use. {REFUSED}")
        if not kept:
            program = binaries.find_postgres()
            return program, self.postgres_home / f"pg{program.major}"
        folder, here = kept[0], binaries.every_postgres()
        major = self._major_of(folder)
        for program in here:
            if program.major == major:
                return program, folder
        raise ServerError(_way_out(folder, major, sorted({each.major for each in here})))

    def database_folders(self) -> list[Path]:
        return databases_in(self.postgres_home)

    def remove_all(self) -> list[Path]:
        """Remove what the portal made here; the folder itself and whatever else lies in it stay."""
        ours = {self.folder / name for name in OURS} | {self.postgres_home / "programs"}
        gone = [folder for folder in sorted(ours) if folder.exists()] + self.database_folders()
        for folder in gone:
            shutil.rmtree(folder)
        return gone

    def _major_of(self, folder: Path) -> int:
        try:
            stamp = (folder / "PG_VERSION").read_text().strip()
        except PermissionError:
            raise ServerError(f"{folder} belongs to another user: run as that user, or as root. {REFUSED}")
        except FileNotFoundError:
            stamp = ""
        if stamp != folder.name.removeprefix("pg"):
            raise ServerError(
                f"{folder} holds {f'a database of PostgreSQL {stamp}' if stamp else 'no finished database'}, "
                f"not what its name says: rename it or move it away. {REFUSED}"
            )
        return int(stamp)


def databases_in(folder: Path) -> list[Path]:
    return sorted(each for each in folder.glob("pg*") if each.is_dir() and each.name.removeprefix("pg").isdecimal())


def _way_out(folder: Path, major: int, here: list[int]) -> str:
    others = " and ".join(str(number) for number in here) or "none"
    return (
        f"{folder} was made by PostgreSQL {major}, but this machine has {others}. {REFUSED} "
        f"Install PostgreSQL {major} again; or carry the content over: where PostgreSQL {major} is, run the portal on "
        "the folder, dump it with `pg_dump -Fc -f youthnet.dump ADDRESS`, move the folder away, run the portal here, "
        "and restore with `pg_restore --clean --if-exists -d ADDRESS youthnet.dump` "
        "(`manage.py run --check` tells the ADDRESS of a portal that runs)."
    )
