/** Reads a text file in the encoding in which it was written: Windows PowerShell 5.1 writes UTF-16. */

/** The share of zero bytes at even or at odd places that only UTF-16 has. */
const mostly = 0.5

const starts = (bytes: Uint8Array, ...mark: ReadonlyArray<number>): boolean =>
  mark.every((byte, index) => bytes[index] === byte)

/** Returns the encoding of a file by its mark or, without one, by where its zero bytes stand. */
const encodingOf = (bytes: Uint8Array): string | undefined => {
  // UTF-32 begins as UTF-16 does.
  if (starts(bytes, 0xff, 0xfe, 0, 0) || starts(bytes, 0, 0, 0xfe, 0xff)) return undefined
  if (starts(bytes, 0xff, 0xfe)) return "utf-16le"
  if (starts(bytes, 0xfe, 0xff)) return "utf-16be"
  const zeros = [0, 0]
  for (const [index, byte] of bytes.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  if (even + odd === 0) return "utf-8"
  const half = bytes.length / 2
  if (bytes.length % 2 === 0 && even === 0 && odd > half * mostly) return "utf-16le"
  return bytes.length % 2 === 0 && odd === 0 && even > half * mostly ? "utf-16be" : undefined
}

/** Returns the text of a file, or nothing if it is no text in UTF-8 or UTF-16. A byte that is no UTF-8 becomes U+FFFD. */
export const decodeText = (bytes: Uint8Array): string | undefined => {
  const encoding = encodingOf(bytes)
  return encoding === undefined ? undefined : new TextDecoder(encoding).decode(bytes)
}
