/**
 * Masks, cleans, cuts and quotes texts of the API.
 *
 * What the API returns is untrusted data: names and messages that anyone with a hand in a pipeline may have written.
 */

// What a COPY or a CREATE STAGE may hold. Everything up to the closing quote, or to the end.
const secret =
  /\b(\w{0,40}(?:secret|password|passphrase|passwd|pwd|token|api_?key|private_key|access_key|key_id|sas)\w{0,40}\s{0,8}(?:=>?|:=)\s{0,8})'(?:[^'\\]|''|\\.)*(?:'|$)/gi

/** Returns the text without the values of keys and passwords in it. */
export const maskSecrets = (text: string): string => text.replace(secret, "$1'***'")

/** ANSI escape sequences; an operating system command (a window's title, a link) only where it is closed. */
const ansi =
  /\u001b\][^\u0007\u001b]{0,512}(?:\u0007|\u001b\\)|(?:\u001b\[|\u009b)[0-?]{0,64}[ -/]{0,16}[@-~]|\u001b[ -/]{0,4}[0-Z\\-~]/g

/**
 * Characters that a person does not see: format and bidirectional controls, tags, variation selectors, private and
 * unassigned ones, lone surrogates, and the letters and marks that are drawn as nothing.
 */
const invisible = /* @__PURE__ */ new RegExp(
  "[\\p{Cf}\\p{Co}\\p{Cs}\\p{Cn}\\u115f\\u1160\\u2800\\u3164\\uffa0\\ufffc]|" +
    "\\u034f|\\u17b4|\\u17b5|[\\u180b-\\u180f]|[\\ufe00-\\ufe0f]|[\\u{e0100}-\\u{e01ef}]",
  "gu"
)

const blank = /[\s\p{Cc}\p{Z}]+/gu

/** More marks on one letter than any script writes. */
const piled = /(\p{M}{3})\p{M}+/gu

/** Leaves a blank at each end: where a text was cut it counts. */
const squeezed = (text: string): string =>
  // Most texts are plain. The classes of characters above take milliseconds to compile, for which a first report would wait.
  (/^[\t-\r -~]*$/.test(text)
    ? text.replace(/\s+/g, " ")
    : text.replace(ansi, "").replace(invisible, "").replace(blank, " ").replace(piled, "$1"))
    // No tag, no link, no image, no fence: one space or another quote takes its meaning and leaves it readable.
    .replace(/<(?=[a-z/!?|])/gi, "< ")
    .replace(/\](?=[([])/g, "] ")
    .replace(/`{3,}/g, "'''")

/** Returns the text on one line, without control characters, invisible ones and markup. */
export const visible = (text: string): string => squeezed(text).trim()

// A megabyte is not searched for control characters: what lies between these two ends is cut in any case.
const endLength = 2048

/** Stands where a text was cut, and counts what is missing. */
export const cutMarker = (cut: number): string => `…[${cut} characters cut]…`
const markerPattern = /…\[(\d{1,9}) characters cut\]…/

/** The least text that is worth a marker: what is shorter is an identifier, not a message. */
const minAroundMarker = 16

/** A text in two ends, and how many characters are missing between them. */
interface Ends {
  readonly head: ReadonlyArray<string>
  readonly tail: ReadonlyArray<string>
  readonly missing: number
}

/** Splits a text that is long, or that was cut before. */
const endsOf = (text: string, prepare: (text: string) => string): Ends => {
  const found = markerPattern.exec(text)
  if (found !== null) {
    const before = text.slice(0, found.index)
    const after = text.slice(found.index + found[0].length)
    return { head: Array.from(prepare(before)), tail: Array.from(prepare(after)), missing: Number(found[1]) }
  }
  if (text.length <= 2 * endLength) return { head: Array.from(prepare(text)), tail: [], missing: 0 }
  return {
    head: Array.from(prepare(text.slice(0, endLength))),
    tail: Array.from(prepare(text.slice(-endLength))),
    missing: text.length - 2 * endLength
  }
}

/** Prefers the end of a line among the last characters of what stays, so that a line is not cut in two. */
const lineEnd = (text: string): string => {
  const at = text.lastIndexOf("\n")
  return at > text.length * 0.6 ? text.slice(0, at) : text
}

const lineStart = (text: string): string => {
  const at = text.indexOf("\n")
  return at !== -1 && at < text.length * 0.4 ? text.slice(at + 1) : text
}

const cutEnds = ({ head, missing, tail }: Ends, max: number): string => {
  const length = head.length + tail.length
  if (missing === 0 && length <= max) return head.join("")
  const room = max - cutMarker(missing + length).length
  if (room < minAroundMarker) return `${[...head, ...tail].slice(0, max - 1).join("").trimEnd()}…`
  if (length <= room) return head.join("") + cutMarker(missing) + tail.join("")
  // Without an earlier cut both ends come out of the one text.
  const back = missing === 0 ? head : tail
  const last = Math.min(Math.floor(room / 2), back.length)
  const first = Math.min(room - last, head.length)
  const start = lineEnd(head.slice(0, first).join(""))
  const end = lineStart(back.slice(back.length - Math.min(room - first, back.length)).join(""))
  return start + cutMarker(missing + length - Array.from(start).length - Array.from(end).length) + end
}

/**
 * Cuts a text to at most `max` characters, in the middle: the beginning of a message says what it is about, and its end
 * what went wrong. It cuts at a line's end if one is near. A text that was cut before keeps one marker with the whole count.
 */
export const cut = (text: string, max: number): string =>
  text.length <= max && !markerPattern.test(text) ? text : cutEnds(endsOf(text, (part) => part), max)

/** Returns `max` characters of a text around a position, with one marker that counts all that is missing on both sides. */
export const cutAround = (text: string, position: number, max: number): string => {
  if (text.length <= max) return text
  const from = Math.min(Math.max(0, position - Math.floor(max / 2)), text.length - max)
  const to = from + max
  const marker = cutMarker(text.length - max)
  return to === text.length ? marker + text.slice(from) : `${from === 0 ? "" : "…"}${text.slice(from, to)}${marker}`
}

/**
 * Returns text of the API as one line of at most `max` visible characters, without control characters, escape sequences,
 * invisible characters and markup. Longer text is cut in the middle, and a marker counts what is missing.
 */
export const clean = (text: string, max: number): string => cutEnds(endsOf(text, squeezed), max).trim()

/** Returns the text in quotation marks, so that words addressed to the reader are seen to be a quotation. */
export const quote = (text: string): string => JSON.stringify(text)

/** Returns a name, an id or a status as it is where it is one plain word, and in quotation marks otherwise. */
export const word = (text: string): string => /^[\w$.:/-]+$/.test(text) ? text : quote(text)
