"""The people of the simulated hospital. Names are put together from lists of many cultures; nobody in it exists."""

from datetime import date, timedelta
from random import Random
from typing import Final, NamedTuple, TypeAlias

# Family names | given names of women | given names of men, one line per group of cultures.
_NAMES: Final = tuple(
    tuple(part.split() for part in line.split("|"))
    for line in (
        "Okafor Adeyemi Eze Balogun Nwosu Abiola | Ngozi Folake Amara Ifeoma Yetunde | Daniel Chinedu Tunde Emeka Kelechi",
        "Lindqvist Nyström Bergdahl Sørensen Halvorsen Virtanen | Maja Ingrid Signe Aino Solveig | Arvid Nils Henrik Eino Lars",
        "Petrenko Ivanenko Kuzmenko Shevchenko Melnyk Horbach | Ilse Oksana Ludmila Vera Darya | Pyotr Bohdan Oleg Taras Yuri",
        "Haddad Khoury Mansour Al-Amin Barakat Nasser | Layla Samira Nour Hanan Rima | Youssef Karim Tariq Elias Omar",
        "Ferreira Tavares Moreira Carvalho Azevedo Pinto | Luísa Beatriz Inês Graça Marta | João Rui Tiago Nuno Duarte",
        "Nowak Kowal Zielonka Hájek Horváth Mazur | Zofia Halina Jana Réka Danuta | Tomasz Marek Jiří Bálint Andrzej",
        "Castellanos Quispe Herrera Villalobos Montoya Ibarra | Rosa Ximena Pilar Lucía Noemí | Mateo Joaquín Ramiro Andrés Tomás",
        "Nguyen Tran Pham Sok Rattana Phan | Thi-Mai Linh Bopha Kim-Anh Suda | Duc Minh Vuthy Somchai Quang",
        "Schäfer Brunner Vogt Lindner Aebischer Pichler | Ursula Heike Elfriede Regula Annelies | Ulrich Karl Gerhard Urs Wolfram",
        "Begum Rahman Sharma Iyer Perera Chaudhry | Shirin Anjali Lakshmi Nadeesha Farzana | Arjun Imran Vikram Sunil Rohan",
        "Osei Mensah Kamau Mwangi Abebe Tesfaye | Akosua Wanjiru Selam Efua Makena | Kwabena Kofi Njoroge Dawit Yohannes",
        "Moreau Lefèvre Dubois Girard Van-Acker Peeters | Hélène Odile Mireille Camille Liesbeth | Étienne Luc Bastien Wim Joris",
        "Whitcombe Hargreave MacAskill Pritchard O'Rourke Fenwick | Edith Moira Bronwen Aoife Harriet | Arthur Callum Rhys Declan Stanley",
        "Takeda Yamane Park Seo Zhao Lin | Haruko Yumi Eun-ji Meiling Xiu | Kenji Daichi Min-jun Wei Jianhong",
        "Tūhoe-Ngata Faleolo Leota Kahananui Tamihana Vaipulu | Aroha Sina Leilani Mere Ana | Wiremu Sione Keoni Tama Ioane",
        "Bianchi Marchetti Papadakis Vlahos Demir Yıldız | Giulia Ornella Eleni Sevgi Katerina | Matteo Sandro Nikos Emre Stavros",
    )
)  # fmt: skip
_STREETS: Final = ("Harbour Lane", "Mill Road", "Orchard Street", "Station Row", "Quarry Hill", "Bridge Walk", "Chapel Close", "Larch Avenue")
_TOWNS: Final = (("Wardbridge", "WB1 4ZZ"), ("Eastmere", "EM3 9ZZ"), ("Low Haven", "LH7 2ZZ"), ("Thornby", "TB2 6ZZ"))


Doctor: TypeAlias = tuple[str, str, str]
"""Staff number, family and given name."""


class Person(NamedTuple):
    """Somebody with a patient number (MRN)."""

    number: str
    family: str
    given: str
    sex: str
    """HL7 table 0001."""
    born: date
    address: tuple[str, str, str]
    phone: str
    height_cm: float
    weight_kg: float

    def age_years(self, at: date) -> float:
        return (at - self.born).days / 365.25


class Registry:
    """Invents people and gives out patient numbers, each once."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._taken: set[str] = set()

    def new_number(self) -> str:
        while True:
            number = f"40{self._dice.randrange(1_000_000):06d}"
            if number not in self._taken:
                self._taken.add(number)
                return number

    def somebody(self, today: date, ages: tuple[int, int]) -> Person:
        """A person within these ages, the middle ones most often."""
        dice = self._dice
        sex = dice.choice("FM")
        family, given = self._name(sex)
        age_days = int(dice.triangular(ages[0] * 365.25, ages[1] * 365.25))
        height = dice.gauss(177 if sex == "M" else 164, 7)
        body_mass_index = dice.triangular(18.5, 38, 26)
        town, code = dice.choice(_TOWNS)
        street = f"{dice.randrange(1, 120)} {dice.choice(_STREETS)}"
        return Person(
            self.new_number(), family, given, sex, today - timedelta(days=age_days), (street, town, code), f"555-01{dice.randrange(100):02d}",
            round(height, 1), round(body_mass_index * (height / 100) ** 2, 1),
        )  # fmt: skip

    def doctor(self) -> Doctor:
        family, given = self._name(self._dice.choice("FM"))
        return f"D{self._dice.randrange(1000, 10_000)}", family, given

    def namesake(self, person: Person) -> Person:
        """Another person of the same name and sex, born on another day: whom a clerk may take for the first."""
        return person._replace(number=self.new_number(), born=person.born - timedelta(days=self._dice.randrange(30, 900)))

    def _name(self, sex: str) -> tuple[str, str]:
        families, women, men = self._dice.choice(_NAMES)
        return self._dice.choice(families), self._dice.choice(women if sex == "F" else men)
