/**
 * A picture of a part of the page, as it stands on the screen: backgrounds, borders, plots and texts are drawn once more on one canvas.
 *
 * Drawn by hand because a browser does not hand out pictures of a page, and its detour over SVG loses the fonts.
 */

const SCALE = 2;

export async function pictureOf(element: HTMLElement, caption: string): Promise<Blob> {
  const box = element.getBoundingClientRect();
  const canvas = document.createElement("canvas");
  canvas.width = box.width * SCALE;
  canvas.height = (box.height + CAPTION) * SCALE;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("This browser cannot draw pictures.");
  pen.scale(SCALE, SCALE);
  const style = getComputedStyle(element);
  pen.fillStyle = style.backgroundColor;
  pen.fillRect(0, 0, box.width, box.height + CAPTION);
  pen.fillStyle = style.color;
  pen.font = `400 12px ${style.fontFamily}`;
  pen.fillText(caption, 16, CAPTION - 8);
  pen.translate(-box.left, CAPTION - box.top);
  await paint(element, pen);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture is too large."))), "image/png"),
  );
}

const CAPTION = 28;

async function paint(element: Element, pen: CanvasRenderingContext2D): Promise<void> {
  const style = getComputedStyle(element);
  if (style.display === "none" || style.visibility === "hidden" || style.clipPath !== "none") return;
  const box = element.getBoundingClientRect();
  pen.save();
  pen.globalAlpha *= Number(style.opacity);
  if (style.overflowX === "clip" || style.overflowX === "hidden") {
    pen.beginPath();
    pen.rect(box.left, box.top, box.width, box.height);
    pen.clip();
  }
  background(box, style, pen);
  for (const side of ["Top", "Right", "Bottom", "Left"] as const) border(box, style, side, pen);
  if (element instanceof HTMLCanvasElement && element.width > 0) pen.drawImage(element, box.left, box.top, box.width, box.height);
  else if (element instanceof SVGSVGElement) await drawing(element, box, pen);
  else {
    pseudo(element, "::before", box, pen);
    for (const child of element.childNodes) {
      if (child instanceof Text) text(child, style, pen);
      else if (child instanceof Element) await paint(child, pen);
    }
  }
  pen.restore();
}

function background(box: DOMRect, style: CSSStyleDeclaration, pen: CanvasRenderingContext2D): void {
  const hatched = style.backgroundImage.includes("repeating");
  if (style.backgroundColor === "rgba(0, 0, 0, 0)" && !hatched) return;
  pen.fillStyle = style.backgroundColor;
  pen.beginPath();
  pen.roundRect(box.left, box.top, box.width, box.height, Math.min(Number.parseFloat(style.borderTopLeftRadius) || 0, box.height / 2));
  pen.fill();
  if (hatched) hatch(box, pen);
}

function hatch(box: DOMRect, pen: CanvasRenderingContext2D): void {
  pen.save();
  pen.beginPath();
  pen.rect(box.left, box.top, box.width, box.height);
  pen.clip();
  pen.strokeStyle = "rgba(128, 134, 140, 0.35)";
  pen.lineWidth = 1;
  for (let offset = -box.height; offset < box.width; offset += 11) {
    pen.beginPath();
    pen.moveTo(box.left + offset, box.bottom);
    pen.lineTo(box.left + offset + box.height, box.top);
    pen.stroke();
  }
  pen.restore();
}

function border(box: DOMRect, style: CSSStyleDeclaration, side: "Top" | "Right" | "Bottom" | "Left", pen: CanvasRenderingContext2D): void {
  const width = Number.parseFloat(style[`border${side}Width`]);
  if (!width || style[`border${side}Style`] === "none") return;
  pen.strokeStyle = style[`border${side}Color`];
  pen.lineWidth = width;
  pen.setLineDash({ dotted: [1, 3], dashed: [3, 2] }[style[`border${side}Style`]] ?? []);
  const radius = Number.parseFloat(style.borderTopLeftRadius) || 0;
  pen.beginPath();
  if (radius > 0 && side === "Top" && Number.parseFloat(style.borderLeftWidth) > 0)
    pen.roundRect(box.left + width / 2, box.top + width / 2, box.width - width, box.height - width, radius);
  else if (radius === 0 || Number.parseFloat(style.borderLeftWidth) === 0) edge(box, side, width / 2, pen);
  pen.stroke();
  pen.setLineDash([]);
}

