/** Random numbers that are the same each time: each comes from a seed and its purpose. */

/** A 32-bit hash of text (FNV-1a with a final mix). */
export const hash = (text: string): number => {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** A number in [0, 1) for this seed and purpose. */
export const chance = (seed: number, ...purpose: ReadonlyArray<string | number>): number =>
  hash(`${seed}/${purpose.join("/")}`) / 0x1_0000_0000

/** An integer in [min, max]. */
export const between = (
  min: number,
  max: number,
  seed: number,
  ...purpose: ReadonlyArray<string | number>
): number => min + Math.floor(chance(seed, ...purpose) * (max - min + 1))

/** An item of a list that is not empty. */
export const pick = <A>(
  items: readonly [A, ...ReadonlyArray<A>],
  seed: number,
  ...purpose: ReadonlyArray<string | number>
): A => items[Math.floor(chance(seed, ...purpose) * items.length)] ?? items[0]

/** `length` hexadecimal digits. */
export const hex = (length: number, seed: number, ...purpose: ReadonlyArray<string | number>): string => {
  let digits = ""
  for (let part = 0; digits.length < length; part++) {
    digits += hash(`${seed}/${purpose.join("/")}#${part}`).toString(16).padStart(8, "0")
  }
  return digits.slice(0, length)
}

/** A UUID in the form of version 4. */
export const uuid = (seed: number, ...purpose: ReadonlyArray<string | number>): string => {
  const h = hex(32, seed, ...purpose)
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20)}`
}
