/** The key under which like messages meet: a message without names, numbers and values. */
import { prefix } from "./code.ts"

const maxKeyLength = 200

/** Returns the text with its blanks and line breaks as single blanks. */
export const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim()

// A run's reason names the node before the message, and counts the others behind it: neither is the cause.
const beforeCode = /^.*(?=\b\d{6}\s*\([0-9A-Z]{5}\)\s*:)|^[\w$.]+:\s*(?=\d{6}\b)/
const othersToo = /\s*\b\d+ (?:more|other) nodes? failed\.?\s*$/i

const nouns =
  "table|view|schema|database|warehouse|role|user|column|object|stage|function|procedure|integration|monitor|task|stream"

// From the text whose quoted values are out already. The order matters: a name may hold digits.
export const keyOf = (bare: string): string =>
  oneLine(bare)
    .replace(beforeCode, "")
    .replace(prefix, "")
    .replace(othersToo, "")
    .replace(/\[[^\]]*\]/g, "[…]")
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, "…")
    .replace(/'…'(?:\.'…'|\.[\w$]+)*/g, "…")
    .replace(/(?<![\w.])[A-Za-z_][\w$]*(?:\.[A-Za-z_…][\w$]*)+/g, "…")
    .replace(/\b[A-Z$]*(?:_[A-Z0-9_$]*|[0-9][A-Z0-9_$]*)(?![\w$])/g, (name) => /^\d+$/.test(name) ? name : "…")
    .replace(new RegExp(`\\b(${nouns})\\s+(?!SQL\\b)[A-Z][A-Z0-9_$]+\\b`, "gi"), nounWithoutName)
    .replace(/[-+]?\d[\d.,:/-]*(?:[eE][-+]?\d+)?/g, "#")
    .replace(/[\s.:;,]+$/, "")
    .toLowerCase()
    .slice(0, maxKeyLength)

// A name is written in capitals here: "table ORDERS" has one, "table was" has none.
const nounWithoutName = (text: string, noun: string): string => {
  const name = text.slice(noun.length).trim()
  return name === name.toUpperCase() ? `${noun} …` : text
}
