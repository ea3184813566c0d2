import { assert, describe, it } from "@effect/vitest"
import { listShape, selectionRules, selectionShape } from "../../src/list/selection.ts"

const refused = (selection: Parameters<typeof selectionRules>[0]) =>
  selectionRules(selection).flatMap(([isWrong, field, reason]) => isWrong ? [`${field}: ${reason}`] : [])

const long = (length: number) => "x".repeat(length)

describe("a selection of runs", () => {
  it.each<[selection: Parameters<typeof selectionRules>[0], refusals: ReadonlyArray<string>]>([
    [{}, []],
    [{ environmentID: long(400), projectID: long(400), jobID: long(400) }, []],
    [{ environmentID: long(401) }, ["environmentID: Longer than 400 characters"]],
    [{ projectID: long(401) }, ["projectID: Expected 1 to 400 characters"]],
    [{ projectID: "" }, ["projectID: Expected 1 to 400 characters"]],
    [{ projectID: "p" }, []],
    [{ jobID: long(401) }, ["jobID: Longer than 400 characters"]],
    [{ jobID: "" }, []],
    [{ jobID: " " }, ["jobID: Expected the integer id of a job, or its name"]],
    [{ jobID: 1.5 }, ["jobID: Expected the integer id of a job, or its name"]],
    [{ jobID: 15 }, []],
    [{ jobID: 15, runType: "deploy" }, ["jobID: A deploy has no job: leave out jobID, or runType"]],
    [{ runType: "deploy" }, []],
    [{ jobID: 15, runType: "refresh" }, []]
  ])("is checked: %j", (selection, refusals) => {
    assert.deepStrictEqual(refused(selection), refusals)
  })

  it("takes a job by its id or its name, and one status or several", () => {
    const [jobReason, isJob] = selectionShape.jobID
    assert.deepStrictEqual([15, "Daily", true, null].map(isJob), [true, true, false, false])
    assert.strictEqual(jobReason, "Expected the id of a job, or its name")
    const [statusReason, isStatus] = listShape.runStatus
    assert.deepStrictEqual(["failed", ["failed"], 5, {}].map(isStatus), [true, true, false, false])
    assert.strictEqual(statusReason, "Expected a status, or an array of them")
  })
})
