"""Reading CDC's supporting data (CDSi, as JSON) into a `Schedule`."""

from collections.abc import Iterable, Mapping
from typing import Any

from wardline.core.codings import system_of
from wardline.core.errors import Refused
from wardline.science.immunisation.dates import Span, day_of, span
from wardline.science.immunisation.schedule import (
    AgeRule,
    Antigen,
    Conflict,
    Contraindication,
    Indication,
    InForce,
    IntervalRule,
    Schedule,
    Series,
    Skip,
    SkipCondition,
    SkipSet,
    TargetDose,
    VaccineRule,
    Years,
)

Json = Mapping[str, Any]


def read_schedule(content: Any) -> Schedule:
    """A schedule from `{"schedule": ..., "antigens": [...]}`, the files of CDSi as they are. Raises `Refused`."""
    if not isinstance(content, Mapping) or "schedule" not in content or not content.get("antigens"):
        raise Refused("an immunisation schedule is CDSi supporting data: the schedule's file and one file per antigen", code="schedule")
    try:
        return _schedule(content["schedule"]["scheduleSupportingData"], [each["antigenSupportingData"] for each in content["antigens"]])
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise Refused(f"the immunisation schedule is not CDSi supporting data: {type(error).__name__} {error}", code="schedule") from None


def _schedule(said: Json, antigens: Iterable[Json]) -> Schedule:
    groups = {str(each["name"]): tuple(each["antigen"]) for each in said["vaccineGroupToAntigenMap"]["vaccineGroupMap"]}
    vaccines = said["cvxToAntigenMap"]["cvxMap"]
    observations = said["observations"]["observation"]
    read = [_antigen(each) for each in antigens]
    return Schedule(
        antigens={each.name: each for each in read},
        conflicts={
            (cvx(each["previous"]["cvx"]), cvx(each["current"]["cvx"])): Conflict(
                _span(each["conflictBeginInterval"]), _span(each["minConflictEndInterval"]), _span(each["conflictEndInterval"])
            )
            for each in said["liveVirusConflicts"]["liveVirusConflict"]
        },
        groups=groups,
        full_groups=frozenset(str(each["name"]) for each in said["vaccineGroups"]["vaccineGroup"] if each.get("administerFullVaccineGroup") == "Yes"),
        protects={
            cvx(each["cvx"]): tuple(
                (str(to["antigen"]), Years(span(to.get("associationBeginAge")), span(to.get("associationEndAge")))) for to in each["association"]
            )
            for each in vaccines
        },
        vaccines={cvx(each["cvx"]): str(each["shortDescription"]) for each in vaccines},
        observations={str(each["observationCode"]): str(each["observationTitle"]) for each in observations},
        coded=_coded(observations),
    )


def cvx(code: Any) -> str:
    """A CVX code without leading zeros, which some write and some do not."""
    return str(code).strip().lstrip("0") or "0"


def _coded(observations: Iterable[Json]) -> dict[tuple[str, str], frozenset[str]]:
    coded: dict[tuple[str, str], set[str]] = {}
    for each in observations:
        for value in (each.get("codedValues") or {}).get("codedValue", ()):
            coded.setdefault((system_of(str(value["codeSystem"])), str(value["code"])), set()).add(str(each["observationCode"]))
    return {key: frozenset(codes) for key, codes in coded.items()}


def _antigen(said: Json) -> Antigen:
    series = said["series"]
    immunity = said.get("immunity") or {}
    born = immunity.get("dateOfBirth") or {}
    against = said.get("contraindications") or {}
    return Antigen(
        name=str(series[0]["targetDisease"]),
        group=str(series[0]["vaccineGroup"]),
        series=tuple(_series(each) for each in series),
        immune_with=frozenset(str(each["guidelineCode"]) for each in immunity.get("clinicalHistory") or ()),
        immune_born_before=day_of(born.get("immunityBirthDate")),
        not_immune_with=frozenset(str(each["exclusionCode"]) for each in born.get("exclusion") or ()),
        contraindications=tuple(
            Contraindication(
                str(each["observationCode"]), str(each.get("contraindicationText") or each.get("observationTitle", "")), _years(each),
                frozenset(cvx(one["cvx"]) for one in each.get("contraindicatedVaccine") or ()),
            )
            for kind in ("vaccineGroup", "vaccine")
            for each in (against.get(kind) or {}).get("contraindication") or ()
        ),
    )  # fmt: skip


