"""The drugs of the simulated hospital's formulary, with ATC codes and one usual way of giving each. Not a dosing guide."""

from typing import Final, NamedTuple

CONTINUOUS: Final = "C"
ROUNDS: Final = {
    "QD": (8,), "QPM": (20,), "BID": (8, 20), "TID": (8, 14, 20), "QID": (6, 12, 18, 23), "Q8H": (6, 14, 22), CONTINUOUS: tuple(range(24)),
}  # fmt: skip
"""Repeat pattern (TQ1-3, HL7 table 0335) to the hours at which it is given; what runs all the time is charted every hour."""


class Drug(NamedTuple):
    code: str
    name: str
    amount: float
    unit: str
    form: str
    route: str
    """HL7 table 0162."""
    pattern: str


_TABLE: Final = """
J01CR02 | Amoxicillin and clavulanic acid | 1200  | mg     | INJ | IV | Q8H
J01DD04 | Ceftriaxone                     | 2     | g      | INJ | IV | QD
J01CR05 | Piperacillin and tazobactam     | 4.5   | g      | INJ | IV | Q8H
J01XA01 | Vancomycin                      | 1     | g      | INJ | IV | BID
C03CA01 | Furosemide                      | 40    | mg     | TAB | PO | QD
C09AA05 | Ramipril                        | 5     | mg     | TAB | PO | QD
C08CA01 | Amlodipine                      | 5     | mg     | TAB | PO | QD
C07AB07 | Bisoprolol                      | 2.5   | mg     | TAB | PO | QD
C10AA05 | Atorvastatin                    | 40    | mg     | TAB | PO | QPM
B01AF02 | Apixaban                        | 5     | mg     | TAB | PO | BID
B01AA03 | Warfarin                        | 3     | mg     | TAB | PO | QPM
B01AC06 | Acetylsalicylic acid            | 100   | mg     | TAB | PO | QD
B01AB05 | Enoxaparin                      | 40    | mg     | INJ | SC | QPM
A02BC02 | Pantoprazole                    | 40    | mg     | TAB | PO | QD
A10BA02 | Metformin                       | 1000  | mg     | TAB | PO | BID
A10AB05 | Insulin aspart                  | 6     | [iU]   | INJ | SC | TID
N02BE01 | Paracetamol                     | 1     | g      | TAB | PO | QID
N02BB02 | Metamizole sodium               | 500   | mg     | TAB | PO | QID
N02AA05 | Oxycodone                       | 5     | mg     | TAB | PO | BID
M01AE01 | Ibuprofen                       | 400   | mg     | TAB | PO | TID
R03AC02 | Salbutamol                      | 2.5   | mg     | SOL | IH | QID
R03BB04 | Tiotropium bromide              | 18    | ug     | CAP | IH | QD
H02AB06 | Prednisolone                    | 40    | mg     | TAB | PO | QD
H03AA01 | Levothyroxine sodium            | 75    | ug     | TAB | PO | QD
A12BA01 | Potassium chloride              | 600   | mg     | TAB | PO | BID
A04AA01 | Ondansetron                     | 4     | mg     | INJ | IV | BID
B05BB01 | Electrolytes, balanced infusion | 500   | mL     | SOL | IV | C
C01CA03 | Norepinephrine                  | 4     | mg     | INJ | IV | C
B02AA02 | Tranexamic acid                 | 1     | g      | INJ | IV | Q8H
N05AH04 | Quetiapine                      | 25    | mg     | TAB | PO | QPM
"""
FORMULARY: Final[dict[str, Drug]] = {
    drug.name: drug
    for drug in (
        Drug(code, name, float(amount), unit, form, route, pattern)
        for code, name, amount, unit, form, route, pattern in ([part.strip() for part in line.split("|")] for line in _TABLE.strip().splitlines())
    )
}
