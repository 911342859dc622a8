"""Files as an attacker would make them, of formats that no library here writes."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    """What an archive holds, by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def ods(rows: str, before: str = "") -> bytes:
    """An OpenDocument workbook of one sheet, its rows as XML."""
    content = (
        f'<?xml version="1.0"?>{before}<office:document-content '
        f'xmlns:office="{OFFICE}:office:1.0" xmlns:table="{OFFICE}:table:1.0" '
        f'xmlns:text="{OFFICE}:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="posts">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped({
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": content,
        "META-INF/manifest.xml": "<manifest/>",
    })  # fmt: skip


def ods_row(cells: Sequence[str], repeats: int = 1, last_repeats: int = 1) -> str:
    made = [
        f'<table:table-cell office:value-type="string" '
        f'table:number-columns-repeated="{last_repeats if i == len(cells) - 1 else 1}">'
        f"<text:p>{cell}</text:p></table:table-cell>"
        for i, cell in enumerate(cells)
    ]
    return (
        f'<table:table-row table:number-rows-repeated="{repeats}">{"".join(made)}</table:table-row>'
    )


def xlsx(sheet: str, part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """An Excel workbook of one sheet, its cells as XML."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    return zipped({
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
        '<sheet name="posts" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{relations}/worksheet" '
        f'Target="{part.removeprefix("xl/")}"/></Relationships>',
        part: f'<?xml version="1.0"?><worksheet xmlns="{main}">{sheet}</worksheet>',
    })  # fmt: skip


def xlsb(cells: Sequence[tuple[int, int, str]]) -> bytes:
    """A binary Excel workbook of one sheet: row, column and text of each cell, in order."""
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    sheet = [_record(0x94, struct.pack("<4I", 0, 0, 0, 0)), _record(0x91, b"")]
    last = -1
    for row, column, text in cells:
        if row != last:
            sheet.append(_record(0x00, struct.pack("<I", row) + bytes(13)))
            last = row
        sheet.append(_record(0x06, struct.pack("<II", column, 0) + _wide(text)))
    sheet.append(_record(0x92, b""))
    book = (
        _record(0x9C, struct.pack("<II", 0, 1) + _wide("rId1") + _wide("posts"))
        + _record(0x90, b"")
        + (_record(0x9D, b""))
    )
    return zipped({
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": '<Relationships><Relationship Id="rId1" '
        f'Type="{relations}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
        "xl/worksheets/sheet1.bin": b"".join(sheet),
    })  # fmt: skip


def _record(kind: int, body: bytes) -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind | 0x80, kind >> 7])
    size = len(body)
    sizes = []
    while True:
        sizes.append(size & 0x7F | (0x80 if size > 0x7F else 0))
        size >>= 7
        if not size:
            return head + bytes(sizes) + body


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
