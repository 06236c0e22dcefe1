"""Red flags: findings after which nobody should wait for a probability. They are rules, looked at first, and nothing talks them down.

Only what is present can raise a flag; no answer, no likelihood and no other finding takes one away, and a worse vital sign never
lowers one. Provisional: recalled from the sources named beside each, which were not read again, except the vital signs (RCP 2017).
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Final, NamedTuple

NEWS2: Final = "Royal College of Physicians, NEWS2, 2017: 3 points in one parameter"
_PERRY: Final = "Perry JJ et al. JAMA 2013;310:1248-55 (Ottawa rule)"
_SNNOOP: Final = "Do TP et al. Neurology 2019;92:134-44 (SNNOOP10)"
_FAST: Final = "Goldstein LB, Simel DL. JAMA 2005;293:2391-402"
_DISSECTION: Final = "Klompas M. JAMA 2002;287:2262-72"
_GENERAL: Final = "General emergency teaching; no single source was read"
STROKE_CALL: Final = "Call the stroke team now and note when the patient was last well"
SENIOR: Final = "Call a senior doctor to the patient now"
GYNAECOLOGIST: Final = "Pregnancy test and a gynaecologist now"
MENINGOCOCCAL: Final = "Treat as meningococcal disease; call a senior doctor now"
AIRWAY: Final = "Call for airway help now; do not examine the throat"


class RedFlag(NamedTuple):
    """Raised where every one of its findings is there. `presentations` is empty where it always counts."""

    id: str
    name: str
    findings: frozenset[str]
    action: str
    source: str
    presentations: frozenset[str] = frozenset()


FINDINGS: Final[dict[str, str]] = {
    "facial_droop": "One side of the face droops, newly",
    "arm_weakness": "An arm or leg is weak, newly",
    "speech_disturbance": "Speech is disturbed, newly",
    "tongue_swelling": "Tongue or lips are swelling",
    "breathing_trouble": "Breathing is difficult",
    "stridor": "Noisy breathing in (stridor)",
    "drooling": "Cannot swallow saliva",
    "cannot_open_mouth": "Cannot open the mouth fully",
    "vomiting_blood": "Vomits blood",
    "black_stool": "Black, tarry stool",
    "suicidal": "Thinks of suicide",
    "seizure": "Had a seizure",
    "syncope": "Lost consciousness",
    "sudden_breathlessness": "Breathlessness that began suddenly",
    "abrupt_onset": "Pain began abruptly",
    "pain_to_back": "Pain goes through to the back, or tears",
    "pulse_deficit": "A pulse is missing, or differs between the sides",
    "coughing_blood": "Coughing up blood",
    "thunderclap": "Headache was at its worst within a minute",
    "neck_stiffness": "Stiff neck",
    "fever": "Temperature of 37.8 °C or more",
    "sight_loss": "Loss of sight, newly",
    "rash_not_fading": "A rash that does not fade when pressed",
    "immunosuppressed": "Immunosuppressed",
    "rigidity": "Rigid abdomen",
    "may_be_pregnant": "Is or may be pregnant",
    "vaginal_bleeding": "Vaginal bleeding",
    "pulsating_mass": "Pulsating mass in the abdomen",
    "flank_tenderness": "Tender over the kidney",
    "rigors": "Shaking chills",
    "leg_cold": "The leg is cold or pale",
    "prosthetic_joint": "The joint is a prosthesis",
}
"""What red flags ask for, in words."""


def _flag(id: str, name: str, findings: tuple[str, ...], action: str, source: str, *presentations: str) -> RedFlag:
    return RedFlag(id, name, frozenset(findings), action, source, frozenset(presentations))


RED_FLAGS: Final = (
    _flag("stroke_face", "Possible stroke: the face droops", ("facial_droop",), STROKE_CALL, _FAST),
    _flag("stroke_limb", "Possible stroke: a limb is weak", ("arm_weakness",), STROKE_CALL, _FAST),
    _flag("stroke_speech", "Possible stroke: speech is disturbed", ("speech_disturbance",), STROKE_CALL, _FAST),
    _flag("airway_swelling", "Swelling of the airway", ("tongue_swelling", "breathing_trouble"), AIRWAY, _GENERAL),
    _flag("stridor", "Upper airway obstruction: stridor", ("stridor",), AIRWAY, _GENERAL),
    _flag("drooling", "Upper airway obstruction: cannot swallow saliva", ("drooling",), AIRWAY, _GENERAL, "sore_throat"),
    _flag("trismus", "Deep neck infection: cannot open the mouth", ("cannot_open_mouth",), SENIOR, _GENERAL, "sore_throat"),
    _flag("haematemesis", "Bleeding from the upper gut", ("vomiting_blood",), SENIOR, _GENERAL),
    _flag("melaena", "Bleeding from the gut: black stool", ("black_stool",), SENIOR, _GENERAL),
    _flag("suicidal", "Thoughts of suicide", ("suicidal",), "Do not leave the patient alone; ask for a mental health assessment now", _GENERAL),
    _flag("seizure", "Seizure", ("seizure",), SENIOR, _GENERAL),
    _flag("purpura", "Fever with a rash that does not fade", ("fever", "rash_not_fading"), MENINGOCOCCAL, _GENERAL),
    _flag("pain_and_syncope", "Loss of consciousness with pain or breathlessness", ("syncope",), SENIOR, _GENERAL,
          "chest_pain", "breathlessness", "abdominal_pain", "headache"),
    _flag("dissection_onset", "Possible aortic dissection: abrupt pain through to the back", ("abrupt_onset", "pain_to_back"), SENIOR, _DISSECTION,
          "chest_pain", "abdominal_pain"),
    _flag("dissection_pulse", "Possible aortic dissection: pulse deficit", ("pulse_deficit",), SENIOR, _DISSECTION, "chest_pain", "abdominal_pain"),
    _flag("embolism_from_leg", "Possible pulmonary embolism", ("sudden_breathlessness",), SENIOR, _GENERAL, "swollen_leg"),
    _flag("haemoptysis", "Coughing up blood", ("coughing_blood",), SENIOR, _GENERAL, "chest_pain", "breathlessness"),
    _flag("thunderclap", "Possible subarachnoid haemorrhage: thunderclap headache", ("thunderclap",), SENIOR, _PERRY, "headache"),
    _flag("headache_neck", "Headache with a stiff neck", ("neck_stiffness",), SENIOR, _PERRY, "headache"),
    _flag("headache_fever", "Headache with fever", ("fever",), SENIOR, _SNNOOP, "headache"),
    _flag("headache_sight", "Headache with loss of sight", ("sight_loss",), SENIOR, _SNNOOP, "headache"),
    _flag("headache_immune", "Headache of an immunosuppressed patient", ("immunosuppressed",), SENIOR, _SNNOOP, "headache"),
    _flag("peritonitis", "Possible peritonitis: rigid abdomen", ("rigidity",), SENIOR, _GENERAL, "abdominal_pain"),
    _flag("aneurysm", "Possible ruptured aneurysm", ("pulsating_mass",), SENIOR, _GENERAL, "abdominal_pain"),
    _flag("ectopic", "Possible ectopic pregnancy", ("may_be_pregnant",), GYNAECOLOGIST, _GENERAL, "abdominal_pain"),
    _flag("ectopic_bleeding", "Abdominal pain with vaginal bleeding", ("vaginal_bleeding",), GYNAECOLOGIST, _GENERAL, "abdominal_pain"),
    _flag("pyelonephritis", "Urinary symptoms with shaking chills", ("rigors",), SENIOR, _GENERAL, "urinary_symptoms"),
    _flag("urinary_fever", "Urinary symptoms with fever and a tender flank", ("fever", "flank_tenderness"), SENIOR, _GENERAL, "urinary_symptoms"),
    _flag("cold_leg", "Possible arterial occlusion", ("leg_cold",), SENIOR, _GENERAL, "swollen_leg"),
    _flag("joint_fever", "Possible septic arthritis: hot joint with fever", ("fever",), SENIOR, _GENERAL, "hot_joint"),
    _flag("joint_prosthesis", "Possible infection of a prosthesis", ("prosthetic_joint",), SENIOR, _GENERAL, "hot_joint"),
)  # fmt: skip


class Limit(NamedTuple):
    """A vital sign and the values that cost 3 points: at most `low`, at least `high`."""

    words: str
    unit: str
    low: float | None = None
    high: float | None = None


LIMITS: Final[dict[str, Limit]] = {
    # RCP 2017, chart 1.
    "respiratory_rate": Limit("Respiratory rate", "/min", 8, 25),
    "oxygen_saturation": Limit("Oxygen saturation", "%", 91),
    "systolic_pressure": Limit("Systolic pressure", "mmHg", 90, 220),
    "pulse": Limit("Pulse", "/min", 40, 131),
    "temperature": Limit("Temperature", "°C", 35.0),
}  # fmt: skip


class Raised(NamedTuple):
    """A flag that is up, and what raised it."""

    id: str
    name: str
    action: str
    because: tuple[str, ...]
    source: str


def raised(presentation: str, present: Collection[str], vitals: Mapping[str, float | None], *, is_alert: bool | None = None) -> tuple[Raised, ...]:
    """Every flag that these findings and vital signs raise, in the order of the table, vital signs first."""
    there = set(present)
    flags = (
        Raised(flag.id, flag.name, flag.action, tuple(sorted(flag.findings)), flag.source)
        for flag in RED_FLAGS
        if flag.findings <= there and (not flag.presentations or presentation in flag.presentations)
    )
    return (*_vital(vitals, is_alert), *flags)


def _vital(vitals: Mapping[str, float | None], is_alert: bool | None) -> Iterator[Raised]:
    if is_alert is False:
        yield Raised("not_alert", "Not alert", SENIOR, ("consciousness",), NEWS2)
    for id, limit in LIMITS.items():
        value = vitals.get(id)
        if value is None:
            continue
        if (limit.low is not None and value <= limit.low) or (limit.high is not None and value >= limit.high):
            yield Raised(id, f"{limit.words} {value:g} {limit.unit}", SENIOR, (id,), NEWS2)


def asked_about(presentation: str) -> tuple[str, ...]:
    """The findings that can raise a flag here, in the order of the table."""
    concerned = (flag for flag in RED_FLAGS if not flag.presentations or presentation in flag.presentations)
    return tuple(dict.fromkeys(finding for flag in concerned for finding in sorted(flag.findings)))
