/** What must be said of a reading: what was set aside, and what ended it. */
import * as failure from "./failure.ts"
import type { Scan } from "./scan.ts"
import { clean, quote } from "./untrustedText.ts"

const setAside = ({ setAside }: Scan): ReadonlyArray<string> => {
  const [first] = setAside
  if (first === undefined) return []
  const what = first.id === undefined ? `row ${first.index} of a page` : `run ${first.id}`
  const rows = setAside.length === 1 ? "1 row was" : `${setAside.length} rows were`
  return [
    `${rows} set aside, being unreadable: ${what} at ${clean(first.path, 60)}: ${quote(clean(first.issue, 120))}` +
    (setAside.length > 1 ? `, and ${setAside.length - 1} more` : "")
  ]
}

const endedEarly = (tool: string, { error }: Scan): ReadonlyArray<string> =>
  error === undefined ? [] : [`Reading ended early. ${failure.renderShort(failure.fromError(tool, error))}`]

export const ofScan = (tool: string, scan: Scan): ReadonlyArray<string> => [
  ...setAside(scan),
  ...endedEarly(tool, scan)
]
