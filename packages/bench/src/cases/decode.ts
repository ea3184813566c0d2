/**
 * Measures one page of detailed runs from its text to values, against `JSON.parse` alone, the library's own schemas without
 * the fast reader, and zod.
 */
import { Run } from "@coalesce-runs/core"
import { Scenario } from "@coalesce-runs/simulator"
import { detailedRow } from "@coalesce-runs/simulator/SimulatedRun"
import * as DateTime from "effect/DateTime"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaJITCompiler from "effect/schema/SchemaJITCompiler"
// The decoder is private to core. The bench measures it directly.
import { decodeDetailed, decodeEnvelope } from "../../../core/dist/client/decode.js"
import type { Case } from "../Case.ts"
import { pageWithDates, pageWithTexts } from "./decodeZod.ts"

const rows = 1000

const now = DateTime.makeUnsafe("2026-10-30T09:00:00Z")

const decode = (text: string): ReadonlyArray<Run.Run> => {
  const envelope = Result.getOrThrow(decodeEnvelope(JSON.parse(text)))
  const runs: Array<Run.Run> = []
  for (const row of envelope.data.map(decodeDetailed)) runs.push(Result.getOrThrow(row))
  if (runs.length !== rows) throw new Error(`Decoded ${runs.length} rows of ${rows}`)
  return runs
}

export const decodeCase: Case = {
  name: "decode",
  prepare: (quick) => {
    const wire = Scenario.generate({ count: rows, now, seed: 1 }).map((run) => detailedRow(run))
    const page = (data: ReadonlyArray<unknown>) =>
      JSON.stringify({ limit: rows, orderBy: "id", orderByDirection: "desc", data })
    const text = page(wire)
    // The API may also send ids as text, null for absent fields, and unknown fields.
    const lenientText = page(wire.map((row) => ({ ...row, id: String(row["id"]), projectID: "p1", version: null })))
    const bySchema = Schema.decodeUnknownSync(Schema.Struct({ data: Schema.Array(Run.Run) }))
    // The first use makes its parsers, before the compiler changes the schemas.
    bySchema(JSON.parse(text))
    const compiled = Schema.Struct({ data: Schema.Array(Run.Run) })
    SchemaJITCompiler.enable(compiled.ast)
    const byCompiledSchema = Schema.decodeUnknownSync(compiled)
    return {
      title: `${rows} detailed runs, ${Math.round(text.length / 1000)} kB, from text to values`,
      variants: [
        { name: "JSON.parse alone", run: () => JSON.parse(text) },
        { name: "coalesce-runs", run: () => decode(text), aim: 1.55 },
        { name: "coalesce-runs, ids as text, nulls, unknown fields", run: () => decode(lenientText) },
        { name: "its effect schemas", run: () => bySchema(JSON.parse(text)) },
        { name: "its effect schemas, compiled", run: () => byCompiledSchema(JSON.parse(text)) },
        { name: "zod, less lenient, times left as text", run: () => pageWithTexts.parse(JSON.parse(text)) },
        { name: "zod, less lenient, times as Date", run: () => pageWithDates.parse(JSON.parse(text)) }
      ],
      rounds: quick ? { warmUp: 20, measured: 30 } : { warmUp: 60, measured: 200 }
    }
  }
}
