"""Pain, joints, muscles, anaesthesia and opioids (ATC groups M, N01 and N02)."""

from wardline.science.medication.substance import of

# fmt: off
PAIN_AND_MOVEMENT = (
    of("phenylbutazone", "M01AA01"), of("indometacin", "M01AB01", "5781", "indomethacin"), of("sulindac", "M01AB02", "10237"),
    of("tolmetin", "M01AB03", "10636"), of("diclofenac", "M01AB05", "3355"), of("etodolac", "M01AB08", "24605"), of("aceclofenac", "M01AB16"),
    of("ketorolac", "M01AB15", "35827"), of("bromfenac", "S01BC11"), of("nepafenac", "S01BC10"), of("piroxicam", "M01AC01", "8356"),
    of("tenoxicam", "M01AC02"), of("lornoxicam", "M01AC05"), of("meloxicam", "M01AC06", "41493"), of("ibuprofen", "M01AE01", "5640"),
    of("naproxen", "M01AE02", "7258"), of("ketoprofen", "M01AE03", "6142"), of("fenoprofen", "M01AE04"), of("flurbiprofen", "M01AE09", "4502"),
    of("oxaprozin", "M01AE12", "32613"), of("dexketoprofen", "M01AE17"), of("mefenamic acid", "M01AG01", "", "mefenamate"),
    of("meclofenamic acid", "M01AG04", "", "meclofenamate"), of("celecoxib", "M01AH01", "140587"), of("rofecoxib", "M01AH02"),
    of("valdecoxib", "M01AH03"), of("parecoxib", "M01AH04"), of("etoricoxib", "M01AH05", "307296"), of("nabumetone", "M01AX01", "31448"),
    of("nimesulide", "M01AX17"), of("diflunisal", "N02BA11", "3393"), of("salsalate", "N02BA06"), of("methyl salicylate"),
    of("penicillamine", "M01CC01", "7975"), of("suxamethonium", "M03AB01", "10154", "succinylcholine"), of("vecuronium", "M03AC03"),
    of("atracurium", "M03AC04"), of("rocuronium", "M03AC09", "68139"), of("cisatracurium", "M03AC11"), of("baclofen", "M03BX01", "1292"),
    of("tizanidine", "M03BX02", "57258"), of("cyclobenzaprine", "M03BX08", "21949"), of("methocarbamol", "M03BA03", "6845"),
    of("carisoprodol", "M03BA02", "2101"), of("dantrolene", "M03CA01", "3105"), of("allopurinol", "M04AA01", "519"),
    of("febuxostat", "M04AA03", "73689"), of("probenecid", "M04AB01", "8698"), of("sulfinpyrazone", "M04AB02", "10205"),
    of("colchicine", "M04AC01", "2683"), of("pamidronic acid", "M05BA03", "", "pamidronate"), of("alendronic acid", "M05BA04", "", "alendronate"),
    of("ibandronic acid", "M05BA06", "", "ibandronate"), of("risedronic acid", "M05BA07", "", "risedronate"),
    of("zoledronic acid", "M05BA08", "77655", "zoledronate"), of("strontium ranelate", "M05BX03"), of("denosumab", "M05BX04", "993449"),
    of("sevoflurane", "N01AB08", "36453"), of("thiopental", "N01AF03"), of("ketamine", "N01AX03", "6130"), of("etomidate", "N01AX07", "4177"),
    of("propofol", "N01AX10", "8782"), of("bupivacaine", "N01BB01", "1815"), of("ropivacaine", "N01BB09", "35780"), of("remifentanil", "N01AH06"),
    of("sufentanil", "N01AH03"), of("alfentanil", "N01AH02"), of("morphine", "N02AA01", "7052"), of("hydromorphone", "N02AA03", "3423"),
    of("oxycodone", "N02AA05", "7804"), of("dihydrocodeine", "N02AA08"), of("codeine", "R05DA04 N02AA", "2670"),
    of("hydrocodone", "R05DA03", "5489"), of("oxymorphone", "N02AA11"), of("levorphanol"), of("pethidine", "N02AB02", "6754", "meperidine"),
    of("fentanyl", "N02AB03 N01AH01", "4337"), of("dextropropoxyphene", "N02AC04", "", "propoxyphene"), of("pentazocine", "N02AD01", "8001"),
    of("buprenorphine", "N02AE01 N07BC01", "1819"), of("butorphanol", "N02AF01"), of("nalbuphine", "N02AF02"), of("tramadol", "N02AX02", "10689"),
    of("tapentadol", "N02AX06"), of("meptazinol", "N02AX05"), of("methadone", "N07BC02", "6813"), of("dextromethorphan", "R05DA09", "3289"),
    of("naloxone", "V03AB15", "7242"), of("naltrexone", "N07BB04", "7243"), of("paracetamol", "N02BE01", "161", "acetaminophen"),
    of("metamizole", "N02BB02", "", "dipyrone"), of("dihydroergotamine", "N02CA01", "3418"), of("ergotamine", "N02CA02", "4025"),
    of("sumatriptan", "N02CC01", "37418"), of("naratriptan", "N02CC02"), of("zolmitriptan", "N02CC03"), of("rizatriptan", "N02CC04", "88014"),
    of("almotriptan", "N02CC05"), of("eletriptan", "N02CC06"), of("frovatriptan", "N02CC07"),
)
# fmt: on
