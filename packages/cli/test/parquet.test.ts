/** An export to Parquet: read back through DuckDB, interrupted, gone on with, and without the package. */
import { Run } from "@coalesce-runs/core"
import { Faults } from "@coalesce-runs/simulator"
import { DuckDBInstance } from "@duckdb/node-api"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { execFile } from "node:child_process"
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { bin, run, simulated } from "./support.ts"

const runs = Array.from({ length: 3000 }, (_, index) => ({
  id: index + 1,
  runType: "refresh",
  runStatus: index % 7 === 0 ? "failed" : "completed",
  environmentID: "3",
  runStartTime: new Date(Date.UTC(2026, 9, 24, 20) + index * 60_000 + 7).toISOString(),
  ...(index === 2999
    ? {}
    : { runEndTime: new Date(Date.UTC(2026, 9, 24, 20) + index * 60_000 + 30_007).toISOString() }),
  ...(index % 7 === 0 ? { runFailureReason: "It's \"quoted\", ünïcode 🌙\nand more" } : {}),
  runDetails: { environmentID: "3", jobID: 7, jobName: "=1+1" }
}))

/** The columns that hold numbers: ids of environments and users are text. */
const numbers = [
  "id",
  "jobID",
  "reRunID",
  "durationMillis",
  "nodesInRun",
  "nodesForRefresh",
  "parallelism",
  "version"
]

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "parquet-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

/** What a query gives, as plain JSON. */
const query = (sql: string) =>
  Effect.promise(async () => {
    const instance = await DuckDBInstance.create(":memory:")
    const connection = await instance.connect()
    try {
      return (await connection.runAndReadAll(sql)).getRowsJson()
    } finally {
      connection.closeSync()
      instance.closeSync()
    }
  })

const args = (
  file: string,
  ...more: ReadonlyArray<string>
) => ["export", "--format", "parquet", "--output", file, ...more]

describe("coalesce-runs export --format parquet", () => {
  it.live("writes each run once, in order, with ids and times as such", () =>
    Effect.gen(function*() {
      const { env } = yield* simulated({ runs })
      const path = yield* folder
      const file = join(path, "it's runs.parquet")
      const { code, stderr } = yield* run(args(file), env)
      assert.deepStrictEqual([code, stderr], [0, ""])
      assert.deepStrictEqual(readdirSync(path), ["it's runs.parquet"])
      const from = `read_parquet('${file.replaceAll("'", "''")}')`
      const described = yield* query(`DESCRIBE SELECT * FROM ${from}`)
      assert.deepStrictEqual(
        described.map((column) => column.slice(0, 2)),
        Object.keys(Run.Row.fields).map((name) => [
          name,
          name.endsWith("Time") ? "TIMESTAMP WITH TIME ZONE" : numbers.includes(name) ? "BIGINT" : "VARCHAR"
        ])
      )
      const ids = yield* query(`SELECT id FROM ${from}`)
      assert.deepStrictEqual(ids.map(([id]) => Number(id)), runs.map(({ id }) => id))
      const [first, last] = [runs[0], runs[2999]]
      assert.deepStrictEqual(
        yield* query(
          `SELECT epoch_ms(runStartTime), epoch_ms(runEndTime), durationMillis, jobName, runFailureReason, reRunID FROM ${from} WHERE id IN (1, 3000) ORDER BY id`
        ),
        [
          [
            String(Date.parse(first?.runStartTime ?? "")),
            String(Date.parse(first?.runStartTime ?? "") + 30_000),
            "30000",
            "=1+1",
            first?.runFailureReason ?? "",
            null
          ],
          [String(Date.parse(last?.runStartTime ?? "")), null, null, "=1+1", null, null]
        ]
      )
    }).pipe(Effect.scoped), 60_000)

  it.live(
    "keeps what it has after an error, and goes on behind it by the same command, but not for another query",
    () =>
      Effect.gen(function*() {
        const { env, simulator } = yield* simulated({ runs })
        const path = yield* folder
        const file = join(path, "runs.parquet")
        writeFileSync(file, "an older export")
        // The pages behind the first are refused.
        yield* simulator.setFaults([
          Faults.always(Faults.status(403), ({ query }) => Number(query["startingFrom"] ?? 0) >= 1000)
        ])
        const stopped = yield* run(args(file), env)
        assert.strictEqual(stopped.code, 3)
        assert.match(
          stopped.stderr,
          /\d+ runs are kept in .*runs\.parquet\.partial; the same command goes on behind them/
        )
        assert.isTrue(existsSync(`${file}.partial`))
        yield* simulator.setFaults([])
        const other = yield* run(args(file, "--run-type", "refresh"), env)
        assert.strictEqual(other.code, 2)
        assert.include(other.stderr, "holds rows of another export")
        const before = (yield* simulator.requests).length
        const done = yield* run(args(file), env)
        assert.deepStrictEqual([done.code, done.stderr], [0, ""])
        const again = (yield* simulator.requests).slice(before).map(({ query }) => Number(query["startingFrom"]))
        assert.isAtLeast(Math.min(...again), 250, "what is there is not read again")
        const ids = yield* query(`SELECT id FROM read_parquet('${file}')`)
        assert.deepStrictEqual(ids.map(([id]) => Number(id)), runs.map(({ id }) => id))
        assert.deepStrictEqual(readdirSync(path), ["runs.parquet"])
      }).pipe(Effect.scoped),
    60_000
  )

  it.live("asks for the file, and for the package by its name where it is missing", () =>
    Effect.gen(function*() {
      const { env } = yield* simulated({ runs: [] })
      const noFile = yield* run(["export", "--format", "parquet"], env)
      assert.deepStrictEqual([noFile.code, noFile.stderr], [
        2,
        "coalesce-runs: --format parquet needs --output, the file that it writes\n"
      ])
      const csv = yield* run(["export", "--format", "csv", "--output", "x.csv"], env)
      assert.strictEqual(csv.code, 2)
      // Where nothing is installed beside it.
      const path = yield* folder
      cpSync(dirname(bin), join(path, "dist"), { recursive: true, filter: (name) => !name.endsWith(".js") })
      const alone = yield* Effect.callback<readonly [code: number, stderr: string]>((resume) => {
        execFile(
          process.execPath,
          [join(path, "dist", "bin.cjs"), ...args(join(path, "runs.parquet"))],
          { env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", ...env } },
          (error, _, stderr) => resume(Effect.succeed([error === null ? 0 : Number(error.code), stderr]))
        )
      })
      assert.strictEqual(alone[0], 2)
      assert.match(
        alone[1],
        /^coalesce-runs: --format parquet needs the package @duckdb\/node-api, which is not installed\. /
      )
      assert.include(alone[1], "npm install @duckdb/node-api")
    }).pipe(Effect.scoped), 60_000)
})
