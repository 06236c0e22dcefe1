"""Site files that want more than they say: YAML that unfolds without end, nests without end, or is no table at all."""

from pathlib import Path

import pytest

from wardline.app.site_tables import content_of
from wardline.core.errors import Refused

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + step)}: &{chr(98 + step)} [{', '.join(['*' + chr(97 + step)] * 9)}]\n" for step in range(8)
)


@pytest.mark.parametrize("text", [BOMB, "[" * 5_000, "a: " + "{b: " * 3_000, "a: &a {b: *a}", "!!python/object/apply:os.system [id]"])
def test_a_site_table_that_unfolds_is_refused_by_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "table.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match=r"table\.yaml"):
        content_of(file)
