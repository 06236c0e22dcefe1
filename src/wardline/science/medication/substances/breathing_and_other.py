"""Airways, allergy, eyes, antidotes, contrast media and fluids (ATC groups R, S, V and B05)."""

from wardline.science.medication.substance import of

# fmt: off
BREATHING_AND_OTHER = (
    of("pseudoephedrine", "R01BA02", "8896"), of("oxymetazoline", "R01AA05"), of("salbutamol", "R03AC02 R03CC02", "435", "albuterol"),
    of("levosalbutamol", "", "", "levalbuterol"), of("terbutaline", "R03AC03 R03CC03", "10368"), of("salmeterol", "R03AC12", "36117"),
    of("formoterol", "R03AC13", "25255"), of("indacaterol", "R03AC18"), of("vilanterol"), of("ipratropium", "R03BB01", "7213"),
    of("tiotropium", "R03BB04", "69120"), of("aclidinium", "R03BB05"), of("glycopyrronium", "R03BB06 A03AB02", "", "glycopyrrolate"),
    of("umeclidinium", "R03BB07"), of("beclometasone", "R03BA01", "", "beclomethasone"), of("budesonide", "R03BA02 A07EA06", "19831"),
    of("flunisolide", "R03BA03"), of("fluticasone", "R03BA05", "41126"), of("mometasone", "R03BA07", "108118"), of("ciclesonide", "R03BA08"),
    of("zafirlukast", "R03DC01"), of("montelukast", "R03DC03", "88249"), of("theophylline", "R03DA04", "10438"), of("aminophylline", "R03DA05"),
    of("omalizumab", "R03DX05"), of("acetylcysteine", "R05CB01 V03AB23", "197", "n acetylcysteine"), of("carbocisteine", "R05CB03"),
    of("guaifenesin", "R05CA03", "5032"), of("diphenhydramine", "R06AA02", "3498"), of("clemastine", "R06AA04"), of("doxylamine", "R06AA09"),
    of("dimenhydrinate", "R06AA11"), of("dexchlorpheniramine", "R06AB02"), of("chlorphenamine", "R06AB04", "2400", "chlorpheniramine"),
    of("alimemazine", "R06AD01", "", "trimeprazine"), of("promethazine", "R06AD02", "8745"), of("cyclizine", "R06AE03"),
    of("meclozine", "R06AE05", "", "meclizine"), of("cetirizine", "R06AE07", "20610"), of("levocetirizine", "R06AE09"),
    of("cyproheptadine", "R06AX02", "3013"), of("astemizole", "R06AX11"), of("terfenadine", "R06AX12"), of("loratadine", "R06AX13", "28889"),
    of("ketotifen", "R06AX17"), of("fexofenadine", "R06AX26", "87636"), of("desloratadine", "R06AX27"), of("acetazolamide", "S01EC01", "167"),
    of("dorzolamide", "S01EC03"), of("latanoprost", "S01EE01", "43611"), of("brimonidine", "S01EA05"), of("pilocarpine", "S01EB01"),
    of("sodium polystyrene sulfonate", "V03AE01"), of("sevelamer", "V03AE02"), of("patiromer", "V03AE09"),
    of("sodium zirconium cyclosilicate", "V03AE10"), of("deferasirox", "V03AC03"),
    of("calcium folinate", "V03AF03", "6313", "leucovorin|folinic acid"),
    of("methylthioninium chloride", "V03AB17", "", "methylene blue|methylthioninium"), of("flumazenil", "V03AB25", "4457"),
    of("sugammadex", "V03AB35"), of("idarucizumab", "V03AB37"), of("diatrizoate", "V08AA01", "", "amidotrizoate"), of("iohexol", "V08AB02", "5956"),
    of("iopamidol", "V08AB04"), of("iopromide", "V08AB05"), of("ioversol", "V08AB07"), of("iodixanol", "V08AB09"), of("iomeprol", "V08AB10"),
    of("iodinated contrast", "V08AB", "", "iodinated contrast medium|iodinated contrast media|iv contrast"), of("gadobutrol", "V08CA09"),
    of("gadoterate", "V08CA02", "", "gadoteric acid"),
    of("balanced electrolytes", "B05BB01", "", "electrolytes|ringer lactate|lactated ringer|hartmann"),
    of("sodium chloride", "B05XA03", "9863", "saline"), of("glucose", "B05BA03", "4850", "dextrose"), of("human albumin", "B05AA01"),
    of("ethanol", "V03AB16", "448", "alcohol"),
)
# fmt: on