def _series(said: Json) -> Series:
    select = said["selectSeries"]
    preference = str(select.get("seriesPreference") or "")
    return Series(
        name=str(said["seriesName"]),
        antigen=str(said["targetDisease"]),
        type=said["seriesType"],
        genders=frozenset(said.get("requiredGender") or ()),
        indications=tuple(Indication(str(each["observationCode"]["code"]), _years(each)) for each in said.get("indication") or ()),
        group=str(select["seriesGroup"]),
        equivalents=frozenset(part.strip() for part in str(said.get("equivalentSeriesGroups") or "").split(";") if part.strip()),
        priority=str(select.get("seriesPriority") or ""),
        preference=int(preference) if preference.isdigit() else 99,
        is_default=select.get("defaultSeries") == "Yes",
        is_product=select.get("productPath") == "Yes",
        minimum_start=span(select.get("minAgeToStart")),
        maximum_start=span(select.get("maxAgeToStart")),
        doses=tuple(_dose(each) for each in said["seriesDose"]),
    )


def _dose(said: Json) -> TargetDose:
    allowable = said.get("allowableInterval")
    season = said.get("seasonalRecommendation") or {}
    return TargetDose(
        ages=tuple(_age(each) for each in said.get("age") or ()),
        intervals=tuple(_interval(each) for each in said.get("interval") or ()),
        allowable_interval=_interval(allowable) if allowable else None,
        preferable=_vaccines(said.get("preferableVaccine")),
        allowable=_vaccines(said.get("allowableVaccine")),
        inadvertent=frozenset(cvx(each["cvx"]) for each in said.get("inadvertentVaccine") or ()),
        skips=tuple(_skip(each) for each in said.get("conditionalSkip") or ()),
        recurs=said.get("recurringDose") == "Yes",
        season=InForce(day_of(season.get("startDate")), day_of(season.get("endDate"))),
    )


def _age(said: Json) -> AgeRule:
    return AgeRule(
        span(said.get("absMinAge")), span(said.get("minAge")), span(said.get("earliestRecAge")), span(said.get("latestRecAge")),
        span(said.get("maxAge")), _in_force(said),
    )  # fmt: skip


def _interval(said: Json) -> IntervalRule:
    target = str(said.get("fromTargetDose") or "")
    return IntervalRule(
        said.get("fromPrevious") == "Y", int(target) if target.isdigit() else None, _cvx_list(said.get("fromMostRecent")),
        str((said.get("fromRelevantObs") or {}).get("code") or ""), span(said.get("absMinInt")), span(said.get("minInt")),
        span(said.get("earliestRecInt")), span(said.get("latestRecInt")), said.get("intervalPriority") == "override", _in_force(said),
    )  # fmt: skip


def _vaccines(listed: Any) -> tuple[VaccineRule, ...]:
    return tuple(VaccineRule(cvx(each["cvx"]), str(each["vaccineType"]), _years(each)) for each in listed or ())


def _skip(said: Json) -> Skip:
    context = str(said.get("context") or "Both").lower()
    return Skip(
        context if context in ("evaluation", "forecast") else "both",  # type: ignore[arg-type]
        str(said.get("setLogic") or "").upper() == "AND",
        tuple(_skip_set(each) for each in said.get("set") or ()),
    )


def _skip_set(said: Json) -> SkipSet:
    logic = str(said.get("conditionLogic") or "").upper()
    return SkipSet(logic == "AND", tuple(_condition(each) for each in said.get("condition") or ()), _in_force(said))


def _condition(said: Json) -> SkipCondition:
    return SkipCondition(
        kind=str(said["conditionType"]).lower(),
        ages=_years(said),
        interval=span(said.get("interval")),
        dates=InForce(day_of(said.get("startDate")), day_of(said.get("endDate"))),
        number=int(said.get("doseCount") or 0),
        comparison=str(said.get("doseCountLogic") or "").lower(),
        only_valid=said.get("doseType") == "Valid",
        vaccines=_cvx_list(said.get("vaccineTypes")),
        series_groups=frozenset(part.strip() for part in str(said.get("seriesGroups") or "").split(";") if part.strip()),
    )


def _cvx_list(text: Any) -> frozenset[str]:
    return frozenset(cvx(part) for part in str(text or "").split(";") if part.strip() and part.strip() != "n/a")


def _years(said: Json) -> Years:
    return Years(span(said.get("beginAge")), span(said.get("endAge")))


def _in_force(said: Json) -> InForce:
    return InForce(day_of(said.get("effectiveDate")), day_of(said.get("cessationDate")))


def _span(text: Any) -> Span:
    return span(text) or Span()
