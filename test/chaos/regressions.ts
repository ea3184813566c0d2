/** Schedules that failed once, or that must not be left to chance, each by the name of what it shows. */
import { life, plain } from "./plain.ts"
import type { Schedule } from "./schedule.ts"

export interface Regression {
  readonly name: string
  readonly schedule: Schedule
}

const { query } = plain

const byStart = { ...query, orderBy: "runStartTime", orderByDirection: "asc" } as const

const sevenRuns = Array.from({ length: 7 }, (_, index) => life(index + 2, index))

const asksToWait = { kind: "status", status: 429, body: "json", retryAfter: "0.4", ending: "whole" } as const

export const regressions: ReadonlyArray<Regression> = [
  {
    // Not left to chance: on a busy machine a client may seem to have waited for 20 ms.
    name: "a client waits as long as each of 3 responses asks",
    schedule: { ...plain, lives: [life(1, 1)], faults: Array(3).fill(asksToWait), retries: 3 }
  },
  ...(["used", "nothing"] as const).map((says): Regression => ({
    name: `the server cuts its pages and states its limit as "${says}"`,
    schedule: { ...plain, style: { ...plain.style, clamp: 3, says }, lives: sevenRuns }
  })),
  ...(["list", "pages"] as const).map((reader): Regression => ({
    // The third page is requested while the reader works on the second one.
    name: `the page ahead of ${reader} fails, and the error comes behind the runs before it`,
    schedule: {
      ...plain,
      reader,
      query: { ...query, pageSize: 2 },
      lives: sevenRuns,
      faults: [undefined, undefined, { kind: "status", status: 403, body: "json", ending: "whole" }]
    }
  })),
  {
    name: "by a time: an error among runs of one time resumes behind those that were seen",
    schedule: {
      ...plain,
      query: { ...byStart, pageSize: 3 },
      lives: Array.from({ length: 7 }, (_, index) => life(index + 1, 1)),
      faults: [undefined, { kind: "status", status: 403, body: "json", ending: "whole" }],
      resumeBy: "error"
    }
  },
  {
    name: "a window holds the runs of its first time and none of its end",
    schedule: {
      ...plain,
      reader: "window",
      query: { ...query, orderBy: "runStartTime" },
      lives: sevenRuns,
      window: [2, 5]
    }
  },
  {
    name: "a next inside its page brings no run twice",
    schedule: {
      ...plain,
      style: { ...plain.style, next: "last" },
      query: { ...query, pageSize: 3 },
      lives: sevenRuns,
      faults: [{ kind: "lie", lie: "nextInside" }]
    }
  },
  {
    // The page behind it is requested by its last row, which is not the last one in order.
    name: "an error behind an unordered page resumes behind all of its runs, where the cursor is opaque",
    schedule: {
      ...plain,
      style: { ...plain.style, next: "opaque" },
      query: { ...query, orderByDirection: "desc", pageSize: 2 },
      lives: sevenRuns,
      faults: [
        undefined,
        undefined,
        { kind: "lie", lie: "unordered" },
        { kind: "status", status: 403, body: "json", ending: "whole" }
      ],
      resumeBy: "error"
    }
  },
  ...(["absent", "always"] as const).map((next): Regression => ({
    name: `a server that states less than its limit has an end, whose next is ${next}`,
    schedule: {
      ...plain,
      reader: "listPage",
      style: { ...plain.style, says: "less", next },
      query: { ...byStart, pageSize: 1 },
      lives: sevenRuns
    }
  })),
  ...(["echo", "escapedEcho", "slashedEcho"] as const).map((oddity): Regression => ({
    name: `a row that repeats the token (${oddity}) brings a run without it`,
    schedule: { ...plain, lives: [life(1, 1), life(2, 2, oddity)] }
  })),
  ...(["noId", "fractionalId", "booleanId", "nullRow", "textRow", "arrayRow"] as const).map((oddity): Regression => ({
    name: `by a time: a page by id with a row that is ${oddity} shows that no run was cut off`,
    schedule: {
      ...plain,
      query: byStart,
      // 14 runs of one time, and 3 without a time. One of these is among the first 15.
      lives: Array.from(
        { length: 17 },
        (_, index) => index === 7 ? life(8, undefined, oddity) : life(index + 1, index % 16 === 0 ? undefined : 0)
      )
    }
  })),
  {
    name: "by a time: a row without an id and with a time is no run that was cut off",
    schedule: { ...plain, query: byStart, lives: [life(1, 0, "noId"), life(2, 1), life(3, 1, "noId")], cuts: [1] }
  },
  {
    // Found by seed 20261137.
    name: "by a time: a run appears before the page by id of a stream that resumed",
    schedule: {
      ...plain,
      query: { ...query, orderBy: "runEndTime" },
      lives: [life(1, 1, undefined, 2), life(5, 5)],
      cuts: [1]
    }
  },
  {
    name: "by a time: a run without a time appears between two pages by id",
    schedule: { ...plain, query: byStart, lives: [life(1, 1), life(2, undefined, undefined, 2)] }
  },
  {
    // Found by seed 20261131, as a defect of the suite.
    name: "a page comes though the small request behind it meets a status that is not retried",
    schedule: {
      ...plain,
      reader: "listPage",
      lives: [life(2, 2), life(3, 3)],
      faults: [undefined, { kind: "status", status: 403, body: "json", ending: "whole" }]
    }
  },
  {
    // Found by seed 20261139, as a defect of the suite.
    name: "a page that one row fills twice is no progress, and the list goes on behind it",
    schedule: {
      ...plain,
      reader: "listPage",
      query: { ...byStart, pageSize: 1 },
      lives: [life(1, 1), life(2, 2), life(3, 8), life(9, 10, "noStatus")],
      faults: [undefined, undefined, undefined, undefined, { kind: "lie", lie: "duplicates" }]
    }
  },
  {
    // Found by seed 20261128, as a defect of the suite.
    name: "a page that rows from before its cursor fill is no progress, and the list goes on behind it",
    schedule: {
      ...plain,
      reader: "listPage",
      style: { says: "asked", next: "always", ties: "desc", untimed: "last" },
      query: { ...query, orderBy: "runEndTime", pageSize: 3 },
      lives: [life(1, 1), life(2, 1), ...Array.from({ length: 6 }, (_, index) => life(index + 3, index + 2))],
      faults: [undefined, undefined, undefined, { kind: "lie", lie: "again" }]
    }
  }
]
