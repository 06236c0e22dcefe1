"""What laws and codes of practice say about keeping records, for a site that writes its own rules. Nothing here is in force by itself.

Each line says where it was read. "Read": the text itself; "reported": what another says of it; "from memory": to be checked first.
National and state law, kinds of treatment and contracts ask for more: the site's lawyer decides, and signs `config/retention.yaml`.
"""

from typing import Final, Literal, NamedTuple

from wardline.security.retention.rules import Kind, Rule


class Suggestion(NamedTuple):
    """A rule that stands somewhere, and how well we know it."""

    jurisdiction: str
    kind: Kind
    rule: Rule
    standing: Literal["read", "reported", "from memory"]
    note: str = ""


SUGGESTED: Final = (
    Suggestion(
        "Germany", "patient", Rule(keep_years=10, basis="§ 630f (3) BGB: ten years after the end of treatment"), "read",
        "Other provisions may ask for more; hospitals often keep 30 years because of § 199 (2) BGB.",
    ),
    Suggestion(
        "England", "patient", Rule(keep_years=8, minors_until_age=26, basis="Records Management Code of Practice 2021, Appendix II"), "reported",
        "Adults 8 years; children until their 25th birthday, or the 26th if they were 17 when treatment ended. Mental health and maternity: longer.",
    ),
    Suggestion(
        "United States", "patient", Rule(keep_years=5, basis="42 CFR 482.24(b)(1): hospitals, at least five years"), "reported",
        "State law usually asks for more, for minors in particular.",
    ),
    Suggestion(
        "United States", "audit", Rule(keep_years=6, basis="45 CFR 164.316(b)(2)(i): required documentation, six years"), "read",
        "Written for policies and records of actions; commonly applied to audit trails.",
    ),
    Suggestion(
        "European Union", "audit", Rule(keep_years=0.5, basis="AI Act Art. 26(6): logs of a high-risk system, at least six months"), "reported",
        "For deployers of high-risk AI systems; audit trails are usually kept for longer.",
    ),
)  # fmt: skip
