/** Finds the word that was probably meant. */

/** The number of letters to change, add or leave out, as Levenshtein counts them. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [line, letter] of [...a].entries()) {
    const next = [line + 1]
    for (const [index, other] of [...b].entries()) {
      next.push(
        Math.min((row[index] ?? 0) + (letter === other ? 0 : 1), (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1)
      )
    }
    row = next
  }
  return row.at(-1) ?? 0
}

const maxLength = 60

/** Returns the word that is nearest to what was written, in any case, unless none is near. */
export const nearest = (written: string, words: ReadonlyArray<string>): string | undefined => {
  if (written.length > maxLength) return undefined
  const lower = written.toLowerCase()
  const [best] = words
    .map((word) => [word, distance(lower, word.toLowerCase())] as const)
    .filter(([word, letters]) => letters <= Math.max(1, Math.floor(Math.max(word.length, written.length) / 3)))
    .toSorted(([, a], [, b]) => a - b)
  return best?.[0]
}

/** `Did you mean "routes"?`, or which words there are. */
export const suggestion = (written: string, words: ReadonlyArray<string>): string => {
  const word = nearest(written, words)
  return word === undefined ? `Expected one of: ${words.join(", ")}.` : `Did you mean "${word}"?`
}
