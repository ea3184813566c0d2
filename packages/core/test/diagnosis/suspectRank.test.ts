// What suspects share with a failure, and which deploys are suspects, as tables of calls.
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { streakOf } from "../../src/diagnosis/history.ts"
import type { Suspect } from "../../src/diagnosis/historyModel.ts"
import { ranked, type Touchable, touchableOf, touchedBy } from "../../src/diagnosis/suspectRank.ts"
import { deploysSince, suspectsOf } from "../../src/diagnosis/suspects.ts"
import * as Run from "../../src/Run.ts"

const about: Touchable = {
  objects: ["ORDER_ID"],
  nodes: ["DIM_ORDER"],
  tables: ["STG_ORDERS"],
  classes: new Set(),
  messages: ["Database 'PROD_EU' does not exist", "Timeout"]
}

const touches = (suspect: Suspect, of: Partial<Touchable> = {}) => ranked([suspect], { ...about, ...of })[0]?.touches

const parameters = (name: string, before?: string, after?: string): Suspect => ({
  kind: "parameters",
  why: "",
  changes: {
    listed: [{
      name,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after })
    }],
    more: 0
  }
})

describe("what a suspect shares with a failure", () => {
  it("is a parameter whose name or value a message has, without its quotation marks", () => {
    expect(touches(parameters("DB", "\"PROD_EU\"", "\"QA\""))).toEqual(["DB"])
    expect(touches(parameters("DB", "\"QA\"", "\"PROD_EU\""))).toEqual(["DB"])
    expect(touches(parameters("PROD_EU"))).toEqual(["PROD_EU"])
    expect(touches(parameters("DB", "PROD_EU"))).toEqual(["DB"])
    expect(touches(parameters("DB", "\"PROD_US\"", "\"QA\""))).toBeUndefined()
    // Two letters are part of any message, and three may not be.
    expect(touches(parameters("DB", "\"EU\""))).toBeUndefined()
    expect(touches(parameters("DB", "\"PRO\""))).toEqual(["DB"])
    expect(touches(parameters("DB", "[\"PROD_EU\"]"))).toBeUndefined()
    expect(touches(parameters("DB", "\"PROD_EU\" "))).toBeUndefined()
    expect(touches(parameters("DB", "\"PROD_EU\""), { messages: [] })).toBeUndefined()
  })

  it("is a field of the sign-in that the class is about", () => {
    const fields = ["snowflakeAccount", "snowflakeUsername", "snowflakeRole", "snowflakeWarehouse"]
    const credentials: Suspect = { kind: "credentials", why: "", fields }
    const of = (...classes: ReadonlyArray<string>) => touches(credentials, { classes: new Set(classes) })
    for (const ofWarehouse of ["warehouseOrQuota", "timeout", "sizeLimit"]) {
      expect(of(ofWarehouse)).toEqual(fields.slice(3))
    }
    expect(of("privilege")).toEqual(fields.slice(1, 3))
    expect(of("missingObjectOrGrant")).toEqual(fields.slice(0, 3))
    expect(of("authenticationOrNetwork")).toEqual(fields)
    expect(of("storage")).toEqual(fields.slice(2, 3))
    expect(of("syntax", "storage")).toEqual(fields.slice(2, 3))
    expect(of("syntax")).toBeUndefined()
    expect(of()).toBeUndefined()
  })

  it("is how much runs at once, where the class tells of that, and never the nodes", () => {
    const parallelism: Suspect = { kind: "parallelism", why: "", before: 4, after: 8 }
    for (const one of ["lock", "timeout", "sizeLimit"]) {
      expect(touches(parallelism, { classes: new Set(["syntax", one]) })).toEqual(["parallelism"])
    }
    expect(touches(parallelism, { classes: new Set(["syntax"]) })).toBeUndefined()
    expect(touches({ kind: "nodeCount", why: "", before: 4, after: 8 }, { classes: new Set(["lock"]) })).toBeUndefined()
    expect(touches({ kind: "selector", why: "" }, { classes: new Set(["lock"]) })).toBeUndefined()
  })

  it("ranks a setting with a column, before a node, a table and what is only near", () => {
    const deploy = (id: number, deployCommitMessage: string): Suspect => ({
      kind: "deploy",
      why: "",
      run: { id: Run.RunId.make(id), runType: "deploy", runStatus: "completed", deployCommitMessage }
    })
    const all = ranked([
      { kind: "selector", why: "" },
      deploy(1, "Tidy up"),
      deploy(2, "STG_ORDERS"),
      deploy(3, "DIM_ORDER"),
      parameters("DB", "\"PROD_EU\""),
      deploy(4, "ORDER_ID")
    ], about)
    expect(all.map((one) => one.kind === "deploy" ? one.run.id : one.kind)).toEqual([
      "parameters",
      4,
      3,
      2,
      "selector",
      1
    ])
    expect(all.filter((one) => "touches" in one)).toHaveLength(4)
  })

  it("is at most 3 names of a commit's message, each of 3 characters at least", () => {
    const names = { ...about, objects: ["AAA", "BBB"], nodes: ["CCC", "AAA"], tables: ["DDD", "_-_"] }
    expect(touchedBy("aaa bbb ccc ddd", names)).toEqual(["AAA", "BBB", "CCC"])
    expect(touchedBy("ddd aaa", names)).toEqual(["AAA", "DDD"])
    expect(touchedBy("_-_ and nothing", names)).toEqual([])
    expect(touchedBy("", names)).toEqual([])
    expect(touchedBy("my ORDER.ID", { ...about, objects: ["_ORDER_ID_"] })).toEqual(["_ORDER_ID_"])
  })

  it("is told by the reason of the run, where no node names a cause", () => {
    const reason = { class: "lock", message: "m", object: "DB.RAW.ORDERS" }
    expect(touchableOf([], reason)).toEqual({
      objects: ["ORDERS"],
      nodes: [],
      tables: [],
      classes: new Set(["lock"]),
      messages: ["m"]
    })
    expect(touchableOf([], { class: "lock", message: "m" }).objects).toEqual([])
    expect(touchableOf([], undefined)).toEqual({ objects: [], nodes: [], tables: [], classes: new Set(), messages: [] })
  })
})

