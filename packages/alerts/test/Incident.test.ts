import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import {
  after,
  badNumber,
  missing,
  missingOther,
  night,
  type Options,
  play,
  quota,
  type Step,
  told
} from "./support/story.ts"

const stories: Readonly<
  Record<string, { steps: ReadonlyArray<Step>; options?: Options; told: ReadonlyArray<string> }>
> = {
  "tells the first failure at once": {
    steps: [[night("02:00"), { id: 1, error: missing }]],
    told: ["11-03 02:00 opened first failures"]
  },
  "tells a failure once, however often it is seen": {
    steps: [
      [night("02:00"), { id: 1, error: missing }],
      [night("02:00"), { id: 1, error: missing }],
      [night("02:10"), "check"],
      [night("09:00"), "check"]
    ],
    told: ["11-03 02:00 opened first failures"]
  },
  "updates when a second job fails of the cause, and not before a quarter of an hour is over": {
    steps: [
      [night("02:00"), { id: 1, error: missing }],
      [night("02:05"), { id: 2, job: 16, error: missing }],
      [night("02:10"), "nothing"],
      [night("02:15"), "nothing"]
    ],
    told: ["11-03 02:00 opened first failures", "11-03 02:15 updated anotherJob failures"]
  },
  "opens an incident of its own for another cause, object or environment": {
    steps: [
      [night("02:00"), { id: 1, error: missing }],
      [night("02:01"), { id: 2, job: 16, error: missingOther }],
      [night("02:02"), { id: 3, job: 17, error: badNumber }],
      [night("02:03"), { id: 4, job: 18, env: "4", error: missing }]
    ],
    told: [
      "11-03 02:00 opened first failures",
      "11-03 02:01 opened first failures",
      "11-03 02:02 opened first failures",
      "11-03 02:03 opened first failures"
    ]
  },
  "updates on the next night": {
    steps: [
      [night("02:00"), { id: 1, error: missing }],
      [night("02:00", 4), { id: 2, error: missing }],
      [night("02:00", 5), { id: 3, error: missing }]
    ],
    told: [
      "11-03 02:00 opened first failures",
      "11-04 02:00 updated anotherNight failures",
      "11-05 02:00 updated anotherNight failures"
    ]
  },
  "resolves when a re-run passes": {
    steps: [
      [night("02:00"), { id: 1, error: missing }],
      [night("02:30"), { id: 2, reRunOf: 1 }],
      [night("03:00"), { id: 3 }]
    ],
    told: ["11-03 02:00 opened first failures", "11-03 02:30 resolved recovered failures"]
  },
  "does not resolve when a run passes without the failed node": {
    steps: [
      [night("02:00"), { id: 1, error: missing }],
      [night("02:30"), { id: 2, reRunOf: 1, nodes: ["OTHER"] }]
    ],
    told: ["11-03 02:00 opened first failures"]
  },
  "resolves when the last of its jobs has recovered": {
    steps: [
      [night("02:00"), { id: 1, error: quota }],
      [night("02:20"), { id: 2, job: 16, error: quota }],
      [night("03:00"), { id: 3 }],
      [night("03:25"), { id: 4, job: 16 }]
    ],
    told: [
      "11-03 02:00 opened first failures",
      "11-03 02:20 updated anotherJob failures",
      "11-03 03:25 resolved recovered failures"
    ]
  },
  "resolves by a check what the watch did not see": {
    steps: [
      [night("02:00"), { id: 1, error: missing }],
      [night("02:30"), { id: 2, reRunOf: 1, unseen: true }],
      [night("02:40"), "check"]
    ],
    told: ["11-03 02:00 opened first failures", "11-03 02:40 resolved recovered failures"]
  },
  "comes back once after it was resolved, and then is over only when it stays away": {
    steps: [
      [night("02:00"), { id: 1, error: missing }],
      [night("02:10"), { id: 2, reRunOf: 1 }],
      [night("04:00"), { id: 3, error: missing }],
      [night("04:10"), { id: 4, reRunOf: 3 }],
      [night("06:00"), { id: 5, error: missing }],
      [night("06:10"), { id: 6, reRunOf: 5 }],
      [night("12:00"), "nothing"],
      [night("12:10"), "nothing"]
    ],
    told: [
      "11-03 02:00 opened first failures",
      "11-03 02:10 resolved recovered failures",
      "11-03 04:00 updated again failures",
      "11-03 12:10 resolved recovered failures"
    ]
  },
  "waits an hour with the end of a job that passed soon after it failed, in case it fails again": {
    steps: [
      [night("02:00"), { id: 1, error: missing }],
      [night("02:10"), { id: 2 }],
      [night("02:59"), "nothing"],
      [night("03:00"), "nothing"]
    ],
    told: ["11-03 02:00 opened first failures", "11-03 03:00 resolved recovered failures"]
  },
  "waits as long as is asked for": {
    options: { resolveAfter: "10 minutes" },
    steps: [[night("02:00"), { id: 1, error: missing }], [night("02:10"), { id: 2 }]],
    told: ["11-03 02:00 opened first failures", "11-03 02:10 resolved recovered failures"]
  },
  "tells the end at once when somebody runs a nightly job again": {
    steps: [
      [night("02:00", 2), { id: 1 }],
      [night("02:00"), { id: 2, error: missing }],
      [night("02:05"), { id: 3, reRunOf: 2 }]
    ],
    told: ["11-03 02:00 opened first failures", "11-03 02:05 resolved recovered failures"]
  },
  "tells nobody of a flake that a retry makes good while it is quiet": {
    options: { quiet: "10 minutes" },
    steps: [
      [night("02:00"), { id: 1, error: missing }],
      [night("02:05"), { id: 2, reRunOf: 1 }],
      [night("02:10"), "nothing"],
      [night("09:00"), "check"]
    ],
    told: []
  },
  "tells a failure when the quiet is over and no retry came": {
    options: { quiet: "10 minutes" },
    steps: [
      [night("02:00"), { id: 1, error: missing }],
      [night("02:09"), "nothing"],
      [night("02:10"), "nothing"]
    ],
    told: ["11-03 02:10 opened first failures"]
  },
  "stays quiet while a retry runs, four times as long at most": {
    options: { quiet: "10 minutes" },
    steps: [
      [night("02:00"), { id: 1, error: missing }],
      [night("02:08"), { id: 2, reRunOf: 1, runStatus: "running" }],
      ["2026-11-03T02:10", "check"],
      ["2026-11-03T02:19", "nothing"],
      ["2026-11-03T02:20", "check"],
      ["2026-11-03T02:30", "check"],
      ["2026-11-03T02:39", "nothing"],
      ["2026-11-03T02:40", "nothing"]
    ],
    told: ["11-03 02:40 opened first failures"]
  },
  "doubles the time between updates when one job after another fails": {
    steps: Array.from(
      { length: 120 },
      (_, index): Step => [after(index * 2), { id: index + 1, job: index, error: quota }]
    ),
    told: [
      "11-03 02:00 opened first failures",
      "11-03 02:16 updated anotherJob failures",
      "11-03 02:46 updated anotherJob failures",
      "11-03 03:46 updated anotherJob failures",
      "11-03 05:46 updated anotherJob failures"
    ]
  },
  "reminds of what is not over, if that is asked for": {
    options: { remindEvery: "4 hours" },
    steps: [
      [night("02:00"), { id: 1, error: missing }],
      [night("05:59"), "nothing"],
      [night("06:00"), "nothing"],
      [night("07:00"), { id: 2 }],
      [night("12:00"), "nothing"]
    ],
    told: [
      "11-03 02:00 opened first failures",
      "11-03 06:00 updated reminder failures",
      "11-03 07:00 resolved recovered failures"
    ]
  },
  "puts failures that name no cause together by job": {
    steps: [
      [night("02:00"), { id: 1, error: "undefined" }],
      [night("02:30"), { id: 2, error: "undefined" }],
      [night("02:35"), { id: 3, job: 16, error: "undefined" }]
    ],
    told: ["11-03 02:00 opened first failures", "11-03 02:35 opened first failures"]
  },
  "tells failures that only a check has seen, in the same incident": {
    steps: [
      [night("02:00"), { id: 1, runStatus: "running" }],
      [night("02:20"), { id: 2, job: 16, error: missing }],
      [night("02:20"), "check"],
      [night("02:30"), "check"]
    ],
    told: ["11-03 02:20 opened first failures"]
  },
  "tells a completed run with failed tests, once, and its end": {
    steps: [
      [night("02:00"), { id: 1, failedTest: "ID is unique" }],
      [night("02:15"), "check"],
      [night("02:30"), "check"],
      [night("03:00"), { id: 2 }],
      [night("03:15"), "check"]
    ],
    told: ["11-03 02:15 opened first failedTests", "11-03 03:15 resolved gone failedTests"]
  },
  "tells a stuck run, once, and its end": {
    options: { since: "48h" },
    steps: [
      [night("03:00", 4), { id: 1, runStatus: "running", took: 1500 }],
      [night("03:00", 4), "check"],
      [night("03:15", 4), "check"],
      [night("03:20", 4), { id: 1, took: 1520 }],
      [night("03:30", 4), "check"]
    ],
    told: ["11-04 03:00 opened first stuck", "11-04 03:30 resolved gone stuck"]
  }
}

describe("Incident", () => {
  for (const [title, { options, steps, told: expected }] of Object.entries(stories)) {
    it.effect(title, () =>
      Effect.gen(function*() {
        expect(told(yield* play(steps, options))).toEqual(expected)
      }))
  }
})
