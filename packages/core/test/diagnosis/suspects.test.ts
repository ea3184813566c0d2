import { describe, expect, it } from "@effect/vitest"
import { differencesOf } from "../../src/diagnosis/differences.ts"
import { failedIn } from "../../src/diagnosis/failedNodes.ts"
import { streakOf } from "../../src/diagnosis/history.ts"
import { touchableOf, touchedBy } from "../../src/diagnosis/suspectRank.ts"
import { deploysSince, suspectsOf } from "../../src/diagnosis/suspects.ts"
import * as Run from "../../src/Run.ts"
import { end, refresh, start } from "../support/hourly.ts"

const deploy = (id: number, deployCommitMessage: string, deployCommit = `c${id}`): Run.DeployRun => ({
  id: Run.RunId.make(id),
  runType: "deploy",
  runStatus: "completed",
  runStartTime: start(id),
  runEndTime: end(id),
  runDetails: { environmentID: "3", deployCommit, deployCommitMessage }
})

const about = touchableOf(
  failedIn([{
    nodeID: "1",
    name: "DIM_ORDER",
    runState: "error",
    queryResults: [{
      success: false,
      sql: `INSERT INTO MART.DIM_ORDER SELECT "SRC"."ORDER_ID" FROM STG.STG_ORDERS "SRC"`,
      error: { errorString: "invalid identifier '\"SRC\".\"ORDER_ID\"'" }
    }]
  }]),
  undefined
)

const around = (rows: ReadonlyArray<Run.Run>) => ({ rows, reasons: new Map(), compared: undefined, about })

describe("what a commit's message touches", () => {
  it("is a column, a node or a table as a word of its own, however it is written", () => {
    for (const message of ["Drop ORDER_ID", "rename order id", "Remove `order-id`;", "orderId is gone"]) {
      expect(touchedBy(message, about)).toEqual(["ORDER_ID"])
    }
    expect(touchedBy("New dim_order", about)).toEqual(["DIM_ORDER"])
    expect(touchedBy("Load STG_ORDERS twice", about)).toEqual(["STG_ORDERS"])
    for (const message of ["Reorder identity", "PREORDER_ID", "DIM_ORDERS", "Tidy up", undefined]) {
      expect(touchedBy(message, about)).toEqual([])
    }
  })

  it("puts the column before the node, the node before the table, and the nearest first among equals", () => {
    const rows = [
      deploy(8, "Tidy up"),
      deploy(7, "STG_ORDERS"),
      deploy(6, "DIM_ORDER"),
      deploy(5, "ORDER_ID"),
      deploy(4, "ORDER_ID")
    ]
    const { listed } = suspectsOf(streakOf(refresh(9, "failed"), [refresh(3, "completed")]), around(rows))
    expect(listed.map((one) => one.kind === "deploy" ? one.run.id : one.kind)).toEqual([5, 4, 6, 7, 8])
  })
})

describe("the deploys since a failure", () => {
  const failing = streakOf(refresh(9, "failed"), [refresh(3, "completed")])
  const since = (...rows: ReadonlyArray<Run.Run>) =>
    deploysSince(failing, around(rows))?.listed.map(({ reverts, run, touches }) => [run.id, reverts, touches])

  it("revert what was deployed if they say so, or deploy the commit of before", () => {
    const [before, guilty] = [deploy(2, "Before", "old"), deploy(5, "Rename ORDER_ID")]
    expect(since(before, guilty)).toBeUndefined()
    expect(since(before, guilty, deploy(10, "Revert \"Rename ORDER_ID\""))).toEqual([[10, true, ["ORDER_ID"]]])
    expect(since(before, guilty, deploy(10, "Before", "old"))).toEqual([[10, true, []]])
    expect(since(before, deploy(10, "Before", "old"))).toEqual([[10, false, []]])
    expect(since(guilty, deploy(11, "Tidy up"), deploy(10, "Mend DIM_ORDER"))).toEqual([
      [11, false, []],
      [10, false, ["DIM_ORDER"]]
    ])
  })
})

describe("what differs every night", () => {
  const on = (id: number, status: Run.RunStatus, date: string, warehouse = "L", parallelism = 8) =>
    refresh(id, status, {
      runTimeParameters: { DATE: date, REGION: id > 8 ? "US" : "EU" },
      userCredentials: { snowflakeWarehouse: warehouse },
      runDetails: { environmentID: "3", jobID: 1, parallelism }
    })
  const kinds = (...earlier: ReadonlyArray<Run.Run>) =>
    differencesOf(streakOf(on(9, "failed", "9", "S", 2), earlier)).map((one) =>
      one.kind === "parameters" ? one.changes.listed.map(({ name }) => name).join() : one.kind
    )

  it("is no suspect, and what changed once is", () => {
    const nights = [8, 7, 6, 5].map((id) => on(id, "completed", String(id)))
    expect(kinds(...nights)).toEqual(["REGION", "credentials", "parallelism"])
    // Two nights do not show what is usual.
    expect(kinds(...nights.slice(0, 2))).toEqual(["DATE,REGION", "credentials", "parallelism"])
    const changing = [8, 7, 6, 5].map((id) => on(id, "completed", String(id), `W${id}`, id))
    expect(kinds(...changing)).toEqual(["REGION"])
  })
})
