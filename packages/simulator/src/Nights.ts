/**
 * Nights of a data team, each after six ordinary weeks of several jobs in several environments: what is usual can be learned
 * from them. They test the library's own baseline, health check and diagnosis. Use them to test your own.
 *
 * **Example** (A night to look at)
 *
 * ```ts
 * import { Nights, Scenario } from "@coalesce-runs/simulator"
 *
 * const { description, history } = Nights.get("a nightly that did not run")
 *
 * description // => "Nobody started Daily sales at 02:00. All other jobs ran."
 * Scenario.find(history, "Daily sales").runStartTime?.slice(0, 16) // => "2026-03-09T02:00"
 * ```
 *
 * @since 0.1.0
 */
import { failures } from "./nights/failures.ts"
import type { Night } from "./nights/Night.ts"
import { quiet } from "./nights/quiet.ts"

export type { Night } from "./nights/Night.ts"

/** Returns all nights. The history of each is built when it is first read, the same each time. */
export const all = (): ReadonlyArray<Night> => [...failures(), ...quiet()]

/** Returns the night of this name. Throws if there is none. */
export const get = (name: string): Night => {
  const nights = all()
  const night = nights.find((night) => night.name === name)
  if (night === undefined) {
    throw new Error(
      `There is no night ${JSON.stringify(name)}. The nights are: ${nights.map(({ name }) => name).join("; ")}.`
    )
  }
  return night
}
