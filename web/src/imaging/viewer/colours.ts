/** How activity is drawn over anatomy: black, violet, white. No rainbow: brighter is always more (and red and yellow are alarms). */

export const VIOLET = {
  ColorSpace: "RGB",
  Name: "wardline-violet",
  // value, red, green, blue
  RGBPoints: [0, 0, 0, 0, 0.25, 0.2, 0.07, 0.42, 0.5, 0.45, 0.2, 0.78, 0.75, 0.74, 0.55, 0.96, 1, 1, 1, 1],
};

/** The same for the scale beside the picture. */
export const RAMP = "linear-gradient(to top, #000 0%, #33126b 25%, #7333c7 50%, #bd8cf5 75%, #fff 100%)";

/** How strongly activity covers anatomy: not at all where there is none, so that background does not veil the CT. */
export function veil(top: number, strength: number): { value: number; opacity: number }[] {
  return [
    { value: 0, opacity: 0 },
    { value: top * 0.12, opacity: 0 },
    { value: top * 0.45, opacity: strength * 0.75 },
    { value: top, opacity: strength },
  ];
}