const start = (id: number) => DateTime.makeUnsafe(Date.UTC(2026, 2, 10, id))
const end = (id: number) => DateTime.add(start(id), { minutes: 10 })

const refresh = (id: number, runStatus: Run.RunStatus, more: Partial<Run.RefreshRun> = {}): Run.RefreshRun => ({
  id: Run.RunId.make(id),
  runType: "refresh",
  runStatus,
  runStartTime: start(id),
  runEndTime: end(id),
  runDetails: { environmentID: "3", jobID: 1 },
  ...more
})

const deploy = (id: number, more: Partial<Run.DeployRun> = {}): Run.DeployRun => ({
  id: Run.RunId.make(id),
  runType: "deploy",
  runStatus: "completed",
  runStartTime: start(id),
  runEndTime: end(id),
  runDetails: { environmentID: "3", deployCommit: `c${id}` },
  ...more
})

const around = (rows: ReadonlyArray<Run.Run>) => ({ rows, reasons: new Map(), compared: undefined, about })
const failing = streakOf(refresh(9, "failed"), [refresh(4, "completed")])
const notStarted = ({ runStartTime: _, ...rest }: Run.DeployRun): Run.DeployRun => rest
const notEnded = ({ runEndTime: _, ...rest }: Run.DeployRun): Run.DeployRun => rest

