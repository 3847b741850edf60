"""Looks at a file before anything opens it: what its bytes say it is, and whether it may be opened at all."""

from __future__ import annotations

from ingest.files import ole
from ingest.files.parts import DAMAGED, Entry, directory, opened

MAX_BYTES = 50 * 1024 * 1024  # a county's workbook has some 12 kB
MAX_UNPACKED = 600 * 1024 * 1024
MAX_ENTRIES = 5_000
MAX_RATIO = 400  # a sheet of 5,000 styled blank rows unpacks to 40 times its size; a zip bomb to 1,000 times
RATIO_COUNTS_FROM = 20 * 1024 * 1024
MAX_CELLS = 10_000_000  # a province of 50,000 communities has 2.4 million
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
XML_2003 = b"urn:schemas-microsoft-com:office:spreadsheet"
FLAT_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
ODF_MANIFEST, MANIFEST_READ = "META-INF/manifest.xml", 1024 * 1024
OTHER_PACKAGES = ("OFD.xml", ".iwa")  # 版式文件, Apple Numbers: zips, but nothing that unpacking would help

ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
NO_TABLES = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BM6",
    b"II*\x00",
    b"MM\x00*",
    b"MZ",
    b"\x7fELF",
    b"{\\rtf",
)

EXTENSIONS = {
    "xlsx": {"xlsx", "xlsm", "xltx", "xltm", "et", "ett"},
    "xls": {"xls", "et", "ett", "xlt"},
    "ods": {"ods", "ots"},
    "fods": {"fods"},
    "text": {"csv", "tsv", "txt"},
    "html": {"html", "htm"},
    "xml": {"xml"},
}


class FileRefused(Exception):
    """This file is not read; ``kind`` is one of the refusals of ``ingest.problems``."""

    def __init__(self, kind: str, **details: str):
        super().__init__(kind)
        self.kind = kind
        self.details = details


def look(content: bytes, name: str) -> str:
    """The type by content: a key of ``EXTENSIONS``. Raises FileRefused where the file must not be opened."""
    if is_temporary(name):
        raise FileRefused("temporary_file")
    if not content:
        raise FileRefused("empty_file")
    if len(content) > MAX_BYTES:
        raise FileRefused("file_too_large", limit=f"{MAX_BYTES // 1024 // 1024} MB")
    if content.startswith(ZIP_MAGIC):
        return _look_into_zip(content)
    if content.startswith(OLE_MAGIC):
        return _look_into_ole(content)
    return _look_at_text(content)


def is_temporary(name: str) -> bool:
    """Lock and system files: ``~$…`` of Office, ``.~…`` of WPS and LibreOffice, ``.DS_Store``."""
    return name.startswith(("~$", ".")) or name in ("Thumbs.db", "desktop.ini")


def extension_fits(kind: str, name: str) -> bool:
    extension = name.rpartition(".")[2].lower()
    return extension in EXTENSIONS[kind]


def _look_into_zip(content: bytes) -> str:
    try:
        entries = directory(content)
        names = {entry.filename for entry in entries}
        mimetype = _start_of(content, "mimetype") if "mimetype" in names else b""
        encrypted = _is_encrypted(content, entries, names)
    except DAMAGED as error:
        raise FileRefused("file_damaged") from error
    _refuse_bombs(entries, len(content))
    if len({name.lower() for name in names}) < len(entries):
        raise FileRefused("file_damaged")  # two parts of one name: readers differ in which they take
    if encrypted:
        raise FileRefused("file_encrypted")
    return _kind_of_zip(names, mimetype)


def _is_encrypted(content: bytes, entries: list[Entry], names: set[str]) -> bool:
    """By the zip's own flag, or by the manifest of an OpenDocument, whose parts are each encrypted."""
    if any(entry.flag_bits & 0x1 for entry in entries):
        return True
    return ODF_MANIFEST in names and b"encryption-data" in _start_of(content, ODF_MANIFEST, MANIFEST_READ)


def _start_of(content: bytes, name: str, length: int = 80) -> bytes:
    with opened(content).open(name) as part:
        return part.read(length)


def _refuse_bombs(entries: list[Entry], size: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    bomb = unpacked > RATIO_COUNTS_FROM and unpacked > MAX_RATIO * size
    if bomb or unpacked > MAX_UNPACKED or len(entries) > MAX_ENTRIES:
        raise FileRefused("zip_bomb")


def _kind_of_zip(names: set[str], mimetype: bytes) -> str:
    if "xl/workbook.bin" in names:
        raise FileRefused("binary_workbook")  # python-calamine hides its errors, and no second reader tells of them
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if b"opendocument.spreadsheet" in mimetype:
        return "ods"
    if "[Content_Types].xml" in names or mimetype or any(name.endswith(OTHER_PACKAGES) for name in names):
        raise FileRefused("not_a_spreadsheet")
    raise FileRefused("archive_file")


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def _look_into_ole(content: bytes) -> str:
    if _utf16("EncryptedPackage") in content:
        raise FileRefused("file_encrypted")
    try:
        workbooks = ole.workbook_streams(content)
    except ole.OleError as error:
        raise FileRefused("file_damaged") from error
    if not workbooks:
        raise FileRefused("not_a_spreadsheet")
    if len(workbooks) > 1:
        # python-calamine may take the embedded one for the file's own.
        raise FileRefused("embedded_workbook")
    return "xls"


def refuse_entities(xml: bytes) -> None:
    """Raises FileRefused where a part defines entities: no spreadsheet needs them, a billion laughs do."""
    # One character is looked for ten times faster than two, and few parts hold it.
    if b"!" in xml and (b"<!DOCTYPE" in xml or b"<!ENTITY" in xml):
        raise FileRefused("xml_entities")


def _look_at_text(content: bytes) -> str:
    if content.startswith(ARCHIVES):
        raise FileRefused("archive_file")
    if content.startswith(NO_TABLES):
        raise FileRefused("not_a_spreadsheet")
    plain = content[:4096].replace(b"\0", b"")
    if b"<?xml" in plain[:64] and XML_2003 in plain:
        return "xml"
    start = plain.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower()
    if start.startswith(b"<?xml") and FLAT_ODS in start:
        return "fods"
    if start.startswith((b"mime-version:", b"from:")) and b"multipart/related" in start:
        raise FileRefused("web_archive")
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"<style")) or b"<table" in start:
        return "html"
    if start.startswith(b"<?xml"):
        raise FileRefused("not_a_spreadsheet")
    return "text"
