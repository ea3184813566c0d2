import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { Run, RunList } from "../../src/index.ts"
import { durationSeconds, startedAt, titleOf, took } from "../../src/list/runWords.ts"
import { lineText } from "../../src/report/toText.ts"
import * as Words from "../../src/report/words.ts"
import { deploy, refresh } from "../support/list.ts"

const words = Words.make()

describe("a run in words", () => {
  it.each(
    [
      [RunList.fromRun(refresh), "refresh \"Daily sales\" (job 15) in env 3"],
      [RunList.fromRun(deploy), "deploy of 52ffe770cb64 \"New \\\"order\\\" model\" in env 3"],
      [{ id: Run.RunId.make(1), runType: "refresh", runStatus: "failed", jobID: 4 }, "refresh of job 4"],
      [
        { id: Run.RunId.make(1), runType: "refresh", runStatus: "failed", includeNodesSelector: "{a}" },
        "refresh of \"{a}\""
      ]
    ] satisfies ReadonlyArray<readonly [RunList.RunLine, string]>
  )("has a title", (run, title) => {
    expect(lineText(titleOf(run, words))).toBe(title)
  })

  it("says when it started and how long it took", () => {
    expect(startedAt(RunList.fromRun(refresh), words)).toBe(" (2026-11-03 02:00)")
    expect(startedAt(RunList.fromRun(deploy), words)).toBe(" (not started)")
    const now = new Date("2026-11-03T06:12:00Z")
    expect(startedAt(RunList.fromRun(refresh), Words.make({ now }))).toBe(" (2026-11-03 02:00, 4h ago)")
    expect(startedAt(RunList.fromRun(deploy), Words.make({ now }))).toBe(" (not started)")
    expect(took(RunList.fromRun(refresh))).toBe(", after 10m2s")
    expect(took(RunList.fromRun(deploy))).toBe("")
    const backwards = RunList.fromRun({ ...refresh, runEndTime: DateTime.makeUnsafe("2026-11-03T01:00:00Z") })
    expect(durationSeconds(backwards)).toBeUndefined()
  })

  it("has one line, which says to a person when it started", () => {
    const run = RunList.fromRun(refresh)
    const name = `run ${run.id}, refresh "Daily sales" (job 15) in env 3`
    expect(RunList.nameRun()(run)).toBe(name)
    expect(RunList.nameRun({ now: new Date("2026-11-03T02:07:00Z") })(run)).toBe(`${name} (2026-11-03 02:00, 7m ago)`)
  })
})
