/** What the tools advertise. In the bundled bin this module is the JSON that it makes: see `scripts/bundle.mjs`. */
import { tools } from "./tools/all.ts"
import type { Definition, JsonSchema } from "./tools/Tool.ts"

export const definitions: ReadonlyArray<Definition> = tools.map(({ definition }) => definition)

let schemas: Readonly<Record<string, JsonSchema>> | undefined

/** The JSON Schema of a tool's structured content, by the tool's name. Made once: over HTTP each request has a server of its own. */
export const outputSchemas = (): Readonly<Record<string, JsonSchema>> =>
  schemas ??= Object.fromEntries(tools.map(({ definition, outputSchema }) => [definition.name, outputSchema()]))
