/** What the viewer reckons by itself: frames out of answers, slices in their order, values out of voxels, and the words beside them. */

import { describe, expect, it } from "vitest";
import { kindsOf, unitShown } from "@/imaging/kinds";
import { changed, confirmedWith, without } from "@/imaging/report/saving";
import type { Report } from "@/imaging/report/types";
import type { Lesion, Position, Suv } from "@/imaging/types";
import { stackIn } from "@/imaging/viewer/dicomweb";
import { sideOf } from "@/imaging/viewer/geometry";
import { marksBefore, marksOf, neighbour } from "@/imaging/viewer/marking";
import { emptyProjection, paint, project } from "@/imaging/viewer/mip";
import { frameIn } from "@/imaging/viewer/multipart";
import { scaleBy, scalingModule } from "@/imaging/viewer/scaling";
import { indexOf, inSphere, pointAt, valueAt, type Voxels } from "@/imaging/viewer/sphere";
import { dragged, WINDOWS } from "@/imaging/viewer/windows";
import { change, columnsOf, modalities, number } from "@/imaging/words";

const bytes = (words: string): Uint8Array => Uint8Array.from(words, (letter) => letter.charCodeAt(0));

describe("a frame in an answer", () => {
  const type = 'multipart/related; type="application/octet-stream"; boundary="b7"';
  const answer = (pixels: string) =>
    bytes(`--b7\r\nContent-Type: application/octet-stream; transfer-syntax=1.2.840.10008.1.2.4.80\r\n\r\n${pixels}\r\n--b7--\r\n`);

  it("comes with the transfer syntax its part names", () => {
    const { bytes: pixels, transferSyntax } = frameIn(type, answer("\x01\x02\x03"));
    expect([...pixels]).toEqual([1, 2, 3]);
    expect(transferSyntax).toBe("1.2.840.10008.1.2.4.80");
  });

  it("may hold bytes that look like a boundary or a line end", () => {
    const { bytes: pixels } = frameIn(type, answer("a\r\n--b7 no end\r\n\r\nz"));
    expect(String.fromCharCode(...pixels)).toBe("a\r\n--b7 no end\r\n\r\nz");
  });

  it("without parts is explicit little endian unless the answer says otherwise", () => {
    expect(frameIn("application/octet-stream", bytes("x")).transferSyntax).toBe("1.2.840.10008.1.2.1");
    expect(frameIn("application/octet-stream; transfer-syntax=1.2.840.10008.1.2.5", bytes("x")).transferSyntax).toBe("1.2.840.10008.1.2.5");
  });

  it("that cannot be found is said, not guessed", () => {
    expect(() => frameIn(type, bytes("nothing of the kind"))).toThrow("could not be read");
  });
});

describe("a series", () => {
  const header = (instance: string, z: number, more: object = {}) => ({
    "00080018": { vr: "UI", Value: [instance] },
    "00080060": { vr: "CS", Value: ["CT"] },
    "00200013": { vr: "IS", Value: [Number(instance)] },
    "00200032": { vr: "DS", Value: [-100, -100, z] },
    "00200037": { vr: "DS", Value: [1, 0, 0, 0, 1, 0] },
    "00280010": { vr: "US", Value: [4] },
    "00280011": { vr: "US", Value: [4] },
    "00280030": { vr: "DS", Value: [2, 2] },
    ...more,
  });
  const stack = (...headers: object[]) => stackIn("1.1", "1.2", headers as never);

  it("is ordered by where its images lie, whatever their numbers say", () => {
    const { slices, isVolume } = stack(header("1", 10), header("2", 0), header("3", 5));
    expect(slices.map(({ instance }) => instance)).toEqual(["2", "3", "1"]);
    expect(isVolume).toBe(true);
  });

  it("with a slice missing, two in one place or another size is no volume", () => {
    expect(stack(header("1", 0), header("2", 5), header("3", 20)).isVolume).toBe(false);
    expect(stack(header("1", 0), header("2", 5), header("3", 5)).isVolume).toBe(false);
    expect(stack(header("1", 0), header("2", 5, { "00280010": { vr: "US", Value: [8] } })).isVolume).toBe(false);
  });

  it("of pictures without a place is turned through by number", () => {
    const flat = (instance: string) => ({ ...header(instance, 0), "00200032": undefined, "00200037": undefined });
    const { slices, isVolume } = stack(flat("2"), flat("1"));
    expect(slices.map(({ instance }) => instance)).toEqual(["1", "2"]);
    expect(isVolume).toBe(false);
  });

  it("with many frames in one object shows each of them", () => {
    const { slices } = stack({ ...header("7", 0), "00280008": { vr: "IS", Value: [3] } });
    expect(slices.map(({ imageId }) => imageId.split("/").at(-1))).toEqual(["1", "2", "3"]);
  });
});

