/** Removes a token from what a server returns: from texts in every form that repeats it, and from parsed JSON. */

const redacted = "<redacted>"

/** A character as itself, or percent-encoded in upper or lower case, once or more often. */
const inUrl = (character: string): string => {
  const hex = character.charCodeAt(0).toString(16).replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)
  return `(?:${character.replaceAll(/[^\w]/g, "\\$&")}|%(?:25)*${hex})`
}

/** Returns a function that removes a token. One of fewer than 8 characters would be found in many a text by chance. */
export const make = (token: string): (text: string) => string => {
  if (token.length < 8) return (text) => text
  const inJson = JSON.stringify(token).slice(1, -1)
  const encoded = new RegExp(Array.from(token, inUrl).join(""), "g")
  return (text) => {
    const found = text.replaceAll(token, redacted)
    const plain = inJson === token ? found : found.replaceAll(inJson, redacted)
    return plain.includes("%") ? plain.replaceAll(encoded, redacted) : plain
  }
}

const isContainer = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null

/** Cleans every text and every key of parsed JSON, in place. It needs no stack, so no depth is too deep for it. */
export const clean = (parsed: unknown, scrub: (text: string) => string): unknown => {
  const root: Record<string, unknown> = { parsed }
  const open = [root]
  for (let container = open.pop(); container !== undefined; container = open.pop()) {
    for (const key of Object.keys(container)) {
      const value = container[key]
      const name = scrub(key)
      const cleaned = typeof value === "string" ? scrub(value) : value
      if (name !== key) delete container[key]
      if (name !== key || cleaned !== value) {
        // An assignment would set the prototype where the key is `__proto__`.
        Object.defineProperty(container, name, { value: cleaned, configurable: true, enumerable: true, writable: true })
      }
      if (isContainer(cleaned)) open.push(cleaned)
    }
  }
  return root["parsed"]
}
