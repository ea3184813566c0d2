/** What the bench measures: a name to ask for it by, and variants to compare. */
import type { Rounds, Variant } from "./measure.ts"

export interface Prepared {
  /** What is measured, with its sizes. */
  readonly title: string
  /** The first is the baseline. */
  readonly variants: ReadonlyArray<Variant>
  readonly rounds: Rounds
  /** Ends what was started for the case. */
  readonly dispose?: () => Promise<void>
}

export interface Case {
  readonly name: string
  /** `quick` asks for figures soon rather than steady ones. */
  readonly prepare: (quick: boolean) => Prepared | Promise<Prepared>
}
