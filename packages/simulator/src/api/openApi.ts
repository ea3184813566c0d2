/**
 * Simplifies the OpenAPI document for a reader. Core's schemas describe everything that they accept; the document shows what
 * the API sends and what a request may contain.
 */

// The type of effect's OpenApi.Transform: a document is data of any shape.
type Json = Record<string, unknown>

const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)

const runID: Json = {
  type: "integer",
  minimum: 0,
  description: "The run's id: the integer, not the UUID in a web address."
}

// Parameters are sent as text. These are the types of what the text says.
const parameters: Record<string, Json> = {
  limit: { type: "integer", minimum: 1, maximum: 1000, default: 25 },
  orderBy: { default: "id" },
  orderByDirection: { default: "desc" },
  detail: { type: "boolean", default: false, enum: undefined },
  runID,
  runCounter: runID
}

const isNothing = (schema: unknown): boolean =>
  isJson(schema) &&
  (schema.type === "null" || (Array.isArray(schema.enum) && schema.enum.length === 1 && schema.enum[0] === ""))

// An integer that may also come as text, in either order.
const isIntegerOrText = (schemas: ReadonlyArray<unknown>): boolean => {
  const types = schemas.map((schema) => isJson(schema) && Object.keys(schema).length === 1 ? schema.type : undefined)
  return types.length === 2 && types.includes("integer") && types.includes("string")
}

const simplifySchema = (schema: Json): Json => {
  const { additionalProperties, anyOf, ...rest } = schema
  const open: Json = additionalProperties === undefined || additionalProperties === false
    ? rest
    : { ...rest, additionalProperties }
  if (open.minimum === Number.MIN_SAFE_INTEGER) delete open.minimum
  if (open.maximum === Number.MAX_SAFE_INTEGER) delete open.maximum
  if (!Array.isArray(anyOf)) return open
  const some: ReadonlyArray<unknown> = anyOf.filter((member) => !isNothing(member))
  const only = some[0]
  if (some.length === 1 && isJson(only)) return { ...only, ...open }
  return isIntegerOrText(some) ? { type: ["integer", "string"], ...open } : { ...open, anyOf: some }
}

const withName = (name: string, schema: unknown): unknown => {
  if (!isJson(schema)) return schema
  if (name.endsWith("Time") && schema.type === "string") return { ...schema, format: "date-time" }
  // This is the only field that the API also sends as null.
  return name === "next" && Array.isArray(schema.anyOf)
    ? { ...schema, anyOf: [...schema.anyOf, { type: "null" }] }
    : schema
}

const withNames = (properties: Json): Json =>
  Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, withName(name, schema)]))

const simplify = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(simplify)
  if (!isJson(value)) return value
  const object = simplifySchema(Object.fromEntries(Object.entries(value).map(([key, field]) => [key, simplify(field)])))
  if (isJson(object.properties)) return { ...object, properties: withNames(object.properties) }
  const parameter = typeof object.name === "string" && object.in !== undefined ? parameters[object.name] : undefined
  if (parameter === undefined || !isJson(object.schema)) return object
  const { allOf: _, ...schema } = object.schema
  return { ...object, schema: { ...schema, ...parameter } }
}

/** For `OpenApi.Transform`. */
export const readable = (document: Json): Json => {
  const simplified = simplify(document)
  return isJson(simplified) ? simplified : document
}
