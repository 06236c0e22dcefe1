/** One frame out of a DICOMweb answer: its bytes as they were stored, and the transfer syntax they are in (PS3.18 8.7.1, 8.7.3.3). */

export interface Frame {
  bytes: Uint8Array;
  transferSyntax: string;
}

/** What bytes without a transfer syntax are in (PS3.18 8.7.3.3.2, uncompressed). */
export const EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";

export function frameIn(contentType: string, body: Uint8Array): Frame {
  const boundary = parameter(contentType, "boundary");
  if (boundary === undefined) return { bytes: body, transferSyntax: parameter(contentType, "transfer-syntax") ?? EXPLICIT_LITTLE_ENDIAN };
  const begin = find(body, "\r\n\r\n", find(body, `--${boundary}`, 0));
  // The pixels may hold any bytes: the last boundary ends them, not the first that looks like one.
  const end = findLast(body, `\r\n--${boundary}`);
  if (begin < 0 || end < begin) throw new Error("The answer about an image could not be read: its parts are not where they should be.");
  const head = new TextDecoder("latin1").decode(body.subarray(0, begin));
  return { bytes: body.slice(begin + 4, end), transferSyntax: parameter(head, "transfer-syntax") ?? EXPLICIT_LITTLE_ENDIAN };
}

function parameter(header: string, name: string): string | undefined {
  return new RegExp(`${name}\\s*=\\s*"?([^";,\\s]+)`, "i").exec(header)?.[1];
}

function find(body: Uint8Array, words: string, from: number): number {
  if (from < 0) return -1;
  for (let at = from; at <= body.length - words.length; at++) if (isAt(body, words, at)) return at;
  return -1;
}

function findLast(body: Uint8Array, words: string): number {
  for (let at = body.length - words.length; at >= 0; at--) if (isAt(body, words, at)) return at;
  return -1;
}

function isAt(body: Uint8Array, words: string, at: number): boolean {
  for (let index = 0; index < words.length; index++) if (body[at + index] !== words.charCodeAt(index)) return false;
  return true;
}
