// Which runs are the same: of one job, of one selector, or deploys.
import { describe, expect, it } from "@effect/vitest"
import { identityOf, selectorsOf } from "../../src/inspection/identity.ts"
import * as Run from "../../src/Run.ts"

const refresh = (id: number, runDetails: Run.RefreshRun["runDetails"], of?: number): Run.RefreshRun => ({
  id: Run.RunId.make(id),
  runType: "refresh",
  runStatus: "completed",
  runDetails,
  ...(of === undefined ? {} : { reRunID: Run.RunId.make(of) })
})

const deploy = (id: number, environmentID?: string): Run.DeployRun => ({
  id: Run.RunId.make(id),
  runType: "deploy",
  runStatus: "completed",
  runDetails: environmentID === undefined ? {} : { environmentID }
})

const same = (run: Run.Run, rows: ReadonlyArray<Run.Run>, others = rows) => {
  const { by, is } = identityOf(run, rows)
  return [by, others.filter(is).map(({ id }) => Number(id))]
}

describe("the runs that are the same as one", () => {
  it("are the refreshes of its job in its environment", () => {
    const run = refresh(9, { environmentID: "3", jobID: 7, includeNodesSelector: "{ A }" })
    const rows = [
      refresh(1, { environmentID: "3", jobID: 7 }),
      refresh(2, { environmentID: "5", jobID: 7 }),
      refresh(3, { environmentID: "3", jobID: 8 }),
      refresh(4, { environmentID: "3", includeNodesSelector: "{ A }" }),
      // A row without its environment is of a list of one environment.
      refresh(5, { jobID: 7 }),
      deploy(6, "3")
    ]
    expect(same(run, rows)).toEqual(["job", [1, 5]])
  })

  it("are those with its two selectors, where it has no job", () => {
    const rows = [
      refresh(1, { includeNodesSelector: "{ A }", excludeNodesSelector: "{ B }" }),
      refresh(2, { includeNodesSelector: "{ A }" }),
      refresh(3, { includeNodesSelector: "{ A }", excludeNodesSelector: "" }),
      refresh(4, { includeNodesSelector: "{ C }", excludeNodesSelector: "{ B }" }),
      refresh(5, { includeNodesSelector: "{ A }", excludeNodesSelector: "{ B }", jobID: 7 }),
      refresh(6, {}),
      refresh(7, { includeNodesSelector: "" })
    ]
    expect(same(refresh(9, { includeNodesSelector: "{ A }", excludeNodesSelector: "{ B }" }), rows)).toEqual([
      "selector",
      [1]
    ])
    expect(same(refresh(9, { includeNodesSelector: "{ A }" }), rows)).toEqual(["selector", [2, 3]])
    expect(same(refresh(9, {}), rows)).toEqual(["selector", [6, 7]])
    expect(selectorsOf(refresh(1, {}))).toBe(
      selectorsOf(refresh(2, { includeNodesSelector: "", excludeNodesSelector: "" }))
    )
  })

  it("are the deploys of its environment, where it is one", () => {
    const rows = [deploy(1, "3"), deploy(2, "5"), deploy(3), refresh(4, { environmentID: "3" })]
    expect(same(deploy(9, "3"), rows)).toEqual(["deploy", [1, 3]])
    expect(same(refresh(9, { environmentID: "3" }), rows)).toEqual(["selector", [4]])
  })

  it("are also the re-runs of these that name no job", () => {
    const original = refresh(1, { environmentID: "3", jobID: 7 })
    const again = refresh(2, { environmentID: "3" }, 1)
    const rows = [
      original,
      again,
      refresh(3, { environmentID: "3" }, 99),
      // A re-run that names another job is of that one.
      refresh(4, { environmentID: "3", jobID: 8 }, 1),
      refresh(5, { environmentID: "3", jobID: 8 }),
      refresh(6, { environmentID: "3" }, 5),
      { ...deploy(7, "3"), reRunID: Run.RunId.make(1) }
    ]
    expect(same(original, rows)).toEqual(["job", [1, 2]])
    // A re-run that names none has the job of its original.
    expect(same(again, rows.toReversed())).toEqual(["job", [2, 1]])
    // Unless that is not among the rows.
    expect(same(again, rows.slice(1))).toEqual(["selector", [2, 3, 6]])
    // One that names a job keeps it, whatever its original ran.
    expect(same(refresh(4, { environmentID: "3", jobID: 8 }, 1), rows)).toEqual(["job", [4, 5, 6]])
  })
})
