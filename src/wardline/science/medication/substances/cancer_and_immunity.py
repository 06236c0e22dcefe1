"""Cancer drugs and drugs that hold back the immune system (ATC group L)."""

from wardline.science.medication.substance import of

# fmt: off
CANCER_AND_IMMUNITY = (
    of("cyclophosphamide", "L01AA01", "3002"), of("methotrexate", "L01BA01 L04AX03", "6851"), of("pemetrexed", "L01BA04"),
    of("mercaptopurine", "L01BB02", "103", "6 mercaptopurine"), of("tioguanine", "L01BB03", "", "thioguanine"), of("cytarabine", "L01BC01", "3041"),
    of("fluorouracil", "L01BC02", "4492", "5 fluorouracil"), of("gemcitabine", "L01BC05", "12574"), of("capecitabine", "L01BC06", "194000"),
    of("vinblastine", "L01CA01", "11198"), of("vincristine", "L01CA02", "11202"), of("etoposide", "L01CB01", "4179"),
    of("paclitaxel", "L01CD01", "56946"), of("docetaxel", "L01CD02", "72962"), of("irinotecan", "L01CE02", "51499"), of("topotecan", "L01CE01"),
    of("doxorubicin", "L01DB01", "3639"), of("bleomycin", "L01DC01", "1622"), of("cisplatin", "L01XA01", "2555"),
    of("carboplatin", "L01XA02", "40048"), of("oxaliplatin", "L01XA03", "32592"), of("procarbazine", "L01XB01", "8702"),
    of("arsenic trioxide", "L01XX27", "18330"), of("hydroxycarbamide", "L01XX05", "5552", "hydroxyurea"), of("bortezomib", "L01XG01", "358258"),
    of("imatinib", "L01EA01", "282388"), of("dasatinib", "L01EA02"), of("nilotinib", "L01EA03"), of("gefitinib", "L01EB01"),
    of("erlotinib", "L01EB02"), of("lapatinib", "L01EH01"), of("sunitinib", "L01EX01"), of("sorafenib", "L01EX02"), of("vandetanib", "L01EX04"),
    of("rituximab", "", "121191"), of("trastuzumab", "", "224905"), of("ipilimumab"), of("nivolumab"), of("pembrolizumab"),
    of("leuprorelin", "L02AE02", "", "leuprolide"), of("tamoxifen", "L02BA01", "10324"), of("bicalutamide", "L02BB03"),
    of("enzalutamide", "L02BB04"), of("anastrozole", "L02BG03", "84857"), of("letrozole", "L02BG04", "72965"), of("filgrastim", "L03AA02", "68442"),
    of("interferon beta", "L03AB07"), of("mycophenolate", "L04AA06", "", "mycophenolate mofetil|mycophenolic acid"),
    of("sirolimus", "L04AA10", "35302"), of("everolimus", "L04AA18 L01EG02", "141704"), of("leflunomide", "L04AA13", "27169"),
    of("fingolimod", "L04AA27"), of("tofacitinib", "L04AA29"), of("baricitinib", "L04AA37"), of("etanercept", "L04AB01", "214555"),
    of("infliximab", "L04AB02", "191831"), of("adalimumab", "L04AB04", "327361"), of("tocilizumab", "L04AC07", "612865"),
    of("ciclosporin", "L04AD01", "3008", "cyclosporine|cyclosporin"), of("tacrolimus", "L04AD02", "42316"), of("azathioprine", "L04AX01", "1256"),
    of("thalidomide", "L04AX02"), of("lenalidomide", "L04AX04"),
)
# fmt: on
