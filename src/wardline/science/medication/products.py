"""Products of several substances that are ordered under one name or one code: co-trimoxazole is trimethoprim with sulfamethoxazole."""

from typing import Final, NamedTuple


class Product(NamedTuple):
    """`names` as written in orders; a name may be empty where the parts are always named ("piperacillin/tazobactam")."""

    parts: tuple[str, ...]
    atc: str = ""
    names: tuple[str, ...] = ()


PRODUCTS: Final[tuple[Product, ...]] = (
    Product(("trimethoprim", "sulfamethoxazole"), "J01EE01", ("co-trimoxazole", "cotrimoxazole", "tmp-smx", "tmp/smx")),
    Product(("amoxicillin", "clavulanic acid"), "J01CR02", ("co-amoxiclav", "coamoxiclav")),
    Product(("ampicillin", "sulbactam"), "J01CR01"),
    Product(("piperacillin", "tazobactam"), "J01CR05", ("pip-tazo", "pip/tazo")),
    Product(("ceftazidime", "avibactam"), "J01DD52"),
    Product(("ceftolozane", "tazobactam"), "J01DI54"),
    Product(("imipenem", "cilastatin"), "J01DH51"),
    Product(("meropenem", "vaborbactam"), "J01DH52"),
    Product(("lopinavir", "ritonavir"), "J05AR10"),
    Product(("valsartan", "sacubitril"), "C09DX04"),
    Product(("levodopa", "carbidopa"), "N04BA02", ("co-careldopa",)),
    Product(("levodopa", "benserazide"), "N04BA02", ("co-beneldopa",)),
    Product(("codeine", "paracetamol"), "N02AJ06", ("co-codamol",)),
    Product(("dihydrocodeine", "paracetamol"), "N02AJ01", ("co-dydramol",)),
    Product(("tramadol", "paracetamol"), "N02AJ13"),
    Product(("oxycodone", "paracetamol"), "N02AJ17"),
    Product(("spironolactone", "furosemide"), "C03EB01"),
    Product(("amiloride", "hydrochlorothiazide"), "C03EA01", ("co-amilozide",)),
    Product(("amiloride", "furosemide"), "", ("co-amilofruse",)),
    Product(("atenolol", "chlortalidone"), "C07CB03", ("co-tenidone",)),
    Product(("metformin", "sitagliptin"), "A10BD07"),
    Product(("budesonide", "formoterol"), "R03AK07"),
    Product(("fluticasone", "salmeterol"), "R03AK06"),
    Product(("salbutamol", "ipratropium"), "R03AL02"),
    Product(("isosorbide dinitrate", "hydralazine"), ""),
)