function edge(box: DOMRect, side: "Top" | "Right" | "Bottom" | "Left", inset: number, pen: CanvasRenderingContext2D): void {
  const upright = side === "Left" || side === "Right";
  const x = side === "Left" ? box.left + inset : box.right - inset;
  const y = side === "Top" ? box.top + inset : box.bottom - inset;
  pen.moveTo(upright ? x : box.left, upright ? box.top : y);
  pen.lineTo(upright ? x : box.right, upright ? box.bottom : y);
}

/** Dots, ticks and diamonds before a text are pseudo-elements: they stand at its near edge, which is the right one of a text that is turned. */
function pseudo(element: Element, which: "::before", box: DOMRect, pen: CanvasRenderingContext2D): void {
  const style = getComputedStyle(element, which);
  const width = Number.parseFloat(style.width);
  const height = Number.parseFloat(style.height);
  if (style.content === "none" || !(width > 0) || !(height > 0) || width > 12) return;
  const isTurned = getComputedStyle(element).flexDirection === "row-reverse";
  const hangsRight = style.position === "absolute" && Number.parseFloat(style.right) < 0 && Number.parseFloat(style.left) > width;
  pen.save();
  pen.translate(isTurned || hangsRight ? box.right : box.left, box.top + box.height / 2);
  if (style.rotate === "45deg") pen.rotate(Math.PI / 4);
  pen.beginPath();
  pen.roundRect(-width / 2, -height / 2, width, height, style.borderTopLeftRadius === "50%" ? width / 2 : 1);
  if (style.backgroundColor !== "rgba(0, 0, 0, 0)") {
    pen.fillStyle = style.backgroundColor;
    pen.fill();
  }
  if (Number.parseFloat(style.borderTopWidth) > 0) {
    pen.strokeStyle = style.borderTopColor;
    pen.lineWidth = Number.parseFloat(style.borderTopWidth);
    pen.setLineDash(style.borderTopStyle === "dashed" ? [2, 2] : []);
    pen.stroke();
  }
  pen.restore();
}

/** A text node may run over several lines: each piece is drawn where it stands. */
function text(node: Text, style: CSSStyleDeclaration, pen: CanvasRenderingContext2D): void {
  const words = node.data;
  if (!words.trim()) return;
  pen.fillStyle = style.color;
  pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  pen.textBaseline = "alphabetic";
  for (const line of linesOf(node)) {
    const size = Number.parseFloat(style.fontSize);
    const baseline = line.box.top + line.box.height / 2 + size * 0.36;
    pen.fillText(line.words.trim(), line.box.left, baseline);
    if (style.textDecorationLine.includes("line-through"))
      pen.fillRect(line.box.left, line.box.top + line.box.height / 2, line.box.width, 1);
  }
}

function linesOf(node: Text): { words: string; box: DOMRect }[] {
  const range = document.createRange();
  const lines: { words: string; box: DOMRect }[] = [];
  for (let index = 0; index < node.length; index++) {
    range.setStart(node, index);
    range.setEnd(node, index + 1);
    const box = range.getClientRects()[0];
    if (!box || box.width === 0) continue;
    const line = lines.at(-1);
    if (line && Math.abs(line.box.top - box.top) < 2) {
      line.words += node.data[index];
      line.box = new DOMRect(line.box.left, line.box.top, box.right - line.box.left, line.box.height);
    } else lines.push({ words: node.data[index] ?? "", box });
  }
  return lines;
}

async function drawing(element: SVGSVGElement, box: DOMRect, pen: CanvasRenderingContext2D): Promise<void> {
  const copy = element.cloneNode(true) as SVGSVGElement;
  const style = getComputedStyle(element);
  for (const name of ["fill", "stroke", "stroke-width", "stroke-linejoin", "stroke-linecap"])
    copy.style.setProperty(name, style.getPropertyValue(name));
  copy.style.color = style.color;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(box.width));
  copy.setAttribute("height", String(box.height));
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  pen.drawImage(image, box.left, box.top, box.width, box.height);
}
