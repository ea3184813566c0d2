/** The numbers that a message brings: Snowflake's code and the SQLSTATE. */

// `001003 (42000): 01b2…-…: SQL compilation error`: some drivers put the query's id between the code and the message.
export const prefix =
  /^(?:\d{6}\b\s*(?:\((?:[0-9A-Z]{5}|n\/a|None)\))?|\([0-9A-Z]{5}\))\s*(?::\s*(?:None\b|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\s*)?[:.]?\s*/i

export interface Code {
  readonly code?: string
  readonly sqlState?: string
}

// A driver or a procedure puts its own code before that of what it called: the last one is the cause.
export const codeOf = (bare: string): Code | undefined => {
  const both = [...bare.matchAll(/(?<![\w.-])(\d{6})\s*\(([0-9A-Z]{5})\)/g)].at(-1)
  if (both !== undefined) return { code: both[1] ?? "", sqlState: both[2] ?? "" }
  const first = /^\s*(\d{6})\b(?!-)/.exec(bare)
  return first === null ? undefined : { code: first[1] ?? "" }
}

/** A detail that is nothing but a code, maybe without its leading zeros. */
export const bareCode = (detail: string): Code | undefined => {
  const match = /^\s*(\d{3,6})\s*$/.exec(detail)
  return match === null ? undefined : { code: (match[1] ?? "").padStart(6, "0") }
}
