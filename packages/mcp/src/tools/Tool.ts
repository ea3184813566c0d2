/**
 * What a tool of this server is: schema in, schema out, and between them an effect that knows neither a transport nor
 * the SDK. `mount.ts` registers them, `call.ts` runs them.
 */
import type * as RunsClient from "@coalesce-runs/core/RunsClient"
import * as RunsError from "@coalesce-runs/core/RunsError"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { ToolError, Violation } from "../result/failure.ts"

/** What `tools/list` says of a tool, but for what is the same of all. */
export interface Definition {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly inputSchema: JsonSchema
  readonly outputSchema: JsonSchema
}

type JsonSchema = Record<string, unknown>

/** An answer in two forms that each stand alone: clients forward one or the other. */
export interface Answer<Content> {
  readonly text: string
  readonly content: Content
}

export interface Tool<Content extends object = object> {
  readonly definition: Definition
  /** Takes the arguments as a client sent them. */
  readonly run: (args: unknown) => Effect.Effect<Answer<Content>, ToolError, RunsClient.RunsClient>
}

export interface Options<Input extends Schema.Top, Content extends object> {
  readonly name: string
  readonly title: string
  /** Under 2,048 characters, the key fact first. */
  readonly description: string
  /** Advertised, as JSON Schema: a plain object with simple types. */
  readonly input: Input
  /** Advertised: `structuredContent` is of this shape. Encoded and decoded shapes agree. */
  readonly output: Schema.Top & { readonly Type: Content }
  /** Reads the arguments, more leniently than the schema says, and names each that is wrong. */
  readonly read: (args: unknown) => Result.Result<Input["Type"], ReadonlyArray<Violation>>
  readonly handle: (input: Input["Type"]) => Effect.Effect<Answer<Content>, ToolError, RunsClient.RunsClient>
}

const jsonSchema = (schema: Schema.Top) => ({
  ...Schema.toJsonSchemaDocument(schema, { onExcessProperty: "error" }).schema
})

export const make = <Input extends Schema.Top, Content extends object>(
  { description, handle, input, name, output, read, title }: Options<Input, Content>
): Tool<Content> => ({
  definition: { name, title, description, inputSchema: jsonSchema(input), outputSchema: jsonSchema(output) },
  run: (args) =>
    Result.match(read(args), {
      onFailure: (violations) => Effect.fail(new RunsError.InvalidQuery({ violations })),
      onSuccess: handle
    })
})
