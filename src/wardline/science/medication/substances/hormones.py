"""Sex hormones, bladder and prostate, thyroid, steroids (ATC groups G and H)."""

from wardline.science.medication.substance import of

# fmt: off
HORMONES = (
    of("methylergometrine", "G02AB01", "", "methylergonovine"), of("ergometrine", "G02AB03", "", "ergonovine"), of("dinoprostone", "G02AD02"),
    of("cabergoline", "G02CB03 N04BC06", "47579"), of("bromocriptine", "G02CB01 N04BC01", "1760"), of("oxytocin", "H01BB02", "7824"),
    of("estradiol", "G03CA03", "4083", "oestradiol"), of("estriol", "G03CA04", "", "oestriol"),
    of("conjugated estrogens", "G03CA57", "", "conjugated oestrogens"),
    of("ethinylestradiol", "G03CA01", "4124", "ethinyl estradiol|ethinyloestradiol"), of("levonorgestrel", "G03AC03 G03AD01", "6373"),
    of("desogestrel", "G03AC09"), of("etonogestrel", "G03AC08"), of("norethisterone", "G03AC01 G03DC02", "7514", "norethindrone"),
    of("etynodiol", "G03DC06", "", "ethynodiol"), of("ulipristal", "G03AD02"), of("drospirenone", "G03AC10"),
    of("medroxyprogesterone", "G03DA02 G03AC06", "6691"), of("megestrol", "G03DB02 L02AB01", "6703"), of("progesterone", "G03DA04", "8727"),
    of("tibolone", "G03CX01"), of("testosterone", "G03BA03", "10379"), of("raloxifene", "G03XC01", "72143"),
    of("clomifene", "G03GB02", "", "clomiphene"), of("cyproterone", "G03HA01"), of("mifepristone", "G03XB01", "6964"),
    of("danazol", "G03XA01", "3102"), of("oxybutynin", "G04BD04", "32675"), of("tolterodine", "G04BD07", "119565"),
    of("solifenacin", "G04BD08", "322167"), of("trospium", "G04BD09"), of("darifenacin", "G04BD10"), of("fesoterodine", "G04BD11"),
    of("mirabegron", "G04BD12", "1300786"), of("flavoxate", "G04BD02"), of("sildenafil", "G04BE03", "136411"), of("tadalafil", "G04BE08", "358263"),
    of("vardenafil", "G04BE09", "306674"), of("avanafil", "G04BE10"), of("alfuzosin", "G04CA01", "17300"), of("tamsulosin", "G04CA02", "77492"),
    of("terazosin", "G04CA03", "37798"), of("silodosin", "G04CA04"), of("finasteride", "G04CB01", "25025"), of("dutasteride", "G04CB02", "228790"),
    of("vasopressin", "H01BA01", "11149"), of("desmopressin", "H01BA02", "3251"), of("terlipressin", "H01BA04"),
    of("octreotide", "H01CB02", "7617"), of("somatropin", "H01AC01", "61148"), of("fludrocortisone", "H02AA02", "4452"),
    of("betamethasone", "H02AB01 D07AC01", "1514"), of("dexamethasone", "H02AB02", "3264"), of("methylprednisolone", "H02AB04", "6902"),
    of("prednisolone", "H02AB06", "8638"), of("prednisone", "H02AB07", "8640"), of("triamcinolone", "H02AB08", "10759"),
    of("hydrocortisone", "H02AB09 D07AA02", "5492"), of("cortisone", "H02AB10", "2878"), of("deflazacort", "H02AB13", "22396"),
    of("fluocortolone", "H02AB03", "4463"), of("paramethasone", "H02AB05", "7910"), of("cloprednol", "H02AB14", "21285"),
    of("prednylidene", "H02AB11", "12473"), of("meprednisone", "H02AB15", "29523"), of("cortivazol", "H02AB17", "21660"),
    of("levothyroxine", "H03AA01", "10582", "thyroxine"), of("liothyronine", "H03AA02", "10814"), of("liotrix"),
    of("propylthiouracil", "H03BA02", "8794"), of("carbimazole", "H03BB01"), of("thiamazole", "H03BB02", "6835", "methimazole"),
    of("glucagon", "H04AA01", "4832"), of("teriparatide", "H05AA02"), of("calcitonin", "H05BA01"), of("cinacalcet", "H05BX01", "407990"),
)
# fmt: on
