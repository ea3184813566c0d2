import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { RunsClient, RunsError } from "../../src/index.ts"
import { clientOver } from "../support/server.ts"

const row = { runType: "refresh", runStatus: "completed" }
const undecodable = { id: 7, runType: "refresh", runStatus: 5 }

const serverOf = (data: ReadonlyArray<unknown>) => clientOver({ history: () => [], spoil: () => ({ data }) }).layer

describe("RunsClient.listPage", () => {
  it.effect.each(["fail", "skip"] as const)(
    "does not read an undecodable row beyond its limit (undecodableRows: %s)",
    (undecodableRows) =>
      Effect.gen(function*() {
        const page = yield* RunsClient.listPage({ limit: 2, undecodableRows })
        assert.deepStrictEqual(page.runs.map(({ id }) => Number(id)), [9, 8])
        assert.deepStrictEqual(page.undecodable, [])
        assert.strictEqual(page.cursor.value, 8)
        assert.isTrue(page.hasMore)
      }).pipe(Effect.provide(serverOf([{ ...row, id: 9 }, { ...row, id: 8 }, undecodable])))
  )

  it.effect("counts skipped rows towards its limit", () =>
    Effect.gen(function*() {
      const page = yield* RunsClient.listPage({ limit: 2, undecodableRows: "skip" })
      assert.deepStrictEqual(page.runs.map(({ id }) => Number(id)), [8])
      assert.deepStrictEqual(page.undecodable.map(({ id }) => Number(id)), [7])
      assert.isTrue(page.hasMore)
    }).pipe(Effect.provide(serverOf([{ ...row, id: 8 }, undecodable, { ...row, id: 6 }]))))

  it.effect("fails with NoProgress on a full page whose rows have no readable id, since its cursor cannot advance", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(RunsClient.listPage({ limit: 2, undecodableRows: "skip" }))
      assert.instanceOf(error, RunsError.PaginationError)
      assert.strictEqual(error.reason, "NoProgress")
    }).pipe(Effect.provide(serverOf([{ ...row, id: "x" }, { ...row, id: "y" }]))))
})
