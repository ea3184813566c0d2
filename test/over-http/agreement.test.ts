// The same run has the same cause, and is over or not by the same run, whichever of the modules is asked, on each night.
import { Report, RunDiagnosis, RunInspection, RunList, RunStatistics } from "@coalesce-runs/core"
import { Nights } from "@coalesce-runs/simulator"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { check, during } from "./support/health.ts"

const timeZone = "Europe/London"

/** So many runs of a night are asked for, the latest of each job first. */
const maxRuns = 8

/** What a check says of each failed run whose results it read, and whether it is over by its latest of each job. */
const askCheck = Effect.map(check(), ({ findings }) =>
  findings.flatMap((finding) => {
    if (finding.kind !== "failures" || finding.causeFrom === "notRead") return []
    const affected = new Map(finding.affected.listed.map((one) => [one.run.id, one]))
    const ids = [...new Set([...affected.keys(), ...finding.runIDs])]
    return ids.map((id) => ({
      id,
      cause: finding.cause?.class,
      recovery: affected.get(id)?.recovery,
      of: affected.get(id)
    }))
  }).toSorted((a, b) => Number(b.of !== undefined) - Number(a.of !== undefined)).slice(0, maxRuns))

const recoveryOf = (recovery: Pick<RunDiagnosis.Recovery, "state" | "by" | "run"> | undefined) =>
  recovery && [recovery.state, recovery.by, recovery.run?.id]

const nights = Nights.all()

/** How many failed runs were asked for on each night so far. */
const counts = new Map<string, number>()

describe("a failed run", () => {
  it.effect.each(nights)("is told alike by all of them on $name", (night) =>
    during(
      night,
      Effect.gen(function*() {
        const told = yield* askCheck
        counts.set(night.name, told.length)
        const window = { since: "3d", timeZone }
        const { runs } = yield* RunList.list({ ...window, runStatus: "failed", limit: 1000 })
        const { causesRead, statistics: { causes } } = yield* RunStatistics.summarize({ ...window, groupBy: "cause" })
        for (const { cause, id, of, recovery } of told) {
          expect(runs.find((run) => run.id === id)?.runStatus, `${id} in the list`).toBe("failed")
          const diagnosis = yield* RunDiagnosis.diagnose({ runID: id, timeZone })
          expect(diagnosis.outcome).toBe("failed")
          const [group] = diagnosis.nodes?.groups.listed ?? []
          expect(group?.first.cause?.class ?? diagnosis.run?.cause?.class, `the cause of ${id}`).toBe(cause)
          if (recovery !== undefined) {
            // A diagnosis reads the next 100 runs of the environment, and says where there are more: it may not see the last success.
            const isCut = diagnosis.recovery?.searched.hasMore === true && diagnosis.recovery.state === "relapsed"
            if (isCut) {
              expect(Report.toText(RunDiagnosis.report(diagnosis))).toMatch(
                /Not known to be recovered: .* among the next 100 runs of the environment\./
              )
            }
            const [, ...byWhich] = recoveryOf(recovery) ?? []
            expect(recoveryOf(diagnosis.recovery), `the recovery of ${id}`).toEqual(
              isCut ? ["relapsed", ...byWhich] : recoveryOf(recovery)
            )
          }
          const inspection = yield* RunInspection.inspect({ runID: id, timeZone, compareWith: "none" })
          expect(inspection.run?.runStatus).toBe("failed")
          const failed = inspection.nodes?.listed.filter(({ state }) => state === "failed") ?? []
          expect(inspection.nodes?.counts.failed).toBe(diagnosis.nodes?.failed)
          if (group?.first.cause !== undefined) {
            expect(failed.map((node) => node.cause?.class), `inside ${id}`).toContain(cause)
          }
          if (of === undefined || cause === undefined || (causesRead?.notRead ?? 0) > 0) continue
          const counted = causes.filter((one) => one.class === cause)
          const jobs = counted.flatMap((one) => one.jobs?.listed.map(({ jobID }) => jobID) ?? [])
          const more = counted.reduce((sum, one) => sum + (one.jobs?.more ?? 0), 0)
          if (more === 0) expect(jobs, `the summary of ${id}`).toContain(of.run.jobID)
        }
      })
    ), 60_000)

  it.effect("is there to be told on ten nights and more", () =>
    Effect.gen(function*() {
      // Reads a night anew only where this test runs without the others.
      const all = yield* Effect.forEach(nights, (night) => {
        const count = counts.get(night.name)
        return count === undefined ? Effect.map(during(night, askCheck), ({ length }) => length) : Effect.succeed(count)
      })
      expect(all.filter((count) => count > 0).length).toBeGreaterThanOrEqual(10)
    }), 60_000)
})