describe("deploys that may have caused a failure", () => {
  const whys = (...deploys: ReadonlyArray<Run.DeployRun>) =>
    suspectsOf(failing, around(deploys)).listed.map((one) => one.why.replace(/ (?:before|between) .*?(?=;|,|$)/, ""))

  it("say how they ended", () => {
    expect(whys(deploy(6))).toEqual(["Deployed"])
    expect(whys(deploy(6, { runStatus: "failed" }))).toEqual(["Failed; it may be applied in part"])
    expect(whys(deploy(6, { runStatus: "canceled" }))).toEqual(["Was canceled; it may be applied in part"])
    expect(whys(notEnded(deploy(6, { runStatus: "running" })))).toEqual(["Started; it has not ended"])
    expect(whys(deploy(6, { runStatus: "someday" }))).toEqual(["Ended, in a status that is not known here"])
  })

  it("began before the failure ended, and ended after the success began, as far as their times are known", () => {
    const ids = (streak: typeof failing, ...deploys: ReadonlyArray<Run.DeployRun>) =>
      suspectsOf(streak, around(deploys)).listed.map((one) => one.kind === "deploy" ? one.run.id : one.kind)
    expect(ids(failing, deploy(10, { runStartTime: end(9) }))).toEqual([])
    expect(ids(failing, deploy(3, { runEndTime: start(4) }))).toEqual([])
    expect(ids(failing, notStarted(deploy(10)))).toEqual([])
    expect(ids(failing, notEnded(deploy(3)))).toEqual([])
    expect(ids(failing, notEnded(deploy(5)))).toEqual([5])
    const { runEndTime: _, ...running } = refresh(9, "failed")
    expect(ids(streakOf(running, [refresh(4, "completed")]), deploy(6), deploy(10))).toEqual([6])
    const { runStartTime: _start, ...unknown } = refresh(4, "completed")
    expect(ids(streakOf(refresh(9, "failed"), [unknown]), deploy(3), deploy(5))).toEqual([5])
  })

  it("are none of a deploy that failed, nor of another environment", () => {
    const ofDeploy = streakOf(deploy(9, { runStatus: "failed" }), [deploy(4)])
    expect(suspectsOf(ofDeploy, around([deploy(6)])).listed.map(({ kind }) => kind)).toEqual([])
    expect(deploysSince(ofDeploy, around([deploy(10)]))).toBeUndefined()
    const elsewhere = deploy(6, { runDetails: { environmentID: "4" } })
    expect(suspectsOf(failing, around([elsewhere, refresh(7, "failed")])).listed).toEqual([])
  })
})

describe("deploys since a failure", () => {
  const since = (...rows: ReadonlyArray<Run.Run>) =>
    deploysSince(failing, around(rows))?.listed.map(({ reverts, run }) => [run.id, reverts])

  it("are those of its environment that were not canceled", () => {
    expect(since(deploy(10), deploy(11, { runDetails: { environmentID: "4" } }), refresh(12, "failed"))).toEqual([[
      10,
      false
    ]])
    expect(since(deploy(10, { runStatus: "canceled" }))).toBeUndefined()
    expect(since(deploy(9, { runStartTime: start(9) }))).toBeUndefined()
  })

  it("revert to the commit of the last completed deploy before the suspects", () => {
    const again = deploy(10, { runDetails: { environmentID: "3", deployCommit: "c3" } })
    expect(since(deploy(3), deploy(6), again)).toEqual([[10, true]])
    expect(
      since(
        deploy(2, { runDetails: { environmentID: "3", deployCommit: "c3" } }),
        deploy(3, { runStatus: "failed", runDetails: { environmentID: "3", deployCommit: "x" } }),
        deploy(6),
        again
      )
    ).toEqual([[10, true]])
    expect(since(deploy(3), again)).toEqual([[10, false]])
  })

  it.each([
    ["Revert \"Rename\"", true],
    ["roll back the rename", true],
    ["Rolled-back", true],
    ["rollback", true],
    ["undo rename", true],
    ["backed out", true],
    ["Reverted", true],
    ["Irrevertible", false],
    ["Roll out", false]
  ])("revert, if their message says so: %s", (message, reverts) => {
    expect(since(deploy(10, { runDetails: { environmentID: "3", deployCommitMessage: message } }))).toEqual([[
      10,
      reverts
    ]])
  })
})
