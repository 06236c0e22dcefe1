/** Activity seen from the front: for every line from front to back the highest value on it (maximum intensity projection). */

export interface Projection {
  width: number;
  height: number;
  /** Highest value, [row from the feet up][column]. */
  values: Float32Array;
}

export const emptyProjection = (width: number, height: number): Projection => ({ width, height, values: new Float32Array(width * height) });

/** Add one axial slice, given row by row from the front to the back. */
export function project(into: Projection, slice: number, pixels: ArrayLike<number>): void {
  const { width, values } = into;
  const row = slice * width;
  for (let at = 0, column = 0; at < pixels.length; at++) {
    const value = pixels[at] ?? 0;
    if (value > (values[row + column] ?? 0)) values[row + column] = value;
    column = column + 1 === width ? 0 : column + 1;
  }
}

/** As on paper: nothing is white, `top` and above is black. The head is up; `mirrored` when columns count towards the patient's right. */
export function paint(
  { width, height, values }: Projection,
  top: number,
  mirrored: boolean,
  upsideDown: boolean,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const from = (upsideDown ? row : height - 1 - row) * width + (mirrored ? width - 1 - column : column);
      const grey = 255 * (1 - Math.min(1, (values[from] ?? 0) / top));
      const to = (row * width + column) * 4;
      pixels[to] = pixels[to + 1] = pixels[to + 2] = grey;
      pixels[to + 3] = 255;
    }
  return pixels;
}
