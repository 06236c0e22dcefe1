"""What resources about people, places, orders of business and answers can be searched by. How to read a line: parameters.py."""

from typing import Final

_SUBJECT: Final = """
identifier token identifier
patient reference subject
subject reference subject
encounter reference encounter
status token status
"""

ADMINISTRATIVE: Final[dict[str, str]] = {
    "Practitioner": """
identifier token identifier
name string name
family string name.family
given string name.given
gender token gender
active token active
address string address
address-city string address.city
address-state string address.state
address-postalcode string address.postalCode
telecom token telecom
phone token telecom:phone
email token telecom:email
communication token communication
""",
    "PractitionerRole": """
identifier token identifier
practitioner reference practitioner
organization reference organization
location reference location
service reference healthcareService
role token code
specialty token specialty
active token active
date date period
telecom token telecom
phone token telecom:phone
email token telecom:email
endpoint reference endpoint
""",
    "RelatedPerson": """
identifier token identifier
patient reference patient
name string name
relationship token relationship
gender token gender
birthdate date birthDate
active token active
address string address
telecom token telecom
phone token telecom:phone
email token telecom:email
""",
    "Organization": """
identifier token identifier
name string name|alias
type token type
active token active
address string address
address-city string address.city
address-state string address.state
address-postalcode string address.postalCode
partof reference partOf
endpoint reference endpoint
""",
    "Location": """
identifier token identifier
name string name|alias
type token type
status token status
operational-status token operationalStatus
address string address
address-city string address.city
address-state string address.state
address-postalcode string address.postalCode
organization reference managingOrganization
partof reference partOf
endpoint reference endpoint
""",
    "Appointment": """
identifier token identifier
patient reference participant.actor:Patient
actor reference participant.actor
practitioner reference participant.actor:Practitioner
location reference participant.actor:Location
status token status
date date start
appointment-type token appointmentType
service-type token serviceType
service-category token serviceCategory
specialty token specialty
reason-code token reasonCode
reason-reference reference reasonReference
part-status token participant.status
slot reference slot
based-on reference basedOn
""",
    "Coverage": """
identifier token identifier
patient reference beneficiary
beneficiary reference beneficiary
status token status
type token type
payor reference payor
policy-holder reference policyHolder
subscriber reference subscriber
dependent string dependent
""",
    "Claim": """
identifier token identifier
patient reference patient
status token status
use token use
priority token priority
created date created
provider reference provider
insurer reference insurer
encounter reference item.encounter
facility reference facility
payee reference payee.party
""",
    "ExplanationOfBenefit": """
identifier token identifier
patient reference patient
status token status
created date created
claim reference claim
provider reference provider
coverage reference insurance.coverage
encounter reference item.encounter
facility reference facility
disposition string disposition
""",
    "Provenance": """
target reference target
patient reference target:Patient
recorded date recorded
when date occurredDateTime
agent reference agent.who
agent-type token agent.type
agent-role token agent.role
entity reference entity.what
location reference location
signature-type token signature.type
""",
    "RiskAssessment": _SUBJECT + """
date date occurrenceDateTime|occurrencePeriod
condition reference condition
performer reference performer
method token method
risk token prediction.qualitativeRisk
probability number prediction.probabilityDecimal
""",
    "DetectedIssue": """
identifier token identifier
patient reference patient
code token code
identified date identified[x]
author reference author
implicated reference implicated
""",
    "Flag": """
identifier token identifier
patient reference subject
subject reference subject
encounter reference encounter
date date period
author reference author
""",
    "FamilyMemberHistory": """
identifier token identifier
patient reference patient
status token status
code token condition.code
date date date
relationship token relationship
sex token sex
""",
    "Task": """
identifier token identifier
patient reference for
subject reference for
status token status
code token code
intent token intent
priority token priority
authored-on date authoredOn
modified date lastModified
period date executionPeriod
encounter reference encounter
focus reference focus
owner reference owner
requester reference requester
performer token performerType
business-status token businessStatus
based-on reference basedOn
part-of reference partOf
group-identifier token groupIdentifier
""",
    "QuestionnaireResponse": _SUBJECT + """
authored date authored
questionnaire uri questionnaire
author reference author
source reference source
based-on reference basedOn
part-of reference partOf
""",
    "Questionnaire": """
identifier token identifier
url uri url
name string name
title string title
status token status
version token version
date date date
code token item.code
publisher string publisher
""",
    "ValueSet": """
identifier token identifier
url uri url
name string name
title string title
status token status
version token version
date date date
code token expansion.contains.code
reference uri compose.include.system
publisher string publisher
""",
    "Composition": _SUBJECT + """
type token type
category token category
title string title
date date date
author reference author
attester reference attester.party
confidentiality token confidentiality
context token event.code
entry reference section.entry
period date event.period
section token section.code
related-id token relatesTo.targetIdentifier
""",
    "Group": """
identifier token identifier
type token type
actual token actual
code token code
characteristic token characteristic.code
exclude token characteristic.exclude
value token characteristic.valueCodeableConcept|characteristic.valueBoolean
member reference member.entity
managing-entity reference managingEntity
""",
    "List": """
identifier token identifier
patient reference subject
subject reference subject
encounter reference encounter
status token status
code token code
title string title
date date date
source reference source
item reference entry.item
empty-reason token emptyReason
""",
    "Communication": _SUBJECT + """
category token category
medium token medium
sent date sent
received date received
sender reference sender
recipient reference recipient
based-on reference basedOn
part-of reference partOf
""",
    "Consent": """
identifier token identifier
patient reference patient
status token status
scope token scope
category token category
date date dateTime
organization reference organization
consentor reference performer
action token provision.action
actor reference provision.actor.reference
purpose token provision.purpose
period date provision.period
security-label token provision.securityLabel
""",
    "MeasureReport": """
identifier token identifier
patient reference subject
subject reference subject
measure uri measure
status token status
date date date
period date period
reporter reference reporter
evaluated-resource reference evaluatedResource
""",
    "Subscription": """
status token status
criteria string criteria
type token channel.type
url uri channel.endpoint
payload token channel.payload
contact token contact
""",
}  # fmt: skip