describe("what a PET voxel means", () => {
  const suv = (refused: string): Suv => ({
    series: "1.2",
    kind: "SUVbw",
    label: "SUVbw",
    unit: "{SUVbw}g/ml",
    factors: { "1.2.3": 0.25 },
    others: [
      { kind: "bsa", label: "SUVbsa", unit: "{SUVbsa}cm2/ml", of_suvbw: 0.5 },
      { kind: "ibw", label: "SUVibw", unit: "{SUVibw}g/ml", refused: "no height" },
    ],
    provenance: [],
    refused,
    warnings: [],
  });
  const image = (instance: string) => `wardline:/dicom-web/studies/1/series/1.2/instances/${instance}/frames/1`;

  it("is the server's factor, and nothing where the server has refused: never one worked out here", () => {
    scaleBy(suv(""));
    expect(scalingModule("scalingModule", image("1.2.3"))).toEqual({ suvbw: 0.25 });
    expect(scalingModule("scalingModule", image("1.2.4"))).toEqual({});
    expect(scalingModule("imagePlaneModule", image("1.2.3"))).toBeUndefined();
  });

  it("can be shown in every kind the server gives, by its ratio", () => {
    expect(kindsOf(suv("")).map(({ kind, of_suvbw: ratio }) => [kind, ratio])).toEqual([
      ["SUVbw", 1],
      ["bsa", 0.5],
    ]);
    expect(kindsOf(suv("weight (0010,1030) is 0"))).toEqual([]);
    expect(unitShown("{SUVbw}g/ml")).toBe("g/mL");
  });
});

describe("voxels", () => {
  // Four millimetres apart, the first in the corner; their value counts columns, rows and slices.
  const volume: Voxels = {
    dimensions: [10, 10, 10],
    spacing: [4, 4, 4],
    origin: [-18, -18, 100],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    voxelManager: { getAtIJK: (i, j, k) => i + 10 * j + 100 * k },
  };

  it("are found by their place in the patient and back", () => {
    expect(indexOf(volume, [-18 + 8, -18 + 4, 100 + 12])).toEqual([2, 1, 3]);
    expect(pointAt(volume, [2, 1, 3])).toEqual([-10, -14, 112]);
  });

  it("are read as they are: the one the point lies in, none between", () => {
    expect(valueAt(volume, [-18 + 9.9, -18 + 4, 112])?.value).toBe(312);
    expect(valueAt(volume, [-25, 0, 110])).toBeUndefined();
  });

  it("count for a sphere when their centre lies in it", () => {
    const at: Position = pointAt(volume, [5, 5, 5]);
    expect(inSphere(volume, at, 4.1)).toEqual({ voxels: 7, ml: 7 * 0.064, max: 655, mean: 555 });
    expect(inSphere(volume, at, 1).voxels).toBe(1);
  });
});

describe("a body from the front", () => {
  it("shows the highest value on each line, the head up, dark where there is much", () => {
    const into = emptyProjection(2, 2);
    project(into, 0, [1, 0, 3, 0]); // the feet: two columns, two rows
    project(into, 1, [0, 8, 0, 2]);
    expect([...into.values]).toEqual([3, 0, 0, 8]);
    const grey = (pixels: Uint8ClampedArray) => [pixels[0], pixels[4], pixels[8], pixels[12]];
    expect(grey(paint(into, 4, false, false))).toEqual([255, 0, 64, 255]);
    expect(grey(paint(into, 4, true, true))).toEqual([255, 64, 0, 255]);
  });
});

