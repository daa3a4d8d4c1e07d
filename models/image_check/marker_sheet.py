"""This is the place where the page with squares to cut out is made: a PDF that prints at its true size, without a word that would need a language."""

from __future__ import annotations

import numpy as np

from models.image_check.marker import CELLS, PATTERN, SIDE_MM

PAGE_MM = (210.0, 297.0)
"""A4. On US Letter (215.9 x 279.4 mm) everything still lies on the page when it is printed at 100 %."""
_POINT = 72 / 25.4
_MARGIN_MM = SIDE_MM / CELLS * 1.8
"""White around each square that must be cut out with it."""
_COLUMNS, _ROWS = 4, 4
_RULER_MM = 100.0


def marker_sheet() -> bytes:
    """A one-page PDF with sixteen squares of SIDE_MM with cutting lines, and a ruler of 10 cm to check that nothing was scaled."""
    step = SIDE_MM + 2 * _MARGIN_MM + 4
    left, top = (PAGE_MM[0] - _COLUMNS * step) / 2, 45.0
    drawn = ["0 g"]
    for row in range(_ROWS):
        for column in range(_COLUMNS):
            drawn += _square(left + column * step + step / 2 - SIDE_MM / 2, top + row * step + step / 2 - SIDE_MM / 2)
    drawn += _ruler((PAGE_MM[0] - _RULER_MM) / 2, 30.0)
    return _document("\n".join(drawn).encode("ascii"))


def _square(x: float, y: float) -> list[str]:
    """The cells that are black, and a dashed line to cut along."""
    cell = SIDE_MM / CELLS
    black = np.ones((CELLS, CELLS), bool)
    black[1:-1, 1:-1] = PATTERN
    edge = SIDE_MM + 2 * _MARGIN_MM
    lines = [f"q 0.6 G 0.5 w [3 3] 0 d {_box(x - _MARGIN_MM, y - _MARGIN_MM, edge, edge)} S Q"]
    for row in range(CELLS):
        # neighbours in a row are one rectangle, so that no hairline shows between them
        starts = np.flatnonzero(np.diff(np.concatenate([[0], black[row].astype(int), [0]])))
        lines += [f"{_box(x + a * cell, y + row * cell, (b - a) * cell, cell)} f" for a, b in starts.reshape(-1, 2)]
    return lines


def _ruler(x: float, y: float) -> list[str]:
    """Centimetres, with numbers."""
    lines = ["q 0.5 w", f"{_at(x, y)} m {_at(x + _RULER_MM, y)} l S"]
    for centimetre in range(int(_RULER_MM / 10) + 1):
        lines.append(f"{_at(x + centimetre * 10, y)} m {_at(x + centimetre * 10, y - 4)} l S")
        lines.append(f"BT /F1 8 Tf {_at(x + centimetre * 10 - 1, y - 6)} Td ({centimetre}) Tj ET")
    return [*lines, f"BT /F1 8 Tf {_at(x + _RULER_MM + 4, y - 6)} Td (cm) Tj ET", "Q"]


def _at(x: float, y: float) -> str:
    """Millimetres from the top left, as PDF counts: points from the bottom left."""
    return f"{x * _POINT:.3f} {(PAGE_MM[1] - y) * _POINT:.3f}"


def _box(x: float, y: float, width: float, height: float) -> str:
    return f"{_at(x, y + height)} {width * _POINT:.3f} {height * _POINT:.3f} re"


def _document(content: bytes) -> bytes:
    """The few objects a page needs, with their table of places."""
    size = f"[0 0 {PAGE_MM[0] * _POINT:.3f} {PAGE_MM[1] * _POINT:.3f}]"
    objects = [
        # PrintScaling None: the viewer's print dialogue then starts at 100 %
        b"<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /PrintScaling /None >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox {size} /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".encode("ascii"),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    whole, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = len(whole)
    whole += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % place for place in places)
    return whole + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
