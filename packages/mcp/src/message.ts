/**
 * Reads messages as clients really send them, over stdio as over HTTP: `null` counts as left out, and what is no message
 * is refused with an error that the client can match to its request.
 */
import { isJSONRPCRequest } from "@modelcontextprotocol/server"

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Reads the members that are not null, each one by `read`. */
const members = (fields: Fields, read: (name: string, value: unknown) => unknown = (_, value) => value): Fields =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => value === null ? [] : [[name, read(name, value)]])
  )

/** Checks for nothing: `null`, or the empty list that PHP makes of an empty object. */
const isNothing = (value: unknown): boolean => value === null || (Array.isArray(value) && value.length === 0)

/** Reads arguments that a client sent as the JSON text of an object. Any other text is left to be refused. */
const readArguments = (value: unknown): unknown => {
  if (typeof value !== "string") return value
  if (value.trim() === "") return {}
  try {
    const json: unknown = JSON.parse(value)
    return isFields(json) || isNothing(json) ? json : value
  } catch {
    return value
  }
}

/** Leaves out what is nothing: `params` as a whole, its members, and what is null in `_meta` and `arguments`. */
const withoutNulls = (message: Fields): Fields => {
  const { params, ...rest } = message
  if (params === undefined || isNothing(params)) return rest
  if (!isFields(params)) return message
  return {
    ...rest,
    params: members(
      params,
      (name, given) => {
        if (name !== "_meta" && name !== "arguments") return given
        const value = name === "arguments" ? readArguments(given) : given
        return isFields(value) ? members(value) : isNothing(value) ? {} : value
      }
    )
  }
}

/** A JSON-RPC response that refuses a message. */
export const refusal = (message: string, code = -32_600, id: string | number | null = null) => ({
  jsonrpc: "2.0",
  id,
  error: { code, message }
})

export type Read = { readonly message: Fields } | { readonly refused: ReturnType<typeof refusal> }

// Writing a value as JSON takes a stack frame a level: some thousands of them would end the process.
const maxDepth = 100

const isDeeperThan = (depth: number, value: unknown): boolean =>
  typeof value === "object" && value !== null &&
  (depth === 0 || Object.values(value).some((member) => isDeeperThan(depth - 1, member)))

/** Reads one message, or refuses it with its id if it has one. */
export const read = (value: unknown): Read => {
  if (!isFields(value)) return { refused: refusal("Invalid request: a message is a JSON object") }
  const message = withoutNulls(value)
  const { id, jsonrpc, method, params } = message
  // The SDK leaves an integer that JavaScript cannot tell from its neighbor without a response.
  const isId = typeof id === "string" || Number.isSafeInteger(id)
  const refuse = (reason: string, code?: number): Read => ({
    refused: refusal(reason, code, typeof id === "string" || typeof id === "number" ? id : null)
  })
  if (jsonrpc !== "2.0") return refuse("Invalid request: jsonrpc must be \"2.0\"")
  if ("id" in message && !isId) return refuse("Invalid request: id must be a string or an integer of at most 2^53 - 1")
  if (isDeeperThan(maxDepth, message)) return refuse(`Invalid request: more than ${maxDepth} levels of nesting`)
  if (method === undefined) return { message }
  if (typeof method !== "string") return refuse("Invalid request: method must be a string")
  if (params !== undefined && !isFields(params)) return refuse("Invalid params: params must be an object", -32_602)
  const { _meta: meta, arguments: args } = params ?? {}
  if (meta !== undefined && !isFields(meta)) return refuse("Invalid params: _meta must be an object", -32_602)
  if (args !== undefined && !isFields(args)) return refuse("Invalid params: arguments must be an object", -32_602)
  // The SDK drops a message that it does not know whole, so what is not JSON-RPC's is left out.
  const known = { jsonrpc, method, ...("id" in message ? { id } : {}), ...(params === undefined ? {} : { params }) }
  if ("id" in message && !isJSONRPCRequest(known)) return refuse("Invalid params: _meta has a wrong member", -32_602)
  return { message: known }
}

/** Reads the text of one message, or of several in an array, which clients of 2025-03-26 may send. */
export const readAll = (text: string): ReadonlyArray<Read> => {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return [{ refused: refusal("Parse error: this is not JSON", -32_700) }]
  }
  return Array.isArray(json) && json.length > 0 ? json.map(read) : [read(json)]
}
