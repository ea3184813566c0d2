/**
 * Registers the tools on a server of the SDK. It knows them only by what they advertise, so that a server which has just
 * started answers before any of them is loaded.
 */
import type { CallToolResult, McpServer, ServerContext, StandardSchemaWithJSON } from "@modelcontextprotocol/server"
import { definitions, outputSchemas } from "./definitions.ts"
import type { JsonSchema } from "./tools/Tool.ts"

/** Runs a tool. Everything that can go wrong is in its result. */
export type CallTool = (name: string, args: unknown, context: ServerContext) => Promise<CallToolResult>

/** Asks a client that loads tools on demand to have these at hand from the start. Others ignore it. */
const _meta = { "anthropic/alwaysLoad": true }

const annotations = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true }

/** With `isStructured` each tool also advertises the schema of its structured content. */
export const registerTools = (server: McpServer, callTool: CallTool, isStructured: boolean): void => {
  const schemas = isStructured ? outputSchemas() : {}
  for (const { inputSchema, name, ...definition } of definitions) {
    const outputSchema = schemas[name]
    const config = { ...definition, inputSchema: passing(inputSchema), annotations, _meta }
    server.registerTool(
      name,
      outputSchema === undefined ? config : { ...config, outputSchema: passing(outputSchema) },
      (args, context) => callTool(name, args, context)
    )
  }
}

/**
 * A schema as the SDK takes it, which lets everything pass: the tool itself names wrong arguments in its own words, and
 * structured content is of its schema by its type.
 */
const passing = (schema: JsonSchema): StandardSchemaWithJSON<unknown, unknown> => ({
  "~standard": {
    version: 1,
    vendor: "coalesce-runs",
    validate: (value) => ({ value }),
    jsonSchema: { input: () => ({ ...schema }), output: () => ({ ...schema }) }
  }
})
