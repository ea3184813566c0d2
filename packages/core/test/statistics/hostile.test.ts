import { assert, describe, it } from "@effect/vitest"
import { RunStatistics } from "../../src/index.ts"
import { detailed, type Sample, summary } from "../support/statistics.ts"
import { tablesOf } from "../support/tables.ts"

const many = 100_000

// A hundred times as many as have a place. To classify a message takes longer than to count a run.
const manyCauses = 20_000

// Letters alone: numbers are taken out of messages before they are compared.
const word = (index: number): string =>
  index.toString(26).replace(/./g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 26)))

const failed = (id: number, reason: string): Sample => ({ id, status: "failed", start: id * 1000, millis: 10, reason })

/** Made one at a time, as a stream gives them. */
function* made<A>(count: number, make: (id: number) => ReadonlyArray<A>): Generator<A> {
  for (let id = 0; id < count; id++) yield* make(id)
}

const total = (causes: ReadonlyArray<RunStatistics.CauseCount>) =>
  causes.reduce((sum, { failures }) => sum + failures, 0)

describe("RunStatistics of hostile runs", () => {
  it("bounds the causes of runs with a reason each, and loses no failure", () => {
    const runs = made(manyCauses, (id) => [summary(failed(id, `reason ${word(id)}`))])
    const { causes, groups, otherCauses } = RunStatistics.fromRuns(runs, { groupBy: "environment" })
    assert.strictEqual(causes.length, 20)
    assert.strictEqual(total(causes) + (otherCauses?.failures ?? 0), manyCauses)
    assert.isTrue(otherCauses?.atLeast)
    assert.isTrue(causes.every(({ atLeast }) => atLeast))
    const [group] = groups ?? []
    assert.strictEqual(total(group?.causes ?? []) + (group?.otherCauses?.failures ?? 0), manyCauses)
  })

  it("deletes nothing from a Map, and lets none grow, though each run is of a job and a cause of its own", () => {
    const runs = made(3000, (id) => [detailed({ ...failed(id, `reason ${word(id)}`), job: id })])
    const tables = tablesOf(() => RunStatistics.fromRuns(runs, { groupBy: "job" }))
    // The largest are the names of the groups without a place.
    assert.deepStrictEqual(tables, { deleted: 0, largestMap: 200, largestSet: 2800 })
  })

  it("lists the one cause that matters, however late it begins", () => {
    const noise = 20_000
    const real = 400
    const runs = made(noise, (id) => [
      summary(failed(id, `reason ${word(id)}`)),
      ...(id >= noise - real ? [summary(failed(many + id, "Division by zero"))] : [])
    ])
    const [first, second] = RunStatistics.fromRuns(runs).causes
    assert.strictEqual(first?.class, "divisionByZero")
    assert.deepStrictEqual([first?.failures, first?.atLeast], [real, true])
    assert.isBelow(second?.failures ?? 0, 10)
  })

  it("bounds the groups of runs with a job each, and counts the others", () => {
    const ofJobs = made(many, (id) => [
      detailed({ id, status: "completed", start: id, millis: 5, job: id % 60_000, environment: "1" })
    ])
    const { groups = [], otherGroups, runs } = RunStatistics.fromRuns(ofJobs, { groupBy: "job", maxGroups: 50 })
    assert.strictEqual(groups.length, 50)
    assert.deepStrictEqual(
      groups.map(({ jobID }) => jobID).toSorted((a = 0, b = 0) => a - b),
      Array.from({ length: 50 }, (_, id) => id)
    )
    assert.isTrue(groups.every((group) => group.runs === 2 && group.durations?.p50Millis === 5))
    assert.strictEqual(otherGroups?.runs, runs - 100)
    assert.deepStrictEqual([otherGroups?.groups, otherGroups?.atLeast], [10_000, true])
  })

  it("counts the other groups exactly while there are not too many, and none if all are listed", () => {
    const of = (jobs: number) => {
      const runs = made(300, (id) => [detailed({ id, status: "failed", job: id % jobs })])
      return RunStatistics.fromRuns(runs, { groupBy: "job", maxGroups: 50 }).otherGroups
    }
    assert.deepStrictEqual([of(60)?.groups, of(60)?.atLeast], [10, false])
    assert.isUndefined(of(50))
  })

  it("cuts endless texts, and keeps them apart", () => {
    const long = "x".repeat(100_000)
    const result = RunStatistics.fromRuns(
      [long, `${long}y`, long].map((environment, id) => summary({ ...failed(id, `reason ${long}`), environment })),
      { groupBy: "environment" }
    )
    assert.deepStrictEqual(result.groups?.map(({ runs }) => runs), [2, 1])
    assert.strictEqual(
      result.groups?.[0]?.environmentID,
      `${"x".repeat(88)}…[99825 characters cut]…${"x".repeat(87)}`
    )
    assert.isBelow(JSON.stringify(result).length, 6000)
  })

  it("counts names that objects inherit like any other", () => {
    const names = ["__proto__", "constructor", "toString"]
    const { causes, groups } = RunStatistics.fromRuns(
      names.map((environment, id) => summary({ ...failed(id, environment), environment })),
      { groupBy: "environment" }
    )
    assert.sameMembers(groups?.map(({ environmentID }) => environmentID) ?? [], names)
    assert.strictEqual(causes.length, 3)
  })

  it("clamps options to their limits", () => {
    const of = (limit: number) => {
      const runs = made(1500, (id) => [detailed({ ...failed(id, `reason ${word(id % 250)}`), job: id })])
      const { causes, groups } = RunStatistics.fromRuns(runs, { groupBy: "job", maxGroups: limit, maxCauses: limit })
      return [groups?.length, causes.length]
    }
    assert.deepStrictEqual([1e9, 0, -5, Number.NaN, 2.7].map(of), [[1000, 200], [1, 1], [1, 1], [200, 20], [2, 2]])
  })
})
