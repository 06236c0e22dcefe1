"""Everything that can be asked for here, in words: the names that doors and policies share.

How to add one: write a line here and name it in a policy (`policies/README.md` shows where). A door whose action stands in no policy
is closed to everybody, and the tests say so.
"""

from typing import Final

ACTIONS: Final[dict[str, str]] = {
    # patients
    "patient.read": "see a patient on lists and boards, and who and where they are",
    "patient.chart": "read a patient's chart: results, notes, drugs, findings and alerts",
    "patient.assign": "say who looks after a patient",
    "alert.act": "answer for a patient's alerts",
    "emergency.open": "open a record outside one's units in an emergency",
    # what patients permit and forbid, and what is sensitive
    "label.read": "see facts of a patient that carry a label of sensitivity",
    "label.write": "say how sensitive a fact or a record is",
    "consent.read": "read what a patient permits and forbids",
    "consent.write": "record and withdraw a patient's consent",
    "visit.read": "read who looked at a patient's record",
    # how long records are kept, and who is forgotten
    "retention.read": "see the rules of retention, requests for erasure, holds and backups",
    "erasure.ask": "look somebody up for erasure, ask for erasures, and take requests back",
    "erasure.approve": "agree to an erasure somebody else has asked for",
    "patient.erase": "ask for a patient to be erased",
    "patient.export": "take along everything that is kept about a patient",
    "record.hold": "put a record on legal hold, and end it",
    # what went wrong, and who looked
    "incident.read": "read what went wrong",
    "incident.conclude": "say what came of an incident",
    "emergency.read": "read who opened a record in an emergency",
    "emergency.review": "judge whether opening a record in an emergency was justified",
    "audit.read": "read the audit trail",
    "compliance.read": "read which controls are met and what shows it",
    "access.explain": "ask why somebody may or may not do something",
    # how well care is done
    "quality.read": "read quality measures, and for records one may open why a stay counts",
    # data that leaves
    "data.deidentify": "try de-identification on a text or table of one's own",
    "fhir.use": "come to the FHIR door, and read resources that are about no patient",
    "fhir.read": "read a patient's resources over FHIR",
    "fhir.write": "write a patient's resources over FHIR, and resources that are about no patient",
    "fhir.export": "take along the resources of many patients at once (bulk export)",
    # images
    "imaging.read": "see a patient's images, and ask for lists of studies",
    "imaging.write": "add images and marks on images to a patient's studies",
    "imaging.draw": "outline lesions on a patient's images, and measure by hand",
    "imaging.reconcile": "see studies that are not certain to be anybody's, and say whose they are",
    # reports on images
    "report.write": "open cases, and write and read drafts of reports on a patient's images",
    "report.sign": "sign a report on a patient's images",
    # how the house is run
    "policy.read": "read and try the alert policy",
    "policy.change": "propose and sign an alert policy",
    "channel.test": "try a notification channel",
    "feed.read": "see the feeds",
    "feed.map": "say what a sender's code means",
    "feed.repair": "repair and replay messages that were put aside",
    "system.read": "see how Wardline itself does, and its capabilities",
    "user.manage": "make, change and close accounts",
    "app.manage": "enter, change and close other people's apps",
    "app.use": "open an app, and let one in with one's own rights",
    "key.read": "see the house's keys and certificates, never their values",
    "origin.read": "see which other sites' pages may ask the API",
    "origin.manage": "let pages of another site ask the API for a while",
    "connection.read": "see what is connected, and how the ways out are doing",
    "key.rotate": "renew a key of the house",
}
