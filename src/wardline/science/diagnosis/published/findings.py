"""Findings that several presentations ask about, with their code in the vocabulary of DDXPlus where it has the same one."""

from wardline.core import concepts as c
from wardline.core import diseases as d
from wardline.science.diagnosis.published.tables import Ask

FEVER = Ask("fever", "Temperature of 37.8 °C or more", "sign", "E_91", measured=(c.TEMPERATURE, 37.8))
NAUSEA = Ask("nausea", "Nausea", "symptom", "E_148")
VOMITING = Ask("vomiting", "Vomiting", "symptom", "E_211")
NO_APPETITE = Ask("no_appetite", "Loss of appetite", "symptom", "E_161")
BREATHLESS_SUDDENLY = Ask("sudden_breathlessness", "Breathlessness that began suddenly", "symptom")
COUGHING_BLOOD = Ask("coughing_blood", "Coughing up blood", "symptom", "E_45")
SYNCOPE = Ask("syncope", "Lost consciousness", "symptom", "E_159")
LEG_SWELLING = Ask("leg_swelling", "One leg is swollen", "sign")
ACTIVE_CANCER = Ask("active_cancer", "Active cancer", "history", "E_34", diseases=(d.CANCER,))
RECENT_SURGERY = Ask("recent_surgery", "Surgery within the last month", "history", "E_196")
HYPERTENSION = Ask("hypertension", "Known high blood pressure", "history", "E_104", diseases=(d.HYPERTENSION,))
DIABETES = Ask("diabetes", "Known diabetes", "history", "E_69", diseases=(d.DIABETES,))
D_DIMER = Ask("d_dimer", "D-dimer (ELISA) of 500 ng/mL FEU or more", "test", measured=(c.D_DIMER_FEU, 500))
NECK_STIFFNESS = Ask("neck_stiffness", "Stiff neck on examination", "sign")
REBOUND = Ask("rebound", "Rebound tenderness", "sign")
GUARDING = Ask("guarding", "Guarding", "sign")
RIGIDITY = Ask("rigidity", "Rigid abdomen", "sign")
CRACKLES = Ask("crackles", "Crackles over the lungs", "sign")
