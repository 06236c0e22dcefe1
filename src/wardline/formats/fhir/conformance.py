"""CapabilityStatement: what this server does, from the same tables that make it do it."""

from typing import Any, Final

from wardline.formats.fhir.search.parameters import COMMON_TYPES, known_types, parameters_of

INTERACTIONS: Final = ("read", "vread", "update", "patch", "delete", "history-instance", "history-type", "create", "search-type")
SYSTEM: Final = ("transaction", "batch", "history-system")
OPERATIONS: Final = {
    "Patient": (("everything", "http://hl7.org/fhir/OperationDefinition/Patient-everything"),),
    "Observation": (("lastn", "http://hl7.org/fhir/OperationDefinition/Observation-lastn"),),
    "Group": (("export", "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/group-export"),),
}
PATIENTS_EXPORT: Final = ("export", "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/patient-export")
VALIDATE: Final = ("validate", "http://hl7.org/fhir/OperationDefinition/Resource-validate")
EXPORT: Final = ("export", "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export")
_TYPES: Final = {"quantity": "quantity", "number": "number", "uri": "uri"}


def statement(*, base: str, version: str, at: str, hospital: str) -> dict[str, Any]:
    """`at`: since when it is so."""
    return {
        "resourceType": "CapabilityStatement", "status": "active", "date": at, "kind": "instance", "fhirVersion": "4.0.1",
        "publisher": hospital or "Wardline",
        "software": {"name": "Wardline", "version": version}, "implementation": {"description": "FHIR R4 door of Wardline", "url": base},
        "format": ["application/fhir+json", "json"], "patchFormat": ["application/json-patch+json"],
        "rest": [{
            "mode": "server", "security": _security(base.removesuffix("/fhir")),
            "resource": [_resource(type) for type in sorted({*known_types(), *COMMON_TYPES})],
            "interaction": [{"code": code} for code in SYSTEM], "operation": [_operation(*EXPORT)],
        }],
    }  # fmt: skip


def _security(house: str) -> dict[str, Any]:
    addresses = (("authorize", "oauth/authorize"), ("token", "oauth/token"), ("introspect", "oauth/introspect"), ("revoke", "oauth/revoke"))
    return {
        "cors": True,
        "service": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/restful-security-service", "code": "SMART-on-FHIR"}]}],
        "extension": [{
            "url": "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
            "extension": [{"url": name, "valueUri": f"{house}/{path}"} for name, path in addresses],
        }],
    }  # fmt: skip


def _resource(type: str) -> dict[str, Any]:
    links = [name for name, parameter in parameters_of(type).items() if parameter.kind == "reference"]
    operations = [*OPERATIONS.get(type, ()), VALIDATE, *((PATIENTS_EXPORT,) if type == "Patient" else ())]
    codes = [code for code in INTERACTIONS if type != "Patient" or code != "delete"]
    said: dict[str, Any] = {
        "type": type, "interaction": [{"code": code} for code in codes], "versioning": "versioned-update", "readHistory": True,
        "updateCreate": True, "conditionalCreate": True, "conditionalRead": "not-match", "conditionalUpdate": True,
        "conditionalDelete": "not-supported" if type == "Patient" else "single", "referencePolicy": ["literal", "logical", "local"],
        "searchInclude": [f"{type}:{name}" for name in links],
        "searchRevInclude": [
            f"{other}:{name}" for other in known_types() for name, each in parameters_of(other).items()
            if each.kind == "reference" and name == type.lower()
        ],
        "searchParam": [{"name": name, "type": _TYPES.get(each.kind, each.kind)} for name, each in sorted(parameters_of(type).items())],
        "operation": [_operation(*each) for each in operations],
    }  # fmt: skip
    return {name: value for name, value in said.items() if value != []}


def _operation(name: str, definition: str) -> dict[str, str]:
    return {"name": name, "definition": definition}
