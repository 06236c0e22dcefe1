"""What becomes of each attribute: the actions of PS3.15 Table E.1-1, and the rule for all that no table names.

Written as our own table of attribute keywords (the facts are those of PS3.15 2024b, Table E.1-1, compared attribute by attribute with
an independent implementation of it). Annex E is a list of what must go; here what is on no list goes as well, unless its value
representation can hold neither words nor dates. So an attribute the standard adds tomorrow is removed today.
"""

from enum import Enum
from functools import cache
from typing import Final

from pydicom.datadict import tag_for_keyword
from pydicom.tag import BaseTag

from wardline.formats.dicom.deidentification.options import Option


class Action(Enum):
    """The codes of PS3.15 Table E.1-1a. Where the table leaves a choice by the type of the attribute (X/Z, X/D ...) the value that keeps
    every object valid is taken: zero length or dummy."""

    REMOVE = "X"
    EMPTY = "Z"
    DUMMY = "D"
    KEEP = "K"
    CLEAN = "C"
    UID = "U"
    PERSON = "name"
    CODE = "number"
    MOMENT = "moment"
    RECURSE = "sequence"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PERSONS: Final = "PatientName"
_CODES: Final = "PatientID AccessionNumber StudyID"
"""Zero length in the table (patient ID: Z/D); a profile that keeps links gives them stand-ins."""
_EMPTY: Final = """
ReferringPhysicianName ConsultingPhysicianName ROIInterpreter VerifyingObserverIdentificationCodeSequence PatientSex ContrastBolusAgent StudyDate
StudyTime ContentDate ContentTime PatientBirthDate AcquisitionDate AcquisitionTime SeriesDate SeriesTime AcquisitionDateTime
FillerOrderNumberImagingServiceRequest PlacerOrderNumberImagingServiceRequest ClinicalTrialProtocolName ClinicalTrialSiteID ClinicalTrialSiteName
ClinicalTrialTimePointID ClinicalTrialCoordinatingCenterName ReviewDate ReviewTime StructureSetDate StructureSetTime CalibrationDateTime
ParticipationDateTime IssuerOfTheContainerIdentifierSequence IssuerOfTheSpecimenIdentifierSequence SpecimenPreparationSequence ROIName
PrescriptionNotesSequence RequestedProcedureDescription ReferencedStudySequence PatientSexNeutered ReasonForSuperseding SourceOfPreviousValues
ReferencedPerformedProcedureStepSequence OperatorsName
"""
_DUMMY: Final = """
ClinicalTrialSubjectID ClinicalTrialSubjectReadingID ClinicalTrialSponsorName ClinicalTrialProtocolID ClinicalTrialProtocolEthicsCommitteeName
ContainerIdentifier SpecimenIdentifier PersonName VerifyingObserverName VerifyingOrganization ContentCreatorName StructureSetLabel RTPlanLabel
DeviceLabel EntityLabel EntityLongLabel UserContentLabel UserContentLongLabel InterlockDescription InterlockOriginDescription
TreatmentToleranceViolationDescription RTPrescriptionLabel RTToleranceSetLabel RadiationDoseIdentificationLabel
RadiationDoseInVivoMeasurementLabel RadiationGenerationModeLabel TreatmentPositionGroupLabel AcquisitionFieldOfViewLabel AnnotationGroupLabel
ModifyingSystem XRayDetectorID XRaySourceID
"""
_REMOVED: Final = """
ActualHumanPerformersSequence AdmittingDiagnosesCodeSequence AuthorObserverSequence CertifiedTimestamp ConsultingPhysicianIdentificationSequence
ContentCreatorIdentificationCodeSequence CustodialOrganizationSequence DataSetTrailingPadding DeviceSettingDescription DigitalSignaturesSequence
IconImageSequence InstanceOriginStatus InstitutionCodeSequence InstitutionalDepartmentTypeCodeSequence
IntendedRecipientsOfResultsIdentificationSequence InterpretationApproverSequence IssuerOfAdmissionIDSequence IssuerOfServiceEpisodeIDSequence
LensSpecification MAC MACParametersSequence MakerNote ModifiedAttributesSequence ModifyingDeviceID NonconformingDataElementValue
NonconformingModifiedAttributesSequence OperatorIdentificationSequence OriginalAttributesSequence OtherClinicalTrialProtocolIDsSequence
OtherPatientIDsSequence ParticipantSequence PatientInsurancePlanCodeSequence PatientPrimaryLanguageCodeSequence
PatientPrimaryLanguageModifierCodeSequence PatientSize PatientWeight PerformedStationGeographicLocationCodeSequence
PerformedStationNameCodeSequence PerformingPhysicianIdentificationSequence PersonIdentificationCodeSequence
PhysiciansReadingStudyIdentificationSequence PhysiciansOfRecordIdentificationSequence PregnancyStatus ROICreatorSequence ROIInterpreterSequence
ReasonForRequestedProcedureCodeSequence ReasonForVisitCodeSequence ReasonForTheAttributeModification ReferencedDigitalSignatureSequence
ReferencedPatientAliasSequence ReferencedPatientPhotoSequence ReferencedPatientSequence ReferencedSOPInstanceMACSequence
ReferringPhysicianIdentificationSequence RequestAttributesSequence ResultsDistributionListSequence ScheduledHumanPerformersSequence
ScheduledPerformingPhysicianIdentificationSequence ScheduledStationGeographicLocationCodeSequence ScheduledStationNameCodeSequence SmokingStatus
TransducerIdentificationSequence UDISequence VerbalSourceIdentifierCodeSequenceTrial EncryptedAttributesSequence VerifyingObserverSequence
PatientReligiousPreference EthnicGroupCodeSequence PatientSpeciesCodeSequence PatientBreedCodeSequence BreedRegistrationSequence
StrainStockSequence ResponsiblePersonRole FlowIdentifier FlowIdentifierSequence FrameOriginTimestamp SourceIdentifier EncapsulatedDocument
GPSAltitude GPSAltitudeRef GPSAreaInformation GPSDOP GPSDestBearing GPSDestBearingRef GPSDestDistance GPSDestDistanceRef GPSDestLatitude
GPSDestLatitudeRef GPSDestLongitude GPSDestLongitudeRef GPSDifferential GPSImgDirection GPSImgDirectionRef GPSLatitude GPSLatitudeRef GPSLongitude
GPSLongitudeRef GPSMeasureMode GPSProcessingMethod GPSSpeed GPSSpeedRef GPSStatus GPSTrack GPSTrackRef GPSVersionID SelectorOBValue
SelectorUNValue CertificateOfSigner CertificateType AcquisitionContextSequence GraphicAnnotationSequence ContentSequence
WaveformAnnotationSequence PatientAlternativeCalendar PatientBirthDateInAlternativeCalendar PatientDeathDateInAlternativeCalendar
"""
"""Those whose value representation alone would let them stay: sequences, codes, numbers and bytes."""
_PLAIN_WORDS: Final = """
Manufacturer ManufacturerModelName SoftwareVersions CodeValue LongCodeValue CodingSchemeDesignator CodingSchemeVersion ConvolutionKernel
SequenceName PulseSequenceName ReceiveCoilName TransmitCoilName FilterType RescaleType ModalityLUTType LUTExplanation EnergyWindowName
WindowCenterWidthExplanation DoseCalibrationFactor FrameType LossyImageCompressionMethod ContextIdentifier MappingResource ImageTypeText
SegmentAlgorithmName SegmentationAlgorithmName MaterialGrade AnatomicRegionName ReconstructionMethod AttenuationCorrectionMethod
ScatterCorrectionMethod RandomsCorrectionMethod
"""
"""Words no table of Annex E names and without which a picture cannot be read; looked through for what is known of the patient."""
_CLEANED_WORDS: Final = "CodeMeaning SegmentLabel SegmentDescription Radiopharmaceutical ImplementationVersionName"
_BINARY: Final = _words(
    "PixelData FloatPixelData DoubleFloatPixelData RedPaletteColorLookupTableData GreenPaletteColorLookupTableData BluePaletteColorLookupTableData"
    " LUTData SegmentedRedPaletteColorLookupTableData SegmentedGreenPaletteColorLookupTableData SegmentedBluePaletteColorLookupTableData"
    " VectorGridData WaveformData PointCoordinatesData SurfacePointsData LongPrimitivePointIndexList DoublePointCoordinatesData"
)
_NUMBERS: Final = _words("DS IS US SS UL SL UV SV FL FD AT CS")
_BYTES: Final = _words("OB OW OF OD OL OV") | {"OB or OW"}

