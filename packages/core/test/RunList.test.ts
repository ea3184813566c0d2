import { Run, RunList } from "@coalesce-runs/core"
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { durationSeconds, startedAt, titleOf, took } from "../src/list/runWords.ts"
import { lineText } from "../src/report/toText.ts"
import * as Words from "../src/report/words.ts"

const time = (text: string) => DateTime.makeUnsafe(text)

const refresh: Run.Run = {
  id: Run.RunId.make(1202),
  runType: "refresh",
  runStatus: "failed",
  reRunID: Run.RunId.make(1200),
  runStartTime: time("2026-11-03T02:00:00Z"),
  runEndTime: time("2026-11-03T02:10:02Z"),
  runDetails: { environmentID: "3", jobID: 15, jobName: "Daily sales", includeNodesSelector: "{ * }", nodesInRun: 12 }
}

const deploy: Run.Run = {
  id: Run.RunId.make(7),
  runType: "deploy",
  runStatus: "running",
  runDetails: { environmentID: "3", deployCommit: "52ffe770cb64aa", deployCommitMessage: "New \"order\" model" }
}

const words = Words.make()

describe("RunList.fromRun", () => {
  it("keeps of a detailed run what a report needs, with the reason of its summary row", () => {
    const line = RunList.fromRun(refresh, "a reason")
    expect(line).toEqual({
      id: 1202,
      runType: "refresh",
      runStatus: "failed",
      reRunID: 1200,
      runStartTime: refresh.runStartTime,
      runEndTime: refresh.runEndTime,
      environmentID: "3",
      jobID: 15,
      jobName: "Daily sales",
      nodesInRun: 12,
      runFailureReason: "a reason"
    })
    const json = JSON.parse(JSON.stringify(Schema.encodeUnknownSync(RunList.RunLine)(line)))
    expect(json.runStartTime).toBe("2026-11-03T02:00:00.000Z")
    expect(Schema.decodeUnknownSync(RunList.RunLine)(json)).toEqual(line)
  })

  it("keeps the selector of a refresh without a job, and the reason of a summary", () => {
    const { jobID: _, jobName: __, ...runDetails } = { ...refresh.runDetails, jobID: 15, jobName: "" }
    expect(RunList.fromRun({ ...refresh, runDetails }).includeNodesSelector).toBe("{ * }")
    const summary: Run.RunSummary = {
      id: Run.RunId.make(1),
      runType: "refresh",
      runStatus: "failed",
      runFailureReason: "own"
    }
    expect(RunList.fromRun(summary, "other").runFailureReason).toBe("own")
  })
})

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
    expect(took(RunList.fromRun(refresh))).toBe(", after 10m2s")
    expect(took(RunList.fromRun(deploy))).toBe("")
    const backwards = RunList.fromRun({ ...refresh, runEndTime: time("2026-11-03T01:00:00Z") })
    expect(durationSeconds(backwards)).toBe(0)
  })
})
