/**
 * Measures one page of detailed runs from its text to values: against `JSON.parse` alone, the library's own schemas without
 * the fast reader, and zod; and what each promise of the decoder costs.
 */
import { Run } from "@coalesce-runs/core"
import { Scenario } from "@coalesce-runs/simulator"
import { detailedRow } from "@coalesce-runs/simulator/SimulatedRun"
import * as DateTime from "effect/DateTime"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaJITCompiler from "effect/schema/SchemaJITCompiler"
// The decoder is private to core. The bench measures it directly.
import { decodeEnvelope, decodeRows, type Row } from "../../../core/dist/client/decode.js"
import { FieldReader } from "../../../core/dist/client/fieldReader.js"
import type { Case } from "../Case.ts"
import { pageWithDates, pageWithTexts } from "./decodeZod.ts"

const rows = 1000

const now = DateTime.makeUnsafe("2026-10-30T09:00:00Z")

const page = (data: ReadonlyArray<unknown>): string =>
  JSON.stringify({ limit: rows, orderBy: "id", orderByDirection: "desc", data })

const wireRows = () => Scenario.generate({ count: rows, now, seed: 1 }).map((run) => detailedRow(run))

/** Ids as text, null for absent fields, and unknown fields, as the API may send them too. */
const lenient = (row: object & { readonly id?: unknown }) => ({
  ...row,
  id: String(row.id),
  projectID: "p1",
  version: null
})

/** Decodes a page, and expects so many undecodable rows. */
const decode = (text: string, reader = new FieldReader(), undecodable = 0): ReadonlyArray<Row> => {
  const envelope = Result.getOrThrow(decodeEnvelope(JSON.parse(text)))
  const decoded = decodeRows(envelope.data, true, reader)
  const failures = decoded.filter(Result.isFailure).length
  if (decoded.length !== rows || failures !== undecodable) {
    throw new Error(`${failures} of ${decoded.length} rows failed`)
  }
  return decoded
}

/** Leaves out the times of a row, to show what they cost. */
class WithoutTimes extends FieldReader {
  override time(): undefined {
    return undefined
  }
}

const rounds = (quick: boolean) => quick ? { warmUp: 20, measured: 30 } : { warmUp: 60, measured: 150 }

const decodeCase: Case = {
  name: "decode",
  prepare: (quick) => {
    const text = page(wireRows())
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
        { name: "coalesce-runs", run: () => decode(text), aim: 1.4 },
        { name: "its effect schemas", run: () => bySchema(JSON.parse(text)) },
        { name: "its effect schemas, compiled", run: () => byCompiledSchema(JSON.parse(text)) },
        { name: "zod, less lenient, times left as text", run: () => pageWithTexts.parse(JSON.parse(text)) },
        { name: "zod, less lenient, times as Date", run: () => pageWithDates.parse(JSON.parse(text)) }
      ],
      rounds: rounds(quick)
    }
  }
}

/** What each promise of the decoder costs. In a case of its own, since a second kind of reader slows the first. */
const promisesCase: Case = {
  name: "decode-promises",
  prepare: (quick) => {
    const wire = wireRows()
    const text = page(wire)
    const lenientText = page(wire.map(lenient))
    const oddText = page(wire.map((row, index) => index % 100 === 0 ? { ...row, id: "none" } : row))
    return {
      title: `what each promise costs: ${rows} detailed runs, from text to values`,
      variants: [
        { name: "JSON.parse alone", run: () => JSON.parse(text) },
        { name: "each field checked, times left out", run: () => decode(text, new WithoutTimes()) },
        { name: "and times decoded", run: () => decode(text) },
        {
          name: "and 1 row in 100 undecodable, skipped and reported",
          run: () => decode(oddText, undefined, rows / 100)
        },
        {
          name: "JSON.parse alone, of ids as text, nulls and unknown fields",
          run: () => JSON.parse(lenientText)
        },
        { name: "and each field of these checked, times decoded", run: () => decode(lenientText) }
      ],
      rounds: rounds(quick)
    }
  }
}

export const decodeCases: ReadonlyArray<Case> = [decodeCase, promisesCase]
