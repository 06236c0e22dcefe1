"""Towns, hospitals and words for houses and streets, of many countries: written down by us from general knowledge.

In each list one entry stands between two spaces, with an underscore for a space of its own; small pieces of pattern are meant.
"""

from typing import Final


def any_of(entries: str) -> str:
    """A pattern for any of them, the longest tried first."""
    return f"(?:{'|'.join(sorted((each.replace('_', '[ -]') for each in entries.split()), key=len, reverse=True))})"


TOWNS: Final = r"""
new_york(?:_city)? nyc los_angeles l\.a\. chicago houston phoenix philadelphia philly san_antonio san_diego dallas austin jacksonville fort_worth
san_jose columbus charlotte indianapolis san_fran(?:cisco)? seattle denver washington,?_d\.?c\.? nashville oklahoma_city boston el_paso portland
las_vegas memphis detroit baltimore milwaukee albuquerque fresno tucson sacramento mesa kansas_city atlanta omaha colorado_springs raleigh
virginia_beach long_beach miami oakland minneapolis bakersfield tulsa tampa arlington wichita aurora new_orleans cleveland anaheim honolulu
henderson stockton riverside lexington corpus_christi orlando irvine cincinnati santa_ana newark st\.?_paul saint_paul pittsburgh greensboro
st\.?_louis saint_louis lincoln durham plano anchorage jersey_city chandler chula_vista buffalo gilbert reno madison fort_wayne toledo lubbock
st\.?_petersburg laredo irving chesapeake glendale winston-salem scottsdale garland boise norfolk port_st\.?_lucie spokane richmond fremont
huntsville salt_lake_city tallahassee grand_rapids rochester springfield worcester providence hartford albany syracuse dayton knoxville birmingham
mobile montgomery little_rock des_moines baton_rouge savannah charleston columbia santa_fe santa_barbara palo_alto pasadena berkeley burlington
brooklyn manhattan bronx queens staten_island harlem hollywood ann_arbor bethesda cambridge westwood evanston naperville boulder eugene salem
tacoma bellevue london manchester birmingham leeds glasgow liverpool bristol sheffield edinburgh cardiff belfast oxford dublin paris lyon
marseille toulouse nice bordeaux strasbourg lille nantes berlin hamburg münchen munich köln cologne frankfurt stuttgart düsseldorf dortmund essen
leipzig dresden hannover nürnberg bremen heidelberg freiburg wien vienna salzburg graz zürich zurich basel bern genf geneva lausanne luzern
winterthur madrid barcelona valencia sevilla lisbon lisboa porto rome roma milan milano naples turin amsterdam rotterdam utrecht brussels antwerp
copenhagen stockholm oslo helsinki warsaw krakow prague budapest athens istanbul moscow kyiv toronto montreal vancouver ottawa calgary edmonton
sydney melbourne brisbane perth adelaide auckland wellington tokyo osaka kyoto beijing shanghai hong_kong singapore seoul mumbai delhi new_delhi
bangalore chennai kolkata hyderabad karachi lahore dhaka manila jakarta bangkok hanoi nairobi lagos accra cairo casablanca johannesburg cape_town
mexico_city bogota lima santiago buenos_aires rio_de_janeiro sao_paulo havana
"""
HOUSES: Final = r"""
UCLA UCSF UCSD NYU MGH BWH BIDMC CHOP UPMC UNC USC OHSU MSKCC VA JFK Johns_Hopkins Hopkins MD_Anderson Mass_General Mayo Cedars?-?_?Sinai
Mount_Sinai Mt\.?_Sinai Kaiser(?:_Permanente)? Stanford Sloan_Kettering Brigham Beth_Israel Bellevue Harborview Charité Karolinska Inselspital
Intermountain Geisinger Ochsner Duke Emory Vanderbilt Yale Harvard Tufts Baylor Cornell Langone Dana-Farber
"""
"""Known by their names alone."""
FACILITIES: Final = r"""
Hospitals? Hosp\.? Clinics? Medical_(?:Center|Centre|Group|Associates|Campus|Institute|School) Med(?:ical)?\.?_C(?:ente|t|nt)r\.?
Health(?:care)?(?:_(?:System|Center|Centre|Care|Clinic|Network|Services|Partners))? Infirmary Hospice Nursing_Home Sanatorium
Care_(?:Center|Centre|Home) Cancer_Cent(?:er|re) Heart_(?:Center|Centre|Institute) Surgery_Center Urgent_Care Rehab(?:ilitation)?(?:_Center)?
Pharmacy Practice Institute University College School Academy Memorial General Methodist Presbyterian Sinai Office Branch Facility Campus
Laborator(?:y|ies) Prison Shelter Church Center Centre Med Klinik(?:um)? Krankenhaus Spital Universitätsspital Ambulanz Praxis Pflegeheim Clinique
Hôpital Centre_Hospitalier Hospicio Ziekenhuis Sykehus Sjukhus
"""
STREETS: Final = """
Street St Avenue Ave Road Rd Boulevard Blvd Lane Ln Drive Dr Court Ct Place Pl Square Sq Terrace Ter Way Parkway Pkwy Circle Cir Highway Hwy Trail
Trl Row Close Crescent Walk Alley Hill Mews Gardens Grove Loop Pike Broadway Plaza
"""
STATES: Final = """
AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI
WY DC
"""
CAME: Final = r"""
seen treated admitted evaluated hospitali[sz]ed discharged transferred reviewed examined attended attending visited referred checked appointment
presented here currently follow(?:ed|ing)?_up diagnosed living lives resides residing moved born works? studies home surgery case eval appt
consult(?:ed|ation)? registered
"""
"""What somebody did at a place."""
ALSO_WORDS: Final = frozenset({
    "mesa", "mobile", "nice", "buffalo", "reno", "essen", "providence", "aurora", "lincoln", "madison", "va", "duke", "queens", "bern", "lima",
    "perth", "salem", "columbia", "mayo",
})  # fmt: skip
"""Words of another kind as well: believed with a capital only."""
