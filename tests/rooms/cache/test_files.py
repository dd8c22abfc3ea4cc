"""One file of the cache: what is believed, what counts as absent, where it lies, and how much is kept."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from davy import cache

PAYLOAD = bytes(range(256)) * 7
KEY = cache.key_of("one")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "_folder", str(tmp_path / "kept"))
    return tmp_path / "kept"


@pytest.fixture
def file(folder):
    cache.keep("object", KEY, PAYLOAD)
    (made,) = folder.iterdir()
    return made


def test_what_was_kept_comes_back(file):
    assert cache.kept("object", KEY) == PAYLOAD
    assert cache.kept("object", cache.key_of("two")) is None
    assert cache.kept("model", KEY) is None


def test_an_empty_payload_is_kept_too(folder):
    cache.keep("model", KEY, b"")
    assert cache.kept("model", KEY) == b""


def test_a_file_cut_anywhere_is_absent(file):
    whole = file.read_bytes()
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        assert cache.kept("object", KEY) is None, length


def test_a_file_with_one_wrong_byte_is_absent(file):
    whole = file.read_bytes()
    for place in range(len(whole)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x20]) + whole[place + 1 :])
        assert cache.kept("object", KEY) is None, place


@pytest.mark.parametrize("change", [lambda b: b + b"\0", lambda b: b + b, lambda b: bytes(len(b)), lambda b: b"\n" * 9])
def test_a_file_with_more_or_other_bytes_is_absent(file, change):
    file.write_bytes(change(file.read_bytes()))
    assert cache.kept("object", KEY) is None


def test_a_whole_file_of_another_kind_or_key_is_absent(file, folder):
    other = cache.key_of("other")
    cache.keep("object", other, b"foreign")
    os.replace(folder / f"object-{other}.davy", file)
    assert cache.kept("object", KEY) is None
    cache.keep("model", KEY, b"foreign")
    os.replace(folder / f"model-{KEY}.davy", file)
    assert cache.kept("object", KEY) is None


@pytest.mark.skipif(sys.platform == "win32", reason="files have no mode there")
@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666, 0o777])
def test_a_file_that_others_could_have_written_is_absent(file, mode):
    file.chmod(mode)
    assert cache.kept("object", KEY) is None
    cache.keep("object", KEY, b"mine")
    assert cache.kept("object", KEY) == b"mine"
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_a_file_of_another_user_is_absent(file):
    os.chown(file, 4242, -1)
    assert cache.kept("object", KEY) is None


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes need rights there")
def test_what_is_no_plain_file_is_absent(file, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    os.replace(file, elsewhere)
    file.symlink_to(elsewhere)
    assert cache.kept("object", KEY) is None
    file.unlink()
    os.mkfifo(file)
    assert cache.kept("object", KEY) is None
    file.unlink()
    file.mkdir()
    assert cache.kept("object", KEY) is None
    cache.keep("object", KEY, PAYLOAD)  # cannot take the place of a directory, and says nothing
    assert not list(file.parent.glob("*.part"))


def test_a_link_in_the_place_of_a_file_is_replaced_and_not_followed(file, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("mine")
    file.unlink()
    file.symlink_to(victim)
    cache.keep("object", KEY, PAYLOAD)
    assert victim.read_text() == "mine"
    assert cache.kept("object", KEY) == PAYLOAD


def test_a_file_where_the_folder_should_be_keeps_nothing(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("a file")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        monkeypatch.setattr(cache, "_folder", str(place))
        cache.keep("object", KEY, PAYLOAD)
        assert cache.kept("object", KEY) is None
    assert (tmp_path / "file").read_text() == "a file"


@pytest.mark.parametrize("fails", ["fsync", "replace", "scandir"])
def test_a_full_disk_leaves_what_was_there(file, folder, monkeypatch, fails):
    def full(*_):
        raise OSError(28, "no space left")

    with monkeypatch.context() as patch:
        patch.setattr(os, fails, full)
        cache.keep("object", KEY, b"newer")
    assert cache.kept("object", KEY) == (b"newer" if fails == "scandir" else PAYLOAD)
    assert list(folder.iterdir()) == [file]


def test_what_is_too_long_is_not_kept(folder, monkeypatch):
    monkeypatch.setattr(cache, "_LONGEST", len(PAYLOAD) - 1)
    cache.keep("object", KEY, PAYLOAD)
    assert not folder.exists()


def test_nothing_is_kept_without_a_folder_or_a_key(folder, monkeypatch):
    cache.keep("object", "", PAYLOAD)
    monkeypatch.setattr(cache, "_folder", None)
    cache.keep("object", KEY, PAYLOAD)
    assert not folder.exists()
    assert cache.kept("object", KEY) is None


@pytest.mark.parametrize(("bound", "most"), [("MOST_FILES", 2), ("MOST_BYTES", 5000)])
def test_the_oldest_give_way(folder, monkeypatch, bound, most):
    monkeypatch.setattr(cache, bound, most)
    keys = [cache.key_of(str(number)) for number in range(5)]
    folder.mkdir()
    (folder / "object-x.davy.0123.part").write_bytes(PAYLOAD)  # a writer that was killed
    os.utime(folder / "object-x.davy.0123.part", (1, 1))
    (folder / "not-ours.txt").write_bytes(PAYLOAD * 9)
    for place, key in enumerate(keys):
        cache.keep("object", key, PAYLOAD)
        os.utime(folder / f"object-{key}.davy", (100 + place, 100 + place))
    found = [cache.kept("object", key) is not None for key in keys]
    assert found == [False, False, True, True, True]
    assert not list(folder.glob("*.part"))
    assert (folder / "not-ours.txt").exists()


def test_where_files_are_kept():
    def usual(platform="linux", **environment):
        return cache.usual_folder(environment, platform)

    assert usual(HOME="/h") == "/h/.cache/davy"
    assert usual(HOME="/h", XDG_CACHE_HOME="/x") == "/x/davy"
    assert usual(HOME="/h", XDG_CACHE_HOME="x") == "/h/.cache/davy"
    assert usual("darwin", HOME="/h", XDG_CACHE_HOME="/x") == "/h/Library/Caches/davy"
    assert usual() is None
    assert usual("darwin") is None
    assert usual("win32") is None
    assert usual(HOME="/h", DAVY_CACHE="") is None
    assert usual(HOME="/h", DAVY_CACHE="/d") == "/d"
    assert usual(DAVY_CACHE="d") == str(Path.cwd() / "d")


@pytest.mark.skipif(sys.platform == "win32", reason="a directory in use stays there")
def test_a_relative_folder_needs_a_working_directory(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert cache.usual_folder({"DAVY_CACHE": "d"}, "linux") is None


def test_a_folder_can_be_named_as_a_path(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "_folder", None)
    cache.use_folder(tmp_path)
    cache.keep("model", KEY, PAYLOAD)
    assert cache.kept("model", KEY) == PAYLOAD
    cache.use_folder(None)
    assert cache.kept("model", KEY) is None


def test_a_key_tells_its_parts_apart():
    assert cache.key_of("ab", "c") != cache.key_of("a", "bc") != cache.key_of("a", "b", "c")
    assert cache.key_of("a", "") == ""


def test_the_code_of_a_package_changes_with_any_of_its_sources(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    seen = {cache.code_of("no_such_package")}
    assert seen == {""}
    package = tmp_path / "some_generator"
    package.mkdir()
    for name, text in (("__init__.py", ""), ("writes.py", "1"), ("writes.py", "2"), ("also.py", "2")):
        (package / name).write_text(text)
        cache.code_of.cache_clear()
        seen.add(cache.code_of("some_generator"))
    assert len(seen) == 5
