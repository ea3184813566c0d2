import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { Run, type RunList, type RunWindow } from "../../src/index.ts"
import { axis, columns, deployStrip, legend, strip } from "../../src/timeline/strip.ts"

/** An instant so many columns after the begin of a window of two days: an hour is a column. */
const hour = (hours: number) => DateTime.makeUnsafe(Date.UTC(2026, 10, 3) + hours * 3_600_000)

const window: RunWindow.RunWindow = { since: hour(0), until: hour(48), timeZone: "UTC", timeZoneSource: "given" }

const run = (runStatus: string, start?: number, end?: number): RunList.RunLine => ({
  id: Run.RunId.make(1),
  runType: "refresh",
  runStatus,
  ...(start === undefined ? {} : { runStartTime: hour(start) }),
  ...(end === undefined ? {} : { runEndTime: hour(end) })
})

/** A strip without the columns at its end in which nothing is. */
const drawn = (runs: ReadonlyArray<RunList.RunLine>, usualStarts: ReadonlyArray<number> = []) => {
  const text = strip({ runs, usualStarts: usualStarts.map(hour) }, window)
  assert.lengthOf(text, columns)
  return text.replace(/\.+$/, "")
}

describe("the strip of a job", () => {
  it("has a sign for what a run became, from its start to its end", () => {
    const ends = ["completed", "failed", "canceled", "lost"].map((status) => drawn([run(status, 2, 4)]))
    assert.deepStrictEqual(ends, ["..===", "..XXX", "..ccc", "..???"])
    assert.deepStrictEqual(drawn([run("completed", 2)]), "..=")
    assert.deepStrictEqual(drawn([run("running", 44)]), `${".".repeat(44)}>>>>`)
    assert.strictEqual(drawn([run("waitingToRun")]), "")
  })

  it("shows the more urgent of two that share a column, in any order", () => {
    const all = [
      run("completed", 1, 2),
      run("canceled", 2, 3),
      run("lost", 3, 4),
      run("running", 4),
      run("failed", 5, 5)
    ]
    for (const runs of [all, all.toReversed()]) assert.strictEqual(drawn(runs, [0, 1]).slice(0, 8), "'=c?>X>>")
  })

  it("begins and ends with the window", () => {
    assert.strictEqual(drawn([run("completed", -9, 1)]), "==")
    assert.strictEqual(drawn([run("completed", 46, 99)]), `${".".repeat(46)}==`)
  })

  it("is explained by its legend", () => {
    assert.strictEqual(
      legend,
      "Each row: = completed, X failed, c canceled, > not ended, ? another status, ' usual start, | deploy."
    )
  })
})

describe("the strip of deploys", () => {
  it("has a sign where each started", () => {
    const shown = deployStrip([run("completed", 1), run("failed", 3), run("waitingToRun")], window)
    assert.strictEqual(shown, `.|.|${".".repeat(columns - 4)}`)
  })
})

describe("the axis of a strip", () => {
  const tick = (hours: number, time = `${String(hours % 24).padStart(2, "0")}:00`) => ({
    at: hour(hours),
    time,
    day: `2026-11-0${3 + Math.floor(hours / 24)}`
  })

  it("has each time above its column, where there is room", () => {
    assert.strictEqual(axis(window, [tick(0), tick(6), tick(12)]), "00:00 06:00 12:00")
    assert.strictEqual(axis(window, [tick(0), tick(5), tick(12)]), "00:00       12:00")
    assert.strictEqual(axis(window, [tick(0), tick(46)]), `00:00${" ".repeat(41)}22:00`)
    assert.strictEqual(axis(window, [tick(0), tick(47)]), "00:00")
  })

  it("has days where all times are the same", () => {
    assert.strictEqual(axis(window, [tick(0), tick(24)]), `11-03${" ".repeat(19)}11-04`)
  })
})
