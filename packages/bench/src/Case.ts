/** Defines a case of the bench: a name to select it by, and variants to compare. */
import type { Rounds, Variant } from "./measure.ts"

export interface Prepared {
  /** Says what is measured, with its sizes. */
  readonly title: string
  /** Lines that say more, such as what was loaded. */
  readonly notes?: ReadonlyArray<string>
  /** The first is the baseline. */
  readonly variants: ReadonlyArray<Variant>
  readonly rounds: Rounds
  /** Stops what the case started. */
  readonly dispose?: () => Promise<void>
}

export interface Case {
  readonly name: string
  /** `quick` measures fewer rounds: faster, and less stable. */
  readonly prepare: (quick: boolean) => Prepared | Promise<Prepared>
}
