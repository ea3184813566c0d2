/** The numbers that a message brings: Snowflake's code and the SQLSTATE. */

export interface Code {
  readonly code?: string
  readonly sqlState?: string
}

// A driver or a procedure puts its own code before that of what it called: the last one is the cause.
export const codeOf = (bare: string): Code | undefined => {
  if (!/\d{3}/.test(bare)) return undefined
  const both = [...bare.matchAll(/(?<![\w.-])(\d{6}|\d{3,5}(?= \([0-9A-Z]{5}\)\s{0,5}:))\s{0,5}\(([0-9A-Z]{5})\)/g)].at(
    -1
  )
  if (both !== undefined) return { code: (both[1] ?? "").padStart(6, "0"), sqlState: both[2] ?? "" }
  const named = /\bSQL Error \[(\d{1,6})\] \[([0-9A-Z]{5})\]/.exec(bare)
  if (named !== null) return { code: (named[1] ?? "").padStart(6, "0"), sqlState: named[2] ?? "" }
  const vendor = /\bVend[eo]r ?Code: (\d{3,6})\b/i.exec(bare)
  if (vendor !== null) return { code: (vendor[1] ?? "").padStart(6, "0") }
  const first = /^\s*(?:[\w.$]{1,200}(?:Error|Exception):?\s{1,5})?(\d{6})\b(?!-)/.exec(bare)
  return first === null ? undefined : { code: first[1] ?? "" }
}

/** A detail that is nothing but a code, maybe without its leading zeros. */
export const bareCode = (detail: string): Code | undefined => {
  const match = /^\s*(\d{3,6})\s*$/.exec(detail)
  return match === null ? undefined : { code: (match[1] ?? "").padStart(6, "0") }
}

/** The SQLSTATE that Databricks writes behind a message. */
export const namedSqlState = (bare: string): string | undefined => /\bSQLSTATE:? ?\(?([0-9A-Z]{5})\b/.exec(bare)?.[1]
