"""Two records for one person: registered twice in a hurry, merged by a clerk (A40), and sometimes parted again (A37)."""

from wardline.formats.hl7v2.builder import segment
from wardline.simulator.agenda import Routine
from wardline.simulator.chance import happens
from wardline.simulator.movements import send_adt
from wardline.simulator.people import Person
from wardline.simulator.places import HOSPITAL
from wardline.simulator.stay import Stay, pid_of
from wardline.simulator.world import World


def found_twice(world: World, stay: Stay) -> Routine:
    """A clerk finds an older record of what seems to be the same person. In most cases it is; in some it was a namesake."""
    new = stay.person
    is_another = happens(stay.dice, world.settings.faults.unmerged)
    old = world.people.namesake(new) if is_another else new._replace(number=world.people.new_number())
    yield stay.dice.uniform(40, 160)
    if not stay.is_here():
        return
    # The clerk opens the older record first: it carries an allergy that nobody asked about.
    allergy = segment("AL1", "1", "DA", ("PEN", "Penicillin", "WGH"), "MO", "Rash")
    send_adt(world, "A31", [segment("EVN", "A31", world.now), pid_of(old), segment("PV1", "1", "N"), allergy])
    yield stay.dice.uniform(2, 6)
    _merge(world, kept=old, given_up=new)
    stay.becomes(old)
    if is_another:
        yield stay.dice.uniform(30, 120)
        send_adt(world, "A37", [segment("EVN", "A37", world.now), pid_of(old), pid_of(new)])
        stay.becomes(new)


def _merge(world: World, *, kept: Person, given_up: Person) -> None:
    mrg = segment("MRG", (given_up.number, None, None, HOSPITAL, "MR"))
    send_adt(world, "A40", [segment("EVN", "A40", world.now), pid_of(kept), mrg])
