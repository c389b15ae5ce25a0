import json
import re

from actgen.docs.page_assets import asset_files
from actgen.docs.vendoring import VENDOR

LIBRARIES = json.loads((VENDOR / "vendor.json").read_text(encoding="utf-8"))


def test_every_library_has_a_version_a_licence_and_a_hash() -> None:
    for library in LIBRARIES:
        assert re.fullmatch(r"\d+\.\d+\.\d+", library["version"])
        assert library["licence"] in ("MIT", "BSD-3-Clause")
        assert re.fullmatch(r"sha512-[\w+/]{86}==", library["integrity"])
        (licence,) = [name for name in library["files"].values() if name.endswith(".LICENSE.txt")]
        assert "Copyright" in (VENDOR / licence).read_text(encoding="utf-8")


def test_the_list_is_what_lies_there_and_what_pages_get() -> None:
    listed = {name for library in LIBRARIES for name in library["files"].values()}
    assert listed == {path.name for path in VENDOR.iterdir()} - {"vendor.json"}
    assert listed <= set(asset_files())


def test_a_style_sheet_asks_for_nothing() -> None:
    for name, text in asset_files().items():
        if name.endswith(".css"):
            addresses = re.findall(r"url\(([^)]{0,40})", text)
            assert all(address.startswith("data:font/woff2") for address in addresses), name
            assert "@import" not in text
    assert asset_files()["katex.css"].count("data:font/woff2;base64,") >= 20
