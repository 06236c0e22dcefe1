"""How often two agree, with how sure that is: for pages that compare answers with what others expect."""

from wardline.science.statistics.proportions import interval


def shown(agreed: int, of: int) -> str:
    """ "77 of 78, 98.7 % (93.1 to 99.8)" """
    if of == 0:
        return "–"
    low, high = interval(agreed, of)
    return f"{agreed} of {of}, {100 * agreed / of:.1f} % ({100 * low:.1f} to {100 * high:.1f})"
