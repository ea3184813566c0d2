import { assert, describe, it } from "@effect/vitest"
import { RunStatistics } from "../../src/index.ts"
import { detailed, type Sample, summary } from "../support/statistics.ts"

const many = 100_000

// Letters alone: numbers are taken out of messages before they are compared.
const word = (index: number): string =>
  index.toString(26).replace(/./g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 26)))

const failed = (id: number, reason: string): Sample => ({ id, status: "failed", start: id * 1000, millis: 10, reason })

const total = (causes: ReadonlyArray<RunStatistics.Cause>) => causes.reduce((sum, { failures }) => sum + failures, 0)

describe("hostile runs", () => {
  it("with a reason each keep the causes bounded, and lose no failure", () => {
    const statistics = RunStatistics.make({ groupBy: "environment" })
    for (let id = 0; id < many; id++) RunStatistics.add(statistics, summary(failed(id, `reason ${word(id)}`)))
    const { causes, groups, otherCauses } = RunStatistics.result(statistics)
    assert.strictEqual(causes.length, 20)
    assert.strictEqual(total(causes) + (otherCauses?.failures ?? 0), many)
    assert.isFalse(otherCauses?.exact)
    assert.isTrue(causes.every(({ exact }) => !exact))
    const [group] = groups ?? []
    assert.strictEqual(total(group?.causes ?? []) + (group?.otherCauses?.failures ?? 0), many)
  })

  it("do not hide the one cause that matters, however late it comes", () => {
    const statistics = RunStatistics.make()
    const noise = 20_000
    const real = 400
    for (let id = 0; id < noise; id++) {
      RunStatistics.add(statistics, summary(failed(id, `reason ${word(id)}`)))
      if (id >= noise - real) RunStatistics.add(statistics, summary(failed(many + id, "Division by zero")))
    }
    const [first, second] = RunStatistics.result(statistics).causes
    assert.strictEqual(first?.class, "divisionByZero")
    assert.deepStrictEqual([first?.failures, first?.exact], [real, false])
    assert.isBelow(second?.failures ?? 0, 10)
  })

  it("of a job each keep the groups bounded, and count the others", () => {
    const statistics = RunStatistics.make({ groupBy: "job", maxGroups: 50 })
    for (let id = 0; id < many; id++) {
      RunStatistics.add(
        statistics,
        detailed({ id, status: "completed", start: id, millis: 5, job: id % 60_000, environment: "1" })
      )
    }
    const { groups = [], otherGroups, runs } = RunStatistics.result(statistics)
    assert.strictEqual(groups.length, 50)
    assert.deepStrictEqual(
      groups.map(({ jobID }) => jobID).toSorted((a = 0, b = 0) => a - b),
      Array.from({ length: 50 }, (_, id) => id)
    )
    assert.isTrue(groups.every((group) => group.runs === 2 && group.durations?.medianMillis === 5))
    assert.strictEqual(otherGroups?.runs, runs - 100)
    assert.deepStrictEqual([otherGroups?.groups, otherGroups?.exact], [10_000, false])
  })

  it("count the other groups exactly while there are not too many, and none where all are listed", () => {
    const of = (jobs: number) => {
      const statistics = RunStatistics.make({ groupBy: "job", maxGroups: 50 })
      for (let id = 0; id < 300; id++) RunStatistics.add(statistics, detailed({ id, status: "failed", job: id % jobs }))
      return RunStatistics.result(statistics).otherGroups
    }
    assert.deepStrictEqual([of(60)?.groups, of(60)?.exact], [10, true])
    assert.isUndefined(of(50))
  })

  it("with texts without end keep short ones, and tell them apart", () => {
    const long = "x".repeat(100_000)
    const statistics = RunStatistics.make({ groupBy: "environment" })
    for (const [id, environment] of [long, `${long}y`, long].entries()) {
      RunStatistics.add(statistics, summary({ ...failed(id, `reason ${long}`), environment }))
    }
    const result = RunStatistics.result(statistics)
    assert.deepStrictEqual(result.groups?.map(({ runs }) => runs), [2, 1])
    assert.isBelow(JSON.stringify(result).length, 6000)
  })

  it("with names of what objects inherit are counted as any other", () => {
    const statistics = RunStatistics.make({ groupBy: "environment" })
    const names = ["__proto__", "constructor", "toString"]
    for (const [id, environment] of names.entries()) {
      RunStatistics.add(statistics, summary({ ...failed(id, environment), environment }))
    }
    const { causes, groups } = RunStatistics.result(statistics)
    assert.sameMembers(groups?.map(({ environmentID }) => environmentID) ?? [], names)
    assert.strictEqual(causes.length, 3)
  })

  it("cannot widen the limits beyond their own", () => {
    const of = (limit: number) => {
      const statistics = RunStatistics.make({ groupBy: "job", maxGroups: limit, maxCauses: limit })
      for (let id = 0; id < 1500; id++) {
        RunStatistics.add(statistics, detailed({ ...failed(id, `reason ${word(id % 250)}`), job: id }))
      }
      const { causes, groups } = RunStatistics.result(statistics)
      return [groups?.length, causes.length]
    }
    assert.deepStrictEqual([1e9, 0, -5, Number.NaN, 2.7].map(of), [[1000, 200], [1, 1], [1, 1], [200, 20], [2, 2]])
  })
})
