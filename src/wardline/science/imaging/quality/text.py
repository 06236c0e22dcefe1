"""Is there writing in the picture? Names burned into pixels travel with every copy, and no header says so."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

SMALLEST_PX: Final = 5
LARGEST_PX: Final = 60
LETTERS: Final = 5
"""So many marks of one height on one line, close together, look like a word."""
MOST_MARKS: Final = 4_000


def looks_written(picture: NDArray[np.number]) -> bool:
    """Whether marks of one height stand in a line, of the picture's largest or smallest number, as overlays are drawn. A suspicion only."""
    top, bottom = picture.max(), picture.min()
    if top == bottom:
        return False
    return any(_has_a_line(picture == level) for level in (top, bottom))


def _has_a_line(marks: NDArray[np.bool_]) -> bool:
    labelled, count = ndimage.label(marks, np.ones((3, 3), int))
    if not 0 < count <= MOST_MARKS:
        return False
    boxes = [
        (rows.start, rows.stop - rows.start, columns.start, columns.stop)
        for rows, columns in ndimage.find_objects(labelled)
        if SMALLEST_PX <= rows.stop - rows.start <= LARGEST_PX and 1 <= columns.stop - columns.start <= LARGEST_PX
    ]
    return any(_letters_after(box, boxes) >= LETTERS for box in boxes)


def _letters_after(first: tuple[int, int, int, int], boxes: list[tuple[int, int, int, int]]) -> int:
    """How many marks follow on the same line, none further from the last than a letter's height and a half."""
    top, height, _, reach = first
    count = 1
    for row, tall, start, end in sorted(boxes, key=lambda box: box[2]):
        if abs(row - top) <= 0.35 * height and abs(tall - height) <= 0.35 * height and reach <= start <= reach + 1.5 * height:
            count, reach = count + 1, end
    return count
