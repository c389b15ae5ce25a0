import pytest

from actgen.pipeline.find import NoSpecError, find_specs


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("b.yaml", "a.yml", "deep/c.yaml", "deep/d.txt", ".hidden/e.yaml", "odd[1].yaml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(*arguments):
    return [path.as_posix() for path in find_specs(arguments)]


def test_files_keep_their_order_and_their_spelling(folder):
    assert names("deep/d.txt", "b.yaml", "./a.yml") == ["deep/d.txt", "b.yaml", "a.yml"]


def test_a_folder_is_searched_to_the_bottom_without_hidden_parts(folder):
    assert names(".") == ["a.yml", "b.yaml", "deep/c.yaml", "odd[1].yaml"]


def test_patterns(folder):
    assert names("*.y*ml") == ["a.yml", "b.yaml", "odd[1].yaml"]
    assert names("**/c.yaml") == ["deep/c.yaml"]
    assert names(f"{folder}/?.yaml") == [f"{folder.as_posix()}/b.yaml"]


def test_a_file_whose_name_looks_like_a_pattern_is_a_file(folder):
    assert names("odd[1].yaml") == ["odd[1].yaml"]


def test_each_file_once(folder):
    assert names("b.yaml", ".", "./b.yaml") == ["b.yaml", "a.yml", "deep/c.yaml", "odd[1].yaml"]


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("c.yaml", "there is no c.yaml"),
        ("deep/cc.yaml", "did you mean deep/c.yaml?"),
        ("*.json", "there is no spec in *.json"),
        (".hidden/deeper", "there is no .hidden/deeper"),
    ],
)
def test_what_names_nothing(folder, argument, message):
    with pytest.raises(NoSpecError, match=None) as caught:
        find_specs([argument])
    assert message in str(caught.value)


def test_a_folder_without_specs(tmp_path):
    with pytest.raises(NoSpecError, match="there is no spec in"):
        find_specs([str(tmp_path)])
