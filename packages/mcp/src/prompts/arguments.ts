/** The arguments of prompts: texts, all optional. They are plain data, so that a server which has just started can list them. */
import type { StandardSchemaWithJSON } from "@modelcontextprotocol/server"

/** The arguments that prompts share. */
export const shared = {
  window: "last_night (default), today, yesterday, last_24_hours or last_7_days",
  jobID: "The id or exact name of a job",
  environmentID: "The id of an environment",
  timeZone: "An IANA zone such as Europe/London, for what \"last night\" means"
} as const

type Given<Name extends string> = { readonly [K in Name]?: string }

type Read<Name extends string> =
  | { readonly value: Given<Name> }
  | { readonly issues: ReadonlyArray<{ message: string }> }

/** Makes the schema of arguments from their descriptions. */
export const schemaOf = <Name extends string>(
  parameters: { readonly [K in Name]: string }
): StandardSchemaWithJSON<unknown, Given<Name>> => {
  const names = Object.keys(parameters)
  const isName = (name: string): name is Name => Object.hasOwn(parameters, name)

  /** Trims and bounds the arguments. What stands for nothing counts as left out: forms send `""` for an empty field. */
  const read = async (value: unknown): Promise<Read<Name>> => {
    // Every client waits for the start, so what cleans text is loaded with the first prompt.
    const [{ clean, isUnset }, { named }] = await Promise.all([
      import("../result/untrustedText.ts"),
      import("../result/named.ts")
    ])
    const given = Object.entries(value ?? {})
    const wrong = given.filter(([name, value]) => !isName(name) || (typeof value !== "string" && value !== null))
    const unknown = wrong.flatMap(([name]) => isName(name) ? [] : [name])
    if (wrong.length > 0) {
      return {
        issues: [
          ...wrong.flatMap(([name]) => isName(name) ? [{ message: `${name}: expected text` }] : []),
          ...(unknown.length === 0
            ? []
            : [{ message: `${named(unknown)}: there is no such argument. The arguments are ${names.join(", ")}` }])
        ]
      }
    }
    const read: { [K in Name]?: string } = {}
    for (const [name, value] of given) {
      const text = typeof value === "string" && !isUnset(value) ? clean(value, 80) : ""
      if (isName(name) && text !== "") read[name] = text
    }
    return { value: read }
  }

  const jsonSchema = () => ({
    type: "object",
    properties: Object.fromEntries(
      Object.entries(parameters).map(([name, description]) => [name, { type: "string", description }])
    ),
    additionalProperties: false
  })
  return {
    "~standard": {
      version: 1,
      vendor: "coalesce-runs",
      validate: read,
      jsonSchema: { input: jsonSchema, output: jsonSchema }
    }
  }
}
