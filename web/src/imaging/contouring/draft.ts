/** A mask while somebody draws in it: what was there, what is there now, and the way back. Only the chosen lesion ever changes. */

import type { Places } from "@/imaging/contouring/strokes";

/** What one movement of the hand has changed: where, and what was there before it. */
type Patch = ReadonlyMap<number, number>;

export class Draft {
  /** As it was stored. */
  readonly before: Uint8Array;
  readonly voxels: Uint8Array;
  private readonly lesions: Set<number>;
  private made: Patch[] = [];
  private takenBack: Patch[] = [];
  private current = new Map<number, number>();

  /** `lesions`: the numbers that are lesions; all others are normal uptake, which may be drawn over. */
  constructor(stored: Uint8Array, lesions: Iterable<number>) {
    this.before = stored;
    this.voxels = stored.slice();
    this.lesions = new Set(lesions);
  }

  /** The first number that nothing has, from now on a lesion's; undefined where a byte holds no more. */
  another(taken: Iterable<number>): number | undefined {
    const used = new Uint8Array(MOST + 1);
    for (const each of [...taken, ...this.lesions, 0]) used[each] = 1;
    for (const each of this.before) used[each] = 1;
    const free = used.indexOf(0);
    if (free < 0) return undefined;
    this.lesions.add(free);
    return free;
  }

  /** What belongs to another lesion stays there. Returns what has changed. */
  draw(places: Places, lesion: number): Places {
    return this.write(
      places.filter((place) => !this.lesions.has(this.at(place)) || this.at(place) === lesion).map((place) => [place, lesion]),
    );
  }

  /** Where there was normal uptake before, it comes back. */
  erase(places: Places, lesion: number): Places {
    const under = (place: number): number => (this.lesions.has(this.before[place] ?? 0) ? 0 : (this.before[place] ?? 0));
    return this.write(places.filter((place) => this.at(place) === lesion).map((place) => [place, under(place)]));
  }

  /** The hand was lifted: what it did until now is taken back as one. */
  lift(): void {
    if (this.current.size === 0) return;
    this.made.push(this.current);
    this.takenBack = [];
    this.current = new Map();
  }

  /** What the hand has done since it came down is taken back and forgotten. */
  cancel(): Places {
    const places = [...this.current.keys()];
    for (const [place, value] of this.current) this.voxels[place] = value;
    this.current = new Map();
    return places;
  }

  undo(): Places {
    this.lift();
    return this.swap(this.made, this.takenBack);
  }

  redo(): Places {
    this.lift();
    return this.swap(this.takenBack, this.made);
  }

  get steps(): { made: number; takenBack: number } {
    return { made: this.made.length + Number(this.current.size > 0), takenBack: this.takenBack.length };
  }

  /** How many voxels each number has: as it was stored and now. */
  sizes(): Map<number, { before: number; now: number; changed: boolean }> {
    const sizes = new Map<number, { before: number; now: number; changed: boolean }>();
    const of = (number: number) => {
      const known = sizes.get(number) ?? { before: 0, now: 0, changed: false };
      sizes.set(number, known);
      return known;
    };
    this.voxels.forEach((now, place) => {
      const before = this.before[place] ?? 0;
      if (now === 0 && before === 0) return;
      if (before !== 0) of(before).before += 1;
      if (now !== 0) of(now).now += 1;
      if (now === before) return;
      if (before !== 0) of(before).changed = true;
      if (now !== 0) of(now).changed = true;
    });
    return sizes;
  }

  private at(place: number): number {
    return this.voxels[place] ?? 0;
  }

  private write(what: readonly (readonly [number, number])[]): Places {
    const fresh = what.filter(([place, value]) => this.at(place) !== value);
    for (const [place, value] of fresh) {
      if (!this.current.has(place)) this.current.set(place, this.at(place));
      this.voxels[place] = value;
    }
    return fresh.map(([place]) => place);
  }

  private swap(from: Patch[], to: Patch[]): Places {
    const patch = from.pop();
    if (!patch) return [];
    to.push(new Map([...patch.keys()].map((place) => [place, this.at(place)])));
    for (const [place, value] of patch) this.voxels[place] = value;
    return [...patch.keys()];
  }
}

/** A mask that is drawn in has one byte for each voxel. */
const MOST = 255;