_BY_OPTION: Final[dict[Option, tuple[tuple[Action, str], ...]]] = {
    Option.RETAIN_PATIENT_CHARACTERISTICS: (
        (Action.KEEP, "PatientSex PatientAge PatientSize PatientWeight EthnicGroup SmokingStatus PregnancyStatus PatientSexNeutered"),
        (Action.CLEAN, "Allergies PatientState PreMedication SpecialNeeds"),
    ),
    Option.RETAIN_DEVICE_IDENTITY: (
        (Action.KEEP, (
            "StationName DeviceSerialNumber DetectorID GantryID CassetteID GeneratorID PlateID DeviceID TreatmentMachineName SourceSerialNumber "
            "PerformedStationName PerformedStationAETitle ScheduledStationName ScheduledStationAETitle TransducerIdentificationSequence UDISequence "
            "DeviceDescription"
        )),
    ),
    Option.RETAIN_INSTITUTION_IDENTITY: (
        (Action.KEEP, (
            "InstitutionName InstitutionAddress InstitutionalDepartmentName InstitutionCodeSequence"
            " InstitutionalDepartmentTypeCodeSequence"
        )),
    ),
    Option.CLEAN_DESCRIPTORS: (
        (Action.CLEAN, (
            "StudyDescription SeriesDescription ProtocolName ImageComments PatientComments AdditionalPatientHistory AdmittingDiagnosesDescription "
            "DerivationDescription RequestedProcedureDescription PerformedProcedureStepDescription ScheduledProcedureStepDescription ReasonForStudy "
            "ReasonForTheRequestedProcedure StudyComments MedicalAlerts Occupation ContrastBolusAgent AcquisitionComments "
            "AcquisitionDeviceProcessingDescription AcquisitionProtocolDescription CommentsOnThePerformedProcedureStep FrameComments "
            "RequestedProcedureComments ROIName ROIDescription ImagingServiceRequestComments ReasonForVisit InterventionDescription VisitComments "
            "StructureSetLabel RTPlanLabel RTPlanDescription StructureSetDescription ContentLabel ContentDescription"
        )),
        (Action.RECURSE, "AdmittingDiagnosesCodeSequence ReasonForRequestedProcedureCodeSequence ReasonForVisitCodeSequence"),
    ),
    Option.CLEAN_STRUCTURED_CONTENT: (
        (Action.RECURSE, "ContentSequence AcquisitionContextSequence SpecimenPreparationSequence"),
        (Action.CLEAN, "TextValue"),
    ),
    Option.CLEAN_GRAPHICS: ((Action.RECURSE, "GraphicAnnotationSequence"), (Action.REMOVE, "TextObjectSequence")),
}  # fmt: skip
"""From the option columns of Table E.1-1. Provisional where only remembered; an attribute missing here is removed as in the basic profile."""


