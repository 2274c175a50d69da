"""Scripts in production: what one imports is of the same release as itself."""

import re

from django.contrib.staticfiles.finders import FileSystemFinder

from lib.static_files import Storage

IMPORTED = re.compile(r'^import .* from "\./([^"]+)";', re.MULTILINE)


def test_a_script_imports_another_by_its_hashed_name(tmp_path):
    found = {path: (storage, path) for path, storage in FileSystemFinder().list([]) if path.startswith("js/")}
    for path, (source, _path) in found.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(source.open(path).read())
    storage = Storage(location=tmp_path, base_url="/static/")
    faults = [fault for _path, _hashed, fault in storage.post_process(found) if isinstance(fault, Exception)]
    assert faults == []

    def names(path):
        return set(IMPORTED.findall((tmp_path / path).read_text(encoding="utf-8")))

    here = {path.name for path in (tmp_path / "js/autosave").iterdir()}
    assert (
        names("js/autosave/form.js") == names("js/autosave/note.js") == {"local_copy.js", "save_state.js", "server.js"}
    )
    for script in ("form", "note"):
        hashed = names(storage.hashed_files[f"js/autosave/{script}.js"])
        assert len(hashed) == 3
        assert hashed <= here
        assert all(re.fullmatch(r"\w+\.[0-9a-f]{12}\.js", name) for name in hashed)
