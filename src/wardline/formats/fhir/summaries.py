"""Which elements belong to the summary of a resource: those the definitions of FHIR mark as such (R4B, 4.3.0)."""

from typing import Final

_LISTED: Final[dict[str, str]] = {
    "AllergyIntolerance": "asserter category clinicalStatus code criticality identifier patient type verificationStatus",
    "Appointment": "appointmentType cancelationReason end identifier reasonCode serviceCategory serviceType specialty start status",
    "Basic": "author code created identifier subject",
    "Binary": "contentType securityContext",
    "CarePlan": (
        "addresses author basedOn category created description encounter identifier instantiatesCanonical instantiatesUri intent "
        "partOf period replaces status subject title"
    ),
    "CareTeam": "category encounter identifier managingOrganization name period status subject",
    "Claim": "billablePeriod created insurance insurer patient priority provider status type use",
    "Communication": (
        "basedOn encounter identifier instantiatesCanonical instantiatesUri partOf priority reasonCode reasonReference status "
        "statusReason subject"
    ),
    "Composition": "author category confidentiality custodian date encounter event identifier status subject title type",
    "Condition": (
        "asserter bodySite clinicalStatus code encounter identifier onsetAge onsetDateTime onsetPeriod onsetRange onsetString "
        "recordedDate recorder subject verificationStatus"
    ),
    "Consent": (
        "category dateTime identifier organization patient performer policyRule provision scope sourceAttachment sourceReference "
        "status verification"
    ),
    "Coverage": "beneficiary dependent identifier network order payor period policyHolder status subscriber subscriberId type",
    "DetectedIssue": "author code identifiedDateTime identifiedPeriod identifier implicated patient severity status",
    "Device": "safety status udiCarrier",
    "DiagnosticReport": (
        "category code effectiveDateTime effectivePeriod encounter identifier issued media performer resultsInterpreter status "
        "subject"
    ),
    "DocumentReference": (
        "author category content context date description docStatus identifier masterIdentifier relatesTo securityLabel status "
        "subject type"
    ),
    "Encounter": (
        "appointment class diagnosis episodeOfCare identifier participant reasonCode reasonReference serviceType status subject "
        "type"
    ),
    "Endpoint": "address connectionType identifier managingOrganization name payloadMimeType payloadType period status",
    "EpisodeOfCare": "diagnosis managingOrganization patient period status type",
    "ExplanationOfBenefit": "billablePeriod created insurance insurer outcome patient provider status total type use",
    "FamilyMemberHistory": (
        "ageAge ageRange ageString dataAbsentReason date deceasedAge deceasedBoolean deceasedDate deceasedRange deceasedString "
        "estimatedAge identifier instantiatesCanonical instantiatesUri name patient reasonCode reasonReference relationship sex "
        "status"
    ),
    "Flag": "author category code encounter identifier period status subject",
    "Goal": (
        "achievementStatus category description expressedBy lifecycleStatus priority startCodeableConcept startDate statusDate "
        "subject"
    ),
    "Group": "active actual code identifier managingEntity name quantity type",
    "HealthcareService": "active category comment identifier location name photo providedBy specialty type",
    "ImagingStudy": (
        "basedOn description encounter endpoint identifier interpreter location modality note numberOfInstances numberOfSeries "
        "procedureCode procedureReference reasonCode reasonReference referrer series started status subject"
    ),
    "Immunization": "isSubpotent note occurrenceDateTime occurrenceString patient performer primarySource status vaccineCode",
    "List": "code date mode source status subject title",
    "Location": "description identifier managingOrganization mode name operationalStatus physicalType status type",
    "MeasureReport": "date identifier improvementNotation measure period reporter status subject type",
    "Media": (
        "basedOn bodySite content createdDateTime createdPeriod device deviceName duration encounter frames height identifier "
        "issued modality operator partOf reasonCode status subject type view width"
    ),
    "Medication": "amount code identifier manufacturer status",
    "MedicationAdministration": (
        "effectiveDateTime effectivePeriod instantiates medicationCodeableConcept medicationReference partOf performer status "
        "subject"
    ),
    "MedicationDispense": "medicationCodeableConcept medicationReference status subject whenPrepared",
    "MedicationRequest": (
        "authoredOn basedOn doNotPerform groupIdentifier instantiatesCanonical instantiatesUri intent medicationCodeableConcept "
        "medicationReference performerType priority reportedBoolean reportedReference requester status subject"
    ),
    "MedicationStatement": (
        "basedOn category context dateAsserted effectiveDateTime effectivePeriod identifier medicationCodeableConcept "
        "medicationReference partOf status subject"
    ),
    "NutritionOrder": "dateTime instantiatesCanonical instantiatesUri intent orderer patient status",
    "Observation": (
        "basedOn code component derivedFrom effectiveDateTime effectiveInstant effectivePeriod effectiveTiming encounter focus "
        "hasMember identifier issued partOf performer status subject valueBoolean valueCodeableConcept valueDateTime valueInteger "
        "valuePeriod valueQuantity valueRange valueRatio valueSampledData valueString valueTime"
    ),
    "Organization": "active identifier name partOf type",
    "Patient": "active address birthDate deceasedBoolean deceasedDateTime gender identifier link managingOrganization name telecom",
    "Practitioner": "active address birthDate gender identifier name telecom",
    "PractitionerRole": "active code identifier location organization period practitioner specialty telecom",
    "Procedure": (
        "asserter basedOn bodySite category code encounter identifier instantiatesCanonical instantiatesUri location outcome "
        "partOf performedAge performedDateTime performedPeriod performedRange performedString performer reasonCode "
        "reasonReference recorder status statusReason subject"
    ),
    "Provenance": "recorded target",
    "Questionnaire": (
        "code contact date effectivePeriod experimental identifier jurisdiction name publisher status subjectType title url "
        "useContext version"
    ),
    "QuestionnaireResponse": "author authored basedOn encounter identifier partOf questionnaire source status subject",
    "RelatedPerson": "active address birthDate gender identifier name patient relationship telecom",
    "RiskAssessment": "code condition encounter identifier method occurrenceDateTime occurrencePeriod performer status subject",
    "Schedule": "active actor identifier planningHorizon serviceCategory serviceType specialty",
    "ServiceRequest": (
        "asNeededBoolean asNeededCodeableConcept authoredOn basedOn bodySite category code doNotPerform encounter identifier "
        "instantiatesCanonical instantiatesUri intent locationCode locationReference occurrenceDateTime occurrencePeriod "
        "occurrenceTiming orderDetail patientInstruction performer performerType priority quantityQuantity quantityRange "
        "quantityRatio reasonCode reasonReference replaces requester requisition specimen status subject"
    ),
    "Slot": "appointmentType end identifier schedule serviceCategory serviceType specialty start status",
    "Specimen": "accessionIdentifier condition identifier receivedTime status subject type",
    "Subscription": "channel contact criteria end error reason status",
    "Substance": "category code description identifier ingredient instance status",
    "Task": (
        "basedOn businessStatus code description encounter executionPeriod focus for groupIdentifier instantiatesCanonical "
        "instantiatesUri intent lastModified location owner partOf requester status statusReason"
    ),
    "ValueSet": "contact date experimental identifier immutable jurisdiction name publisher status title url useContext version",
}  # fmt: skip
SUMMARY: Final[dict[str, frozenset[str]]] = {type: frozenset(names.split()) for type, names in _LISTED.items()}
