/** What stands between quotes in a message: values and names, which are data and never decide a class. */

/**
 * The text with what stands between quotes replaced, in time linear to its length. A quote opens before a word and
 * closes behind one, so that neither `can't` nor `'O'Brien'` is misread. `replace` gets what is inside, and what came before.
 */
export const replaceQuoted = (text: string, replace: (inside: string, before: string) => string): string => {
  const unclosed = new Set<string>()
  let out = ""
  let at = 0
  for (const { 0: quote, index } of text.matchAll(/['"`]/g)) {
    if (index < at || unclosed.has(quote) || /\w/.test(text[index - 1] ?? " ")) continue
    const end = closing(text, index + 1, quote)
    if (end === -1) {
      unclosed.add(quote)
      continue
    }
    out += text.slice(at, index)
    out += replace(text.slice(index + 1, end), out)
    at = end + 1
  }
  return out + text.slice(at)
}

const closing = (text: string, from: number, quote: string): number => {
  let end = text.indexOf(quote, from)
  while (end !== -1 && /\w/.test(text[end + 1] ?? " ")) end = text.indexOf(quote, end + 1)
  return end
}

/** The text without what stands between quotes. */
export const withoutQuoted = (text: string): string => replaceQuoted(text, () => "'…'")
