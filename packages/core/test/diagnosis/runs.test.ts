import { assert, describe, it } from "@effect/vitest"
import { diagnosedRun } from "../../src/diagnosis/runs.ts"
import { lineOf } from "../../src/inspection/runs.ts"
import * as Run from "../../src/Run.ts"

const run: Run.RunSummary = { id: Run.RunId.make(7), runType: "refresh", runStatus: "failed" }

describe("the runFailureReason of a run in one line", () => {
  it("is whole, however long it is", () => {
    const whole = `Division by zero ${"x".repeat(5000)} end`
    assert.strictEqual(lineOf(run, new Map([[7, whole]])).runFailureReason, whole)
    assert.strictEqual(diagnosedRun(run, new Map([[7, whole]]), undefined).cause?.class, "divisionByZero")
  })

  it("shows no key and no password, whichever row it comes from", () => {
    const reason = "COPY INTO T CREDENTIALS = (AWS_SECRET_KEY = 'hunter2') failed"
    const expected = "COPY INTO T CREDENTIALS = (AWS_SECRET_KEY = '***') failed"
    assert.strictEqual(lineOf(run, new Map([[7, reason]])).runFailureReason, expected)
    assert.strictEqual(lineOf({ ...run, runFailureReason: reason }).runFailureReason, expected)
    assert.notInclude(JSON.stringify(diagnosedRun(run, new Map([[7, reason]]), undefined)), "hunter2")
  })
})