describe("lesions", () => {
  const value = (id: string, amount: number | null) => ({ id, name: id, value: amount, unit: "", why: amount === null ? "too faint" : "" });
  const lesion = (key: string, now: number | null, before?: number): Lesion => ({
    key,
    site: "lung",
    series: "1.2",
    position: [0, 0, 0],
    radius_mm: 9,
    how: "automatic",
    label: 1,
    values: [value("suv_max", 9), value("sul_peak", now)],
    prior: before === undefined ? null : { key: `B${key}`, study: "1.1", values: [value("sul_peak", before)], match: 1, confirmed: false },
    change_percent: null,
  });

  it("are told by the peak that PERCIST compares, with what it was", () => {
    const [first, second] = marksOf([lesion("L1", 5.41, 9.84), lesion("L2", null)], "L1");
    expect(first?.says).toEqual(["L1 sul_peak 5.41", "was 9.84, −45 %"]);
    expect(second?.says).toEqual(["L2 sul_peak – too faint"]);
    expect(columnsOf([lesion("L1", 5)]).map(({ id }) => id)).toEqual(["sul_peak", "suv_max"]);
  });

  it("have the keys of now on the pictures of before", () => {
    const prior = { uid: "1.1", lesions: [{ ...lesion("BL1", 9.84), key: "BL1" }] } as never;
    expect(marksBefore([lesion("L1", 5.41, 9.84)], prior, "L1").map(({ key, selected }) => [key, selected])).toEqual([["L1", true]]);
  });

  it("follow one another round and round", () => {
    const three = [lesion("L1", 1), lesion("L2", 1), lesion("L3", 1)];
    expect([neighbour(three, undefined, 1), neighbour(three, "L3", 1), neighbour(three, "L1", -1), neighbour([], "L1", 1)]).toEqual([
      "L1",
      "L1",
      "L3",
      undefined,
    ]);
  });
});

describe("words and windows", () => {
  it("change is said in percent, and not at all from nothing", () => {
    expect([change(5.41, 9.84), change(4, 4), change(3, 2), change(1, 0), change(null, 2)]).toEqual([
      "−45 %",
      "0 %",
      "+50 %",
      undefined,
      undefined,
    ]);
    expect([number(5.406), number(18.62), number(-0.5)]).toEqual(["5.41", "18.6", "−0.50"]);
  });

  it("PET stands before CT, and what is about pictures is no picture", () => {
    expect(modalities(["CT", "PT", "SEG", "SR"])).toBe("PET/CT");
    expect(modalities(["SR"])).toBe("SR");
  });

  it("a window grows wider to the right and darker downwards, never to nothing", () => {
    const [soft] = WINDOWS;
    expect([soft.lower, soft.upper]).toEqual([-160, 240]);
    expect(dragged(soft, 10, 5)).toEqual({ lower: -170, upper: 270 });
    expect(dragged(soft, -1_000, 0)).toEqual({ lower: 39.5, upper: 40.5 });
  });

  it("sides are named by the largest part of a direction", () => {
    expect([sideOf([1, 0, 0]), sideOf([-0.9, 0.3, 0]), sideOf([0, -1, 0]), sideOf([0, 0.2, 0.9])]).toEqual(["L", "R", "A", "H"]);
  });
});

describe("a report that is saved", () => {
  const report = {
    version: 3,
    confirmed: ["L1"],
    sections: [
      {
        id: "findings",
        title: "Findings",
        needed: true,
        sentences: [{ id: "s1", text: "{L1.site}", shown: "lung", keys: ["L1"], problems: [] }],
      },
      { id: "impression", title: "Impression", needed: true, sentences: [] },
    ],
  } as unknown as Report;

  it("goes as a whole with one sentence changed, added or taken out", () => {
    expect(changed(report, "findings", "s1", "{L1.site}, small", ["L1"]).sections[0]?.sentences).toEqual([
      { id: "s1", text: "{L1.site}, small", keys: ["L1"] },
    ]);
    expect(changed(report, "impression", undefined, "No new lesion.", []).sections[1]?.sentences).toEqual([
      { text: "No new lesion.", keys: [] },
    ]);
    expect(without(report, "findings", "s1").sections[0]?.sentences).toEqual([]);
    expect(without(report, "findings", "s1").version).toBe(3);
  });

  it("keeps each confirmed match once", () => {
    expect(confirmedWith(report, "L4").confirmed).toEqual(["L1", "L4"]);
    expect(confirmedWith(report, "L1").confirmed).toEqual(["L1"]);
  });
});
