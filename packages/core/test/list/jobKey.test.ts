import { describe, expect, it } from "@effect/vitest"
import { Run, RunList } from "../../src/index.ts"
import { environmentKey, jobKey, jobOf, ownName } from "../../src/list/jobKey.ts"
import { JobPlaces } from "../../src/list/jobPlaces.ts"

const refresh = (runDetails: Run.RefreshRun["runDetails"]): Run.Run => ({
  id: Run.RunId.make(1),
  runType: "refresh",
  runStatus: "completed",
  runDetails
})

const deploy = (environmentID?: string): Run.Run => ({
  id: Run.RunId.make(2),
  runType: "deploy",
  runStatus: "completed",
  // A field that only a refresh has does not make it a job's.
  runDetails: { ...(environmentID === undefined ? {} : { environmentID }), ...{ jobID: 7 } }
})

const summary: Run.RunSummary = {
  id: Run.RunId.make(3),
  runType: "refresh",
  runStatus: "failed",
  environmentID: "3"
}

const long = "x".repeat(201)

describe("what a run ran", () => {
  it("is told by its detailed row, and by the line of that row alike", () => {
    for (
      const [run, job, key] of [
        [deploy("3"), { runType: "deploy", environmentID: "3" }, "deploys"],
        [deploy(), { runType: "deploy" }, "deploys"],
        [refresh({ environmentID: "3", jobID: 15 }), { runType: "refresh", environmentID: "3", jobID: 15 }, "job 15"],
        // The nodes that a job runs can change, and it stays the job.
        [refresh({ jobID: 15, includeNodesSelector: "{ A }" }), { runType: "refresh", jobID: 15 }, "job 15"],
        [
          refresh({ includeNodesSelector: "{ A }", excludeNodesSelector: "{ B }" }),
          { runType: "refresh", includeNodesSelector: "{ A }", excludeNodesSelector: "{ B }" },
          "refreshes of { A } but { B }"
        ],
        [
          refresh({ includeNodesSelector: "{ A }" }),
          { runType: "refresh", includeNodesSelector: "{ A }" },
          "refreshes of { A }"
        ],
        [refresh({ nodesInRun: 4 }), { runType: "refresh" }, "refreshes of everything"],
        [refresh({ jobName: "By hand" }), { runType: "refresh" }, "refreshes of everything"]
      ] as const
    ) {
      expect(jobOf(run)).toEqual(job)
      expect(jobOf(RunList.fromRun(run))).toEqual(job)
      expect(jobKey(jobOf(run))).toBe(key)
    }
    expect(jobOf(refresh({}))).toEqual({ runType: "refresh" })
  })

  it("is not known of a summary, of a refresh at least", () => {
    expect(jobOf(summary)).toBeUndefined()
    expect(jobOf({ ...summary, runType: "deploy" })).toEqual({ runType: "deploy", environmentID: "3" })
    expect(jobKey(undefined)).toBe("unknown job")
  })

  it("is cut to 200 characters, and not before", () => {
    const name = "x".repeat(200)
    expect(ownName(name)).toBe(name)
    expect(ownName(long)).toMatch(/^x+…\[.*cut\]…x+$/)
    expect(ownName(undefined)).toBeUndefined()
    expect(environmentKey(long)).toBe(`environment ${ownName(long)}`)
    expect(environmentKey(undefined)).toBe("no environment")
    expect(jobKey({ runType: "refresh", includeNodesSelector: long, excludeNodesSelector: long })).toBe(
      `refreshes of ${ownName(long)} but ${ownName(long)}`
    )
  })
})

describe("the places of jobs", () => {
  it("are one for each job and environment, and none for runs without the id of a job", () => {
    const places = new JobPlaces<string>()
    const job = (jobID: number, environmentID?: string) =>
      refresh({ jobID, ...(environmentID === undefined ? {} : { environmentID }) })
    places.set(job(15, "3"), "15 in 3")
    places.set(job(16, "3"), "16 in 3")
    places.set(job(15, "5"), "15 in 5")
    places.set(job(15), "15 in none")
    places.set(job(15, long), "15 in a long one")
    places.set(deploy("3"), "deploy")
    places.set(refresh({ environmentID: "3" }), "no job")
    expect(
      [job(15, "3"), job(16, "3"), job(15, "5"), job(15), job(15, long)].map((run) => places.get(run))
    ).toEqual(["15 in 3", "16 in 3", "15 in 5", "15 in none", "15 in a long one"])
    expect([deploy("3"), refresh({ environmentID: "3" }), job(17, "3"), job(15, "7")].map((run) => places.get(run)))
      .toEqual([undefined, undefined, undefined, undefined])
    places.set(job(15, "3"), "moved")
    expect([places.get(job(15, "3")), places.get(job(16, "3"))]).toEqual(["moved", "16 in 3"])
  })
})