@cache
def table(options: frozenset[Option]) -> dict[BaseTag, Action]:
    """What is said of single attributes; later lines win."""
    said: dict[BaseTag, Action] = {}
    basic = (
        (Action.REMOVE, _REMOVED), (Action.EMPTY, _EMPTY), (Action.DUMMY, _DUMMY), (Action.PERSON, _PERSONS), (Action.CODE, _CODES),
        (Action.KEEP, _PLAIN_WORDS), (Action.CLEAN, _CLEANED_WORDS),
    )  # fmt: skip
    chosen = (lines for option, lines in _BY_OPTION.items() if option in options)
    for action, keywords in (line for lines in (basic, *chosen) for line in lines):
        for keyword in keywords.split():
            tag = tag_for_keyword(keyword)
            if tag is not None:
                said[BaseTag(tag)] = action
    return said


def by_representation(keyword: str, vr: str, dates_stay: bool) -> Action:
    """For what no line names."""
    if vr == "UI":
        return Action.UID
    if vr == "SQ":
        return Action.RECURSE
    if vr in ("DA", "DT", "TM"):
        return Action.MOMENT if dates_stay else Action.REMOVE
    if vr in _NUMBERS or (vr in _BYTES and keyword in _BINARY):
        return Action.KEEP
    return Action.REMOVE
