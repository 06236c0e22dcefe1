"""Sore throat."""

from wardline.science.diagnosis.presentations import Condition
from wardline.science.diagnosis.published.tables import Ask, presentation, ratios, rises

EBELL_2000 = "Ebell MH et al. JAMA 2000;284:2912-8"
EBELL_2016 = "Ebell MH et al. JAMA 2016;315:1502-9"

CONDITIONS = (
    Condition("streptococcal_pharyngitis", "Streptococcal pharyngitis", "J02.0", 0.10),
    Condition("mononucleosis", "Infectious mononucleosis", "B27.9", 0.02),
)
EXUDATE = Ask("tonsillar_exudate", "Exudate on the tonsils", "sign")
EXPOSURE = Ask("exposed_to_streptococci", "Exposed to streptococcal throat infection within two weeks", "history")
NO_COUGH = Ask("no_cough", "No cough", "symptom")
ANTERIOR_NODES = Ask("tender_anterior_nodes", "Tender anterior cervical lymph nodes", "sign")
LARGE_TONSILS = Ask("enlarged_tonsils", "Enlarged tonsils", "sign")
POSTERIOR_NODES = Ask("posterior_cervical_nodes", "Enlarged posterior cervical lymph nodes", "sign")
PETECHIAE = Ask("palatine_petechiae", "Petechiae on the palate", "sign")
SPLEEN = Ask("enlarged_spleen", "Enlarged spleen", "sign")
ATYPICAL = Ask("atypical_lymphocytes", "Atypical lymphocytes of 10 % or more", "test")

SORE_THROAT = presentation(
    "sore_throat", "Sore throat", ("sore throat", "throat pain", "pharyngitis"), CONDITIONS,
    (
        (EXUDATE, "streptococcal_pharyngitis", ratios(3.4, 0.72), EBELL_2000),
        (EXPOSURE, "streptococcal_pharyngitis", ratios(1.9, 0.92), EBELL_2000),
        (NO_COUGH, "streptococcal_pharyngitis", ratios(1.1, 0.89), EBELL_2000),
        (ANTERIOR_NODES, "streptococcal_pharyngitis", ratios(1.2, 0.60), EBELL_2000),
        (LARGE_TONSILS, "streptococcal_pharyngitis", ratios(1.4, 0.63), EBELL_2000),
        (POSTERIOR_NODES, "mononucleosis", ratios(3.1, 0.69), EBELL_2016),
        (PETECHIAE, "mononucleosis", rises(5.3, elsewhere=0.05), EBELL_2016),
        (SPLEEN, "mononucleosis", rises(1.9, elsewhere=0.05), EBELL_2016),
        (ATYPICAL, "mononucleosis", rises(11.4, elsewhere=0.05), EBELL_2016),
    ),
)  # fmt: skip
