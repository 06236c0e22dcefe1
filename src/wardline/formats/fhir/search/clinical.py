"""What clinical resources can be searched by. How to read a line: parameters.py."""

from typing import Final

_SUBJECT: Final = """
identifier token identifier
patient reference subject
subject reference subject
encounter reference encounter
status token status
"""

CLINICAL: Final[dict[str, str]] = {
    "Patient": """
identifier token identifier
name string name
family string name.family
given string name.given
gender token gender
birthdate date birthDate
death-date date deceasedDateTime
deceased token deceasedBoolean
active token active
address string address
address-city string address.city
address-state string address.state
address-postalcode string address.postalCode
address-country string address.country
telecom token telecom
phone token telecom:phone
email token telecom:email
language token communication.language
general-practitioner reference generalPractitioner
organization reference managingOrganization
link reference link.other
""",
    "Observation": _SUBJECT + """
code token code
category token category
date date effective[x]
value-quantity quantity valueQuantity
value-concept token valueCodeableConcept
value-string string valueString|valueCodeableConcept.text
value-date date valueDateTime|valuePeriod
combo-code token code|component.code
combo-value-quantity quantity valueQuantity|component.valueQuantity
combo-value-concept token valueCodeableConcept|component.valueCodeableConcept
component-code token component.code
component-value-quantity quantity component.valueQuantity
component-value-concept token component.valueCodeableConcept
data-absent-reason token dataAbsentReason
performer reference performer
specimen reference specimen
device reference device
method token method
focus reference focus
based-on reference basedOn
derived-from reference derivedFrom
has-member reference hasMember
part-of reference partOf
""",
    "Condition": _SUBJECT.replace("status token status\n", "") + """
code token code
category token category
clinical-status token clinicalStatus
verification-status token verificationStatus
severity token severity
body-site token bodySite
onset-date date onsetDateTime|onsetPeriod
abatement-date date abatementDateTime|abatementPeriod
recorded-date date recordedDate
asserter reference asserter
evidence token evidence.code
evidence-detail reference evidence.detail
stage token stage.summary
""",
    "Encounter": _SUBJECT.replace("encounter reference encounter\n", "") + """
class token class
type token type
date date period
location reference location.location
location-period date location.period
participant reference participant.individual
practitioner reference participant.individual
participant-type token participant.type
reason-code token reasonCode
reason-reference reference reasonReference
diagnosis reference diagnosis.condition
service-provider reference serviceProvider
part-of reference partOf
episode-of-care reference episodeOfCare
appointment reference appointment
based-on reference basedOn
account reference account
special-arrangement token hospitalization.specialArrangement
length quantity length
""",
    "AllergyIntolerance": """
identifier token identifier
patient reference patient
code token code|reaction.substance
category token category
clinical-status token clinicalStatus
verification-status token verificationStatus
criticality token criticality
type token type
date date recordedDate
last-date date lastOccurrence
onset date reaction.onset
manifestation token reaction.manifestation
severity token reaction.severity
recorder reference recorder
asserter reference asserter
""",
    "MedicationRequest": _SUBJECT + """
code token medicationCodeableConcept
medication reference medicationReference
authoredon date authoredOn
date date dosageInstruction.timing.event
intent token intent
category token category
priority token priority
requester reference requester
intended-performer reference performer
intended-performertype token performerType
intended-dispenser reference dispenseRequest.performer
""",
    "MedicationStatement": _SUBJECT.replace("encounter reference encounter", "context reference context") + """
code token medicationCodeableConcept
medication reference medicationReference
effective date effective[x]
category token category
part-of reference partOf
source reference informationSource
""",
    "MedicationAdministration": _SUBJECT.replace("encounter reference encounter", "context reference context") + """
code token medicationCodeableConcept
medication reference medicationReference
effective-time date effective[x]
performer reference performer.actor
request reference request
reason-given token reasonCode
reason-not-given token statusReason
device reference device
""",
    "MedicationDispense": _SUBJECT.replace("encounter reference encounter", "context reference context") + """
code token medicationCodeableConcept
medication reference medicationReference
whenprepared date whenPrepared
whenhandedover date whenHandedOver
prescription reference authorizingPrescription
performer reference performer.actor
receiver reference receiver
type token type
""",
    "Medication": """
identifier token identifier
code token code
status token status
form token form
ingredient reference ingredient.itemReference
ingredient-code token ingredient.itemCodeableConcept
manufacturer reference manufacturer
lot-number token batch.lotNumber
""",
    "Procedure": _SUBJECT + """
code token code
category token category
date date performed[x]
performer reference performer.actor
location reference location
based-on reference basedOn
part-of reference partOf
reason-code token reasonCode
reason-reference reference reasonReference
""",
    "Immunization": """
identifier token identifier
patient reference patient
status token status
vaccine-code token vaccineCode
date date occurrence[x]
location reference location
lot-number string lotNumber
manufacturer reference manufacturer
performer reference performer.actor
reaction reference reaction.detail
reaction-date date reaction.date
reason-code token reasonCode
status-reason token statusReason
target-disease token protocolApplied.targetDisease
""",
    "DiagnosticReport": _SUBJECT + """
code token code
category token category
date date effective[x]
issued date issued
result reference result
performer reference performer
results-interpreter reference resultsInterpreter
specimen reference specimen
conclusion token conclusionCode
based-on reference basedOn
media reference media.link
""",
    "DocumentReference": _SUBJECT.replace("encounter reference encounter", "encounter reference context.encounter") + """
type token type
category token category
date date date
author reference author
custodian reference custodian
authenticator reference authenticator
contenttype token content.attachment.contentType
language token content.attachment.language
location uri content.attachment.url
description string description
facility token context.facilityType
setting token context.practiceSetting
event token context.event
format token content.format
period date context.period
related reference context.related
relatesto reference relatesTo.target
relation token relatesTo.code
security-label token securityLabel
""",
    "ServiceRequest": _SUBJECT + """
code token code
category token category
intent token intent
priority token priority
authored date authoredOn
occurrence date occurrence[x]
requester reference requester
performer reference performer
performer-type token performerType
specimen reference specimen
body-site token bodySite
based-on reference basedOn
replaces reference replaces
requisition token requisition
""",
    "CarePlan": _SUBJECT + """
category token category
intent token intent
date date period
care-team reference careTeam
condition reference addresses
goal reference goal
based-on reference basedOn
part-of reference partOf
replaces reference replaces
activity-code token activity.detail.code
activity-date date activity.detail.scheduledPeriod|activity.detail.scheduledTiming
activity-reference reference activity.reference
performer reference activity.detail.performer
""",
    "CareTeam": _SUBJECT + """
category token category
date date period
participant reference participant.member
""",
    "Goal": """
identifier token identifier
patient reference subject
subject reference subject
lifecycle-status token lifecycleStatus
achievement-status token achievementStatus
category token category
start-date date startDate
target-date date target.dueDate
""",
    "Device": """
identifier token identifier
patient reference patient
type token type
status token status
device-name string deviceName.name|type.text
manufacturer string manufacturer
model string modelNumber
location reference location
organization reference owner
udi-carrier string udiCarrier.carrierHRF
udi-di string udiCarrier.deviceIdentifier
""",
    "Specimen": """
identifier token identifier
accession token accessionIdentifier
patient reference subject
subject reference subject
status token status
type token type
collected date collection.collected[x]
collector reference collection.collector
bodysite token collection.bodySite
container token container.type
parent reference parent
""",
    "ImagingStudy": _SUBJECT + """
started date started
modality token series.modality|modality
bodysite token series.bodySite
series token series.uid
instance token series.instance.uid
dicom-class token series.instance.sopClass
endpoint reference endpoint|series.endpoint
interpreter reference interpreter
performer reference series.performer.actor
reason token reasonCode
referrer reference referrer
basedon reference basedOn
""",
}  # fmt: skip
