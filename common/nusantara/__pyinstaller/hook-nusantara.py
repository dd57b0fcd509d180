"""Everything of the core and of the vendors, with their sources: the catalogue reads annotations from them."""

from __future__ import annotations

from PyInstaller.utils.hooks import collect_data_files, collect_submodules

from nusantara.catalogue.vendors import VENDORS

PACKAGES = ("nusantara", *(package.name for package in VENDORS.values()))


def _goes_in(module: str) -> bool:
    return "pyinstaller" not in module


hiddenimports = [module for package in PACKAGES for module in collect_submodules(package, filter=_goes_in)]
datas = [file for package in PACKAGES for file in collect_data_files(package)]
module_collection_mode = dict.fromkeys(PACKAGES, "pyz+py")
