"""What nurses assess: smoking, and the six Braden items as they are charted, by their numbers only (the item texts are licensed)."""

from wardline.core.concepts.concept import Concept

_G = "nursing"

SMOKING = Concept(
    "smoking", "Smoking", loinc=("72166-2",), aliases=("smoking", "smoking status", "tobacco"),
    # SNOMED CT codes of US Core's smoking status value set.
    codes=(
        ("current", "current"), ("449868002", "current"), ("428041000124106", "current"), ("77176002", "current"), ("428071000124103", "current"),
        ("428061000124105", "current"), ("former", "former"), ("8517006", "former"), ("never", "never"), ("266919005", "never"),
    ),
    group=_G,
)  # fmt: skip
BRADEN_SENSORY = Concept("braden_sensory", "Braden, sensory perception", "{score}", (1, 4), ("38222-6",), group=_G)
BRADEN_MOISTURE = Concept("braden_moisture", "Braden, moisture", "{score}", (1, 4), ("38229-1",), group=_G)
BRADEN_ACTIVITY = Concept("braden_activity", "Braden, activity", "{score}", (1, 4), ("38223-4",), group=_G)
BRADEN_MOBILITY = Concept("braden_mobility", "Braden, mobility", "{score}", (1, 4), ("38224-2",), group=_G)
BRADEN_NUTRITION = Concept("braden_nutrition", "Braden, nutrition", "{score}", (1, 4), ("38225-9",), group=_G)
BRADEN_FRICTION = Concept("braden_friction", "Braden, friction and shear", "{score}", (1, 3), ("38226-7",), group=_G)

NURSING = (SMOKING, BRADEN_SENSORY, BRADEN_MOISTURE, BRADEN_ACTIVITY, BRADEN_MOBILITY, BRADEN_NUTRITION, BRADEN_FRICTION)
