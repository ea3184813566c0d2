import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { RunBaseline } from "../../src/index.ts"
import { faults, plant } from "../support/faults.ts"
import { api, dice, healthyMonth, type Month } from "../support/months.ts"

const day = 86_400_000

/** Learns up to some times of a month, and returns what is unlike the usual at each. */
const check = (month: Month, times: ReadonlyArray<number>) => {
  const shown = api(month)
  let previous: RunBaseline.Baseline | undefined
  let learnedTo = 0
  return times.map((now) => {
    const overlap = Math.max(0, learnedTo - 2 * day)
    previous = RunBaseline.fromRuns(shown(overlap, now), { timeZone: month.timeZone, previous })
    learnedTo = now
    const window = { since: DateTime.makeUnsafe(now - 1.5 * day), until: DateTime.makeUnsafe(now) }
    return RunBaseline.deviations(previous, shown(now - 1.5 * day, now), window.until, window)
  })
}

/** Months of other seeds that raised an alarm once: two holidays on one day of the week, or one in the second week. */
const onceAlarmed = [2094, 10_583, 11_474, 11_663, 21_051]

describe("a healthy month", () => {
  const hundreds = Array.from({ length: 10 }, (_, hundred) => ({
    name: `${hundred * 100 + 1} to ${hundred * 100 + 100}`,
    seeds: Array.from({ length: 100 }, (_, index) => hundred * 100 + index + 1)
  }))

  it.each([...hundreds, { name: "that once did", seeds: onceAlarmed }])("gives no alarm: seeds $name", ({ seeds }) => {
    const alarms = []
    for (const seed of seeds) {
      const month = healthyMonth(seed)
      const roll = dice(seed + 1_000_000)
      const times = Array.from({ length: 4 }, () => month.first + roll.between(5, month.days) * day)
        .sort((a, b) => a - b)
      const found = check(month, times)
      for (const [index, deviations] of found.entries()) {
        for (const { kind, key, expectedAt, usual, run } of deviations) {
          alarms.push([
            seed,
            month.timeZone,
            kind,
            key,
            new Date(times[index] ?? 0).toISOString(),
            JSON.stringify({ expectedAt: expectedAt && DateTime.formatIso(expectedAt), starts: usual?.starts, run })
          ])
        }
      }
    }
    assert.deepStrictEqual(alarms, [])
  })
})

describe("a fault", () => {
  const names = Object.keys(faults).filter((name): name is keyof typeof faults => name in faults)

  it.each(names)("is found: %s", (name) => {
    const missed = []
    let planted = 0
    for (let seed = 1; planted < 40; seed++) {
      const fault = plant(name, seed)
      if (fault === undefined) continue
      planted++
      const [deviations = []] = check(fault.month, [fault.now])
      const { environmentID, jobID, kind } = fault.job
      const isFound = deviations.some((found) =>
        found.kind === faults[name].found &&
        (kind === "deploys"
          ? found.runType === "deploy" && found.environmentID === environmentID
          : found.jobID === jobID)
      )
      if (!isFound) {
        const baseline = RunBaseline.fromRuns(api(fault.month)(0, fault.now), { timeZone: fault.month.timeZone })
        missed.push([
          seed,
          new Date(fault.now).toISOString(),
          JSON.stringify(fault.job),
          JSON.stringify(baseline.jobs.find((job) => job.jobID === jobID)),
          JSON.stringify(deviations.map((found) => [found.kind, found.key]))
        ])
      }
    }
    assert.deepStrictEqual(missed, [])
  })
})
