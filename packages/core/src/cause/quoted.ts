/** What stands between quotes in a message: values and names, which are data and never decide a class. */

/**
 * The text with what stands between quotes replaced, in time linear to its length. A quote opens before a word and
 * closes behind one, so that neither `can't` nor `'O'Brien'` is misread. `replace` gets what is inside, and what came before.
 */
export const replaceQuoted = (text: string, replace: (inside: string, before: string) => string): string => {
  const unclosed = new Set<string>()
  let out = ""
  let at = 0
  while (at < text.length) {
    const char = text[at] ?? ""
    const opens = (char === "'" || char === "\"" || char === "`") && !unclosed.has(char) &&
      !/\w/.test(text[at - 1] ?? " ")
    const end = opens ? closing(text, at + 1, char) : -1
    if (end === -1) {
      if (opens) unclosed.add(char)
      out += char
      at++
    } else {
      out += replace(text.slice(at + 1, end), out)
      at = end + 1
    }
  }
  return out
}

const closing = (text: string, from: number, quote: string): number => {
  let end = text.indexOf(quote, from)
  while (end !== -1 && /\w/.test(text[end + 1] ?? " ")) end = text.indexOf(quote, end + 1)
  return end
}

/** The text without what stands between quotes. */
export const withoutQuoted = (text: string): string => replaceQuoted(text, () => "'…'")
