/** The options of what reads the runs of a window beside what is usual for their jobs. */
import type * as Duration from "effect/Duration"
import { duration, isPlain, type Shape } from "../error/check.ts"
import { type Selection, selectionShape } from "../list/selection.ts"
import type { Baseline } from "./model.ts"

export interface Options extends Omit<Selection, "runType"> {
  /** What is usual for each job, or `none`. Default: `RunBaseline.current`, which keeps it in memory. */
  readonly baseline?: Baseline | "none" | undefined
  /** How long a part may take, retries included, before it counts as unavailable. Default: 20 seconds. */
  readonly partTimeout?: Duration.Input | undefined
}

const { runType: _, ...selection } = selectionShape

export const shape: Shape<Options> = {
  ...selection,
  baseline: ["Expected a baseline, or none", (value) => value === "none" || isPlain(value)],
  partTimeout: duration
}
