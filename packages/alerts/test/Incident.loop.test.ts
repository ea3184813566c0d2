// Failures of one job in a loop, with passes and retries in between or without: one incident, at most three messages.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { after, type Ends, missing, type Options, play, type Step, told } from "./support/story.ts"

/** Runs of one job, each some minutes after the one before it. A `P` passes, an `F` fails; small letters are re-runs. */
const runs = (pattern: string, minutes: ReadonlyArray<number>): ReadonlyArray<Step> => {
  let at = 0
  return [...pattern].map((letter, index): Step => {
    const isReRun = letter === letter.toLowerCase()
    const end: Ends = {
      id: index + 1,
      ...(isReRun ? { reRunOf: index } : {}),
      ...(letter.toLowerCase() === "f" ? { error: missing } : {})
    }
    const time = after(at)
    at += minutes[index % minutes.length] ?? 5
    return [time, end]
  })
}

const loops: Readonly<Record<string, { steps: ReadonlyArray<Step>; options?: Options; told: ReadonlyArray<string> }>> =
  {
    "300 failures, one after another": {
      steps: runs(`P${"F".repeat(300)}P`, [5]),
      told: ["11-03 02:05 opened first", "11-03 02:20 updated loop", "11-04 04:25 resolved recovered"]
    },
    "300 failures, with passes in between, and no run before": {
      steps: runs("FP".repeat(300), [5]),
      told: ["11-03 02:00 opened first", "11-03 02:30 updated loop", "11-05 05:15 resolved recovered"]
    },
    "failures with passes in between, at odd intervals": {
      steps: runs(`P${"FP".repeat(30)}`, [3, 20, 7, 31, 12, 26]),
      told: ["11-03 02:03 opened first", "11-03 03:42 updated loop", "11-03 19:10 resolved recovered"]
    },
    "failures whose retries pass": {
      steps: runs(`P${"Fp".repeat(40)}`, [10]),
      told: ["11-03 02:10 opened first", "11-03 03:10 updated loop", "11-03 16:40 resolved recovered"]
    },
    "failures whose retries fail, and the retries of these pass": {
      steps: runs(`P${"Ffp".repeat(25)}`, [5]),
      told: ["11-03 02:05 opened first", "11-03 02:25 updated loop", "11-03 09:35 resolved recovered"]
    },
    "flakes in a loop, which nobody is told of one by one": {
      options: { quiet: "15 minutes" },
      steps: runs(`P${"Fp".repeat(40)}`, [5]),
      told: ["11-03 02:35 opened first", "11-03 10:00 resolved recovered"]
    }
  }

describe("Incident, of a loop", () => {
  for (const [title, { options, steps, told: expected }] of Object.entries(loops)) {
    it.effect(`tells three messages at most of ${title}`, () =>
      Effect.gen(function*() {
        const [last = after(0)] = steps.at(-1) ?? []
        const later = [40, 80].map((minutes): Step => [
          new Date(Date.parse(`${last}Z`) + minutes * 60_000).toISOString().slice(0, 16),
          "nothing"
        ])
        const story = yield* play([...steps, ...later], { ...options, keptRuns: 16 })
        expect(told(story)).toEqual(expected.map((line) => `${line} failures`))
        expect(new Set(story.messages.map(({ incidentID }) => incidentID)).size).toBe(1)
      }), 60_000)
  }
})
