/** Tells what is unavailable, and why: of an inspection, a diagnosis or a check. */
import { line } from "../report/line.ts"
import type { Section } from "../report/model.ts"
import { row, section, type Words } from "../report/words.ts"
import type { Unavailable } from "./unavailable.ts"

/** Makes the section of the unavailable parts. Those that differ in their run alone are one row. */
export const unavailableSections = <Name extends string>(
  unavailable: ReadonlyArray<Unavailable<Name>>,
  partNames: { readonly [Part in Name]: string },
  { bounds, name, quote }: Words
): ReadonlyArray<Section> => {
  // A hung endpoint makes many parts unavailable in the same words.
  const groups = new Map<string, [Unavailable<Name>, ...Array<Unavailable<Name>>]>()
  for (const one of unavailable) {
    const key = JSON.stringify([one.part, one.error, one.message.replace(/\d+/g, "#")])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  const rows = Array.from(groups.values(), ([{ error, isRetryable, message, part, runID, status }, ...others]) => {
    const whose = others.length > 0 ? ` of ${others.length + 1} runs` : runID === undefined ? "" : ` of run ${runID}`
    const code = status === undefined ? "" : `${status} `
    const retry = isRetryable ? " A retry may help." : ""
    return row(line`${partNames[part]}${whose}: ${code}${name(error, bounds.id)}: ${quote(message)}${retry}`)
  })
  return section("list", ["Unavailable"], rows, bounds.rows)
}
