/**
 * What a tool of this server is: schema in, schema out, and a handler between them that knows neither a transport nor
 * the SDK. `server.ts` registers them.
 */
import type * as RunsClient from "@coalesce-runs/core/RunsClient"
import type * as Effect from "effect/Effect"
import type * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type { Violation } from "./shared/args.ts"
import type { ToolError } from "./shared/failure.ts"

/** An answer in two forms that each stand alone: clients forward one or the other. */
export interface Answer<Content> {
  readonly text: string
  readonly content: Content
}

/** The schema of an answer: an object, as `structuredContent` must be. */
export type OutputSchema = Schema.Top & { readonly Type: object }

export interface Tool<Input extends Schema.Top, Output extends OutputSchema> {
  readonly name: string
  readonly title: string
  /** Under 2,048 characters, the key fact first. */
  readonly description: string
  /** Advertised, as JSON Schema: a plain object with simple types. */
  readonly input: Input
  /** Advertised: `structuredContent` is of this shape. Encoded and decoded shapes agree. */
  readonly output: Output
  /** Reads the arguments as a client sent them, more leniently than the schema says. */
  readonly read: (args: unknown) => Result.Result<Input["Type"], ReadonlyArray<Violation>>
  readonly handle: (input: Input["Type"]) => Effect.Effect<Answer<Output["Type"]>, ToolError, RunsClient.RunsClient>
}

/** Only fixes the types. */
export const make = <Input extends Schema.Top, Output extends OutputSchema>(
  tool: Tool<Input, Output>
): Tool<Input, Output> => tool
