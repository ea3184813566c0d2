import { SimulatedRun } from "@coalesce-runs/simulator"
import { describe, expect, it } from "@effect/vitest"

describe("the rows of a run", () => {
  const failed: SimulatedRun.SimulatedRun = {
    id: 7,
    runType: "refresh",
    runStatus: "completed",
    reRunID: 5,
    environmentID: "3",
    runFailureReason: "Division by zero",
    runDetails: { jobID: 15 },
    runHistory: [5]
  }

  it("have the failure reason and the environment at the top of the summary", () => {
    expect(SimulatedRun.summaryRow(failed)).toEqual({
      id: 7,
      reRunID: "5",
      runType: "refresh",
      runStatus: "completed",
      environmentID: "3",
      runFailureReason: "Division by zero"
    })
  })

  it("have the environment among the details of the detailed row, and no failure reason", () => {
    expect(SimulatedRun.detailedRow(failed)).toEqual({
      id: 7,
      reRunID: "5",
      runType: "refresh",
      runStatus: "completed",
      runDetails: { environmentID: "3", jobID: 15 },
      runHistory: [5],
      runTimeParameters: {}
    })
  })

  it("write ids as text where that is asked for", () => {
    expect(SimulatedRun.summaryRow(failed, "string")).toMatchObject({ id: "7" })
    expect(SimulatedRun.detailedRow(failed, "string")).toMatchObject({ id: "7", runHistory: ["5"] })
  })
})
