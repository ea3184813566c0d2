// Runs beside one another: their order, their environment, their reasons and their pages.
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { inSameEnvironment, isLater, lineOf, newestFirst, pageOf, reasonsOf } from "../../src/inspection/runs.ts"
import * as Run from "../../src/Run.ts"

const run = (id: number, hour?: number, fields: Partial<Run.RunSummary> = {}): Run.RunSummary => ({
  id: Run.RunId.make(id),
  runType: "refresh",
  runStatus: "failed",
  ...(hour === undefined ? {} : { runStartTime: DateTime.makeUnsafe(Date.UTC(2026, 2, 10, hour)) }),
  ...fields
})

describe("the page of a run", () => {
  it.each(["https://app.coalescesoftware.io/runs/7", "http://localhost:3000/x?y=1#z", "HTTPS://A.EXAMPLE/"])(
    "is that of a web page: %s",
    (link) => expect(pageOf(link)).toBe(link)
  )

  it.each([
    undefined,
    "",
    "javascript:alert(1)//https://app.example",
    "see https://app.example",
    "https://app.example/a b",
    "https://app.example/\u0007",
    "ftp://app.example",
    "https:/app.example",
    "https://",
    `https://${"x".repeat(501)}`
  ])("is nothing else that the API may say: %j", (link) => expect(pageOf(link)).toBeUndefined())

  it("has at most 500 characters behind its scheme", () => {
    expect(pageOf(`https://${"x".repeat(500)}`)).toBeDefined()
  })
})

describe("the order of runs", () => {
  it("is that of their starts, and of their ids where those are equal or not known", () => {
    const cases: ReadonlyArray<readonly [Run.RunSummary, Run.RunSummary]> = [
      [run(1, 3), run(2, 2)],
      [run(2, 2), run(1, 2)],
      [run(2), run(1, 9)],
      [run(2, 1), run(1)],
      [run(2), run(1)]
    ]
    for (const [later, earlier] of cases) {
      expect([isLater(later, earlier), isLater(earlier, later)]).toEqual([true, false])
      expect(newestFirst([earlier, later])).toEqual([later, earlier])
      expect(newestFirst([later, earlier])).toEqual([later, earlier])
    }
    expect(isLater(run(1, 2), run(1, 2))).toBe(false)
    const twice = [run(1, 2, { runStatus: "running" }), run(1, 3)]
    expect(newestFirst(twice)).toEqual(twice)
  })
})

describe("the environment of two runs", () => {
  it("is the same unless both are known, and differ", () => {
    const of = (environmentID?: string) => run(1, 2, environmentID === undefined ? {} : { environmentID })
    expect(inSameEnvironment(of("3"), of("3"))).toBe(true)
    expect(inSameEnvironment(of("3"), of("5"))).toBe(false)
    expect(inSameEnvironment(of(), of("5"))).toBe(true)
    expect(inSameEnvironment(of("3"), of())).toBe(true)
  })
})

describe("the reasons of runs", () => {
  it("are those of the rows that have one, by their ids", () => {
    const reasons = reasonsOf([run(1, 2, { runFailureReason: "Division by zero" }), run(2, 3)])
    expect([...reasons]).toEqual([[1, "Division by zero"]])
    expect(lineOf(run(1, 2), reasons).runFailureReason).toBe("Division by zero")
    expect(lineOf(run(2, 3), reasons)).not.toHaveProperty("runFailureReason")
  })

  it("are whole in a line, without the values of keys and passwords", () => {
    const reason = `${"It failed. ".repeat(100)}CREDENTIALS = (AWS_SECRET_KEY = 'abc123secret')`
    const line = lineOf(run(1, 2, { runFailureReason: reason }))
    expect(line.runFailureReason?.startsWith("It failed. ".repeat(100))).toBe(true)
    expect(line.runFailureReason).not.toContain("abc123secret")
  })
})
