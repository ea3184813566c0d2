/**
 * Text from the API is data: names and messages that anyone with a hand in a pipeline may have written. Before it
 * leaves for a model it is one line of visible characters of bounded length, and no mark-up.
 */

/** How long the pieces of an answer may be, in characters. */
export const lengths = { id: 40, word: 40, name: 80, reason: 160 } as const

// A megabyte is not searched for control characters: what lies between these two ends is cut in any case.
const kept = 2048

/** ANSI escape sequences; an operating system command (a window's title, a link) only where it is closed. */
const ansi =
  /\u001b\][^\u0007\u001b]{0,512}(?:\u0007|\u001b\\)|(?:\u001b\[|\u009b)[0-?]{0,64}[ -/]{0,16}[@-~]|\u001b[ -/]{0,4}[0-Z\\-~]/g

/**
 * Characters that a person does not see: format and bidirectional controls, tags, variation selectors, private and
 * unassigned ones, lone surrogates, and the letters and marks that are drawn as nothing.
 */
const invisible = new RegExp(
  [
    "\\p{Cf}|\\p{Co}|\\p{Cs}|\\p{Cn}",
    "\\u034f|\\u115f|\\u1160|\\u17b4|\\u17b5|[\\u180b-\\u180f]|\\u2800|\\u3164",
    "[\\ufe00-\\ufe0f]|\\uffa0|\\ufffc|[\\u{e0100}-\\u{e01ef}]"
  ].join("|"),
  "gu"
)

const blank = /[\s\p{Cc}\p{Z}]+/gu

/** More marks on one letter than any script writes. */
const piled = /(\p{M}{3})\p{M}+/gu

const oneLine = (text: string): string =>
  text
    .replace(ansi, "")
    .replace(invisible, "")
    .replace(blank, " ")
    .replace(piled, "$1")
    // No tag, no link, no image, no fence: one space or another quote takes its meaning and leaves it readable.
    .replace(/<(?=[a-z/!?|])/gi, "< ")
    .replace(/\](?=[([])/g, "] ")
    .replace(/`{3,}/g, "'''")

const characters = (text: string): ReadonlyArray<string> => text.length > 4 * kept ? [] : Array.from(text)

const marker = (cut: number): string => `…[${cut} characters cut]…`

/**
 * One clean line of at most `max` characters, cut in the middle with the count of what was cut: the beginning of a
 * message says what it is about, and its end what went wrong.
 */
export const clean = (text: string, max: number): string => {
  const whole = text.length <= 2 * kept
  const head = characters(oneLine(whole ? text : text.slice(0, kept)).trim())
  const tail = whole ? [] : characters(oneLine(text.slice(-kept)).trim())
  const between = whole ? 0 : text.length - 2 * kept
  const all = [...head, ...tail]
  if (between === 0 && all.length <= max) return all.join("")
  const room = max - marker(between + all.length).length
  // Too short for a marker: an identifier, not a message.
  if (room < 16) return `${all.slice(0, max - 1).join("").trimEnd()}…`
  const first = Math.ceil(room / 2)
  const last = room - first
  return all.slice(0, first).join("") + marker(between + all.length - room) + all.slice(all.length - last).join("")
}

/** Data inside a sentence: in quotation marks, so that words addressed to the reader are seen to be a quotation. */
export const quote = (text: string): string => JSON.stringify(text)

/** A status, a type, an id: as it is where it is one plain word, and anything else as the quotation that it is. */
export const word = (text: string): string => /^[\w.-]+$/.test(text) ? text : quote(text)

/** `clean`, absent where nothing is left. */
export const cleanOptional = (text: string | undefined, max: number): string | undefined => {
  const cleaned = text === undefined ? "" : clean(text, max)
  return cleaned === "" ? undefined : cleaned
}
