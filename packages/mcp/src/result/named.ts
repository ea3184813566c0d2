/** Lists names that come from outside. */
import { clean } from "./untrustedText.ts"

const maxNamed = 20

/** Returns the first 20 names, each one once, and how many more there are. */
export const named = (names: ReadonlyArray<string>): string => {
  const all = [...new Set(names)]
  const more = all.length - maxNamed
  return `${all.slice(0, maxNamed).map((name) => clean(name, 60)).join(", ")}${more > 0 ? ` and ${more} more` : ""}`
}
