/** Describes a summary of a window. Public: `RunStatistics` exports it. */
import * as Schema from "effect/Schema"
import { selectionFields } from "../list/model.ts"
import { readingFields } from "../list/readingFacts.ts"
import { Undecodable } from "../list/readingModel.ts"
import { RunWindow } from "../RunWindow.ts"
import { causesRead, Nodes, Tests } from "./insideModel.ts"
import { Change, GroupBy, RunStatistics } from "./model.ts"

const optionally = Schema.optionalKey

/** What a summary can be grouped by: by `cause` and by `node`, too, which it reads from node results. */
export const SummaryGroupBy = Schema.Literals([...GroupBy.literals, "node", "cause"])

export type SummaryGroupBy = typeof SummaryGroupBy.Type

/**
 * The statistics of a window, and what was read for them. With `compare` it has the window before and what changed. It
 * encodes to plain JSON.
 */
export const Summary = Schema.Struct({
  /** Which runs of the window are counted. */
  query: Schema.Struct(selectionFields),
  window: RunWindow,
  statistics: RunStatistics,
  /** What it is grouped by. The groups by cause are the causes themselves. */
  groupBy: optionally(SummaryGroupBy),
  /** Of the failed runs whose own reasons name no cause: how many have theirs from their node results. */
  causesRead: optionally(causesRead),
  /** Only with `groupBy: "node"`. */
  nodes: optionally(Nodes),
  /** Only with `tests: true`. */
  tests: optionally(Tests),
  ...readingFields,
  /**
   * The part of the window that was not read, with the last millisecond that was, because more runs may have started in it:
   * summarize it to continue. Absent where everything or nothing was read.
   */
  remaining: optionally(RunWindow),
  /** The window before, without its groups, which `change` compares. Only where both windows were read whole. */
  previous: optionally(
    Schema.Struct({ window: RunWindow, statistics: RunStatistics, undecodable: optionally(Undecodable) })
  ),
  /** What changed from the window before. */
  change: optionally(Change),
  /**
   * Why nothing was compared: this window was truncated, the window before was not read whole, or it reaches
   * `beyond_history`: no run began before it.
   */
  changeUnavailable: optionally(
    Schema.Literals(["truncated", "row_limit", "time_limit", "error", "beyond_history"])
  )
})

export interface Summary extends Schema.Schema.Type<typeof Summary> {}
