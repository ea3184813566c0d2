/**
 * What a tool of this server is: arguments in, facts and their report out, and between them an effect that knows neither
 * a transport nor the SDK. `registerTools.ts` advertises tools, `callTool.ts` runs them.
 */
import * as Report from "@coalesce-runs/core/Report"
import type * as RunsClient from "@coalesce-runs/core/RunsClient"
import * as RunsError from "@coalesce-runs/core/RunsError"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type * as SchemaRepresentation from "effect/SchemaRepresentation"
import * as args from "../input/args.ts"
import { cleanJson } from "../result/cleanJson.ts"
import type { ToolError } from "../result/failure.ts"
import { clean } from "../result/untrustedText.ts"
import { outline } from "./outline.ts"

export type JsonSchema = Readonly<Record<string, unknown>>

/** What `tools/list` says of a tool, except for what is the same for all. */
export interface Definition<Name extends string = string> {
  readonly name: Name
  readonly title: string
  readonly description: string
  readonly inputSchema: JsonSchema
}

/** What a tool found out: the facts, and the report that tells them. */
export interface ToolResult<Facts> {
  readonly facts: Facts
  readonly report: Report.Report
  /** The facts as JSON in the shape of their own schema, with every string cleaned. */
  readonly structuredContent: Effect.Effect<Record<string, unknown>>
}

export interface Tool<Facts = unknown, Name extends string = string> {
  readonly definition: Definition<Name>
  /** An outline of the JSON Schema of the facts. */
  readonly outputSchema: () => JsonSchema
  /** Takes the arguments as a client sent them. */
  readonly run: (args: unknown) => Effect.Effect<ToolResult<Facts>, ToolError, RunsClient.RunsClient>
}

export interface Options<Name extends string, Input extends Schema.ConstraintDecoder<unknown>, Facts> {
  readonly name: Name
  readonly title: string
  /** Under 2,048 characters, the key fact first. */
  readonly description: string
  /** Advertised, as JSON Schema: a plain object with simple types and no union. */
  readonly input: Input
  /** Core's schema of the facts. It encodes to plain JSON. */
  readonly facts: Schema.Codec<Facts, object>
  readonly handle: (input: Input["Type"]) => Effect.Effect<Facts, ToolError, RunsClient.RunsClient>
  /** Core's report of the facts. */
  readonly report: (facts: Facts, options: Report.Options) => Report.Report
}

/** Leaves out what a reader assumes anyway: open objects, and the bounds of safe integers. */
const terse = (key: string, value: unknown): unknown =>
  (key === "additionalProperties" && value === true) ||
    (typeof value === "number" && Math.abs(value) === Number.MAX_SAFE_INTEGER)
    ? undefined
    : value

/** Describes every object where it stands. */
const referencePolicy: SchemaRepresentation.ReferencePolicy = () => undefined

const jsonSchema = (schema: Schema.Constraint, onExcessProperty: "ignore" | "error"): JsonSchema => {
  const { definitions: $defs, schema: root } = Schema.toJsonSchemaDocument(schema, {
    onExcessProperty,
    referencePolicy
  })
  return JSON.parse(JSON.stringify(Object.keys($defs).length === 0 ? root : { ...root, $defs }, terse))
}

/** Says how the arguments were read, where that is not plain, and which ones the client did not fill in. */
const withNotes = (
  report: Report.Report,
  notes: ReadonlyArray<string>,
  unfilled: ReadonlyArray<string>
): Report.Report => {
  const said = [
    ...notes,
    ...(unfilled.length === 0 ? [] : [
      `The client did not fill in ${unfilled.join(", ")}: ${
        unfilled.length === 1 ? "it counts" : "they count"
      } as not set.`
    ])
  ]
  return said.length === 0 ? report : { ...report, lines: [...report.lines, [clean(said.join(" "), 600)]] }
}

export const make = <const Name extends string, Input extends Schema.ConstraintDecoder<unknown>, Facts>(
  { description, facts: schema, handle, input, name, report, title }: Options<Name, Input, Facts>
): Tool<Facts, Name> => {
  const inputSchema = jsonSchema(input, "error")
  const { properties } = inputSchema
  const read = args.reader(input, Predicate.isObject(properties) ? properties : {})
  return {
    definition: { name, title, description, inputSchema },
    outputSchema: () => outline(jsonSchema(schema, "ignore")),
    run: (given) =>
      Effect.gen(function*() {
        const names = yield* Report.configuredNames
        const asked = yield* Effect.mapError(
          Effect.fromResult(read(given, names)),
          (violations) => new RunsError.InvalidQuery({ violations })
        )
        const facts = yield* handle(asked.input)
        return {
          facts,
          report: withNotes(report(facts, { names }), asked.notes, args.placeholders(given)),
          structuredContent: Effect.map(Effect.orDie(Schema.encodeEffect(schema)(facts)), cleanJson)
        }
      })
  }
}
