/** The history that the fault server shows: runs that appear, change, end and vanish as requests come in. */

/** What a row has that a reader may not expect. The first ones are undecodable, wherever or in one form of the row. */
export type Oddity =
  | "noStatus"
  | "numericStatus"
  | "unknownType"
  | "noDetails"
  | "badStart"
  | "noId"
  | "fractionalId"
  | "booleanId"
  | "nullRow"
  | "textRow"
  | "arrayRow"
  // Harmless: the row is a run all the same.
  | "textId"
  | "emptyOptionals"
  | "nullOptionals"
  | "oddOptionals"
  | "moreFields"
  | "rowsWithin"
  | "echo"
  | "escapedEcho"
  | "slashedEcho"

/** A run from one request of its session on. Times are in epoch milliseconds. */
export interface Phase {
  readonly at: number
  readonly runStatus: string
  readonly start?: number | undefined
  readonly end?: number | undefined
}

export interface Life {
  readonly id: number
  readonly runType: "deploy" | "refresh"
  readonly environmentID: string
  /** Each with a greater `at`. The first one says when the run appears. */
  readonly phases: ReadonlyArray<Phase>
  /** From which request on it is gone. */
  readonly vanishesAt?: number | undefined
  readonly oddity?: Oddity | undefined
}

export interface Seen extends Phase {
  readonly life: Life
}

/** What a request asks for, as its URL has it. */
export interface Asked {
  readonly limit: number
  readonly orderBy: string
  readonly direction: string
  readonly startingFrom: string | undefined
  readonly runType: string | undefined
  readonly runStatus: string | undefined
  readonly environmentID: string | undefined
  readonly detail: boolean
}

export const askedOf = (query: URLSearchParams): Asked => ({
  limit: Number(query.get("limit") ?? 25),
  orderBy: query.get("orderBy") ?? "id",
  direction: query.get("orderByDirection") ?? "desc",
  startingFrom: query.get("startingFrom") ?? undefined,
  runType: query.get("runType") ?? undefined,
  runStatus: query.get("runStatus") ?? undefined,
  environmentID: query.get("environmentID") ?? undefined,
  detail: query.get("detail") === "true"
})

/** Returns a run as it is at a request; undefined before it appears and after it is gone. */
export const seenAt = (life: Life, request: number): Seen | undefined => {
  if (life.vanishesAt !== undefined && request >= life.vanishesAt) return undefined
  const phase = life.phases.findLast(({ at }) => at <= request)
  return phase === undefined ? undefined : { ...phase, life }
}

/** Returns what an order compares: undefined where the run has no such time. */
export const valueOf = ({ end, life, start }: Seen, orderBy: string): number | undefined =>
  orderBy === "id" ? life.id : orderBy === "runStartTime" ? start : end

export const matches = (
  { life, runStatus }: Seen,
  asked: Partial<Pick<Asked, "environmentID" | "runStatus" | "runType">>
): boolean =>
  (asked.runType === undefined || life.runType === asked.runType) &&
  (asked.runStatus === undefined || runStatus === asked.runStatus) &&
  (asked.environmentID === undefined || life.environmentID === asked.environmentID)

export interface Ordering {
  /** Which of the runs that share a time comes first. */
  readonly ties: "asc" | "desc" | "mixed"
  /** Whether runs without the time that orders them are listed, behind all others. */
  readonly untimed: "omitted" | "last"
}

const tieOf = (id: number, ties: Ordering["ties"]): number =>
  ties === "asc" ? id : ties === "desc" ? -id : (id * 7919) % 101

/** Lists the runs that match behind `from`, in the order that was asked for. `from` is exclusive. */
export const listed = (
  lives: ReadonlyArray<Life>,
  request: number,
  asked: Asked,
  from: number | undefined,
  { ties, untimed }: Ordering
): ReadonlyArray<Seen> => {
  const sign = asked.direction === "asc" ? 1 : -1
  const rows = lives.flatMap((life) => {
    const seen = seenAt(life, request)
    if (seen === undefined || !matches(seen, asked)) return []
    const value = valueOf(seen, asked.orderBy)
    if (value === undefined) return untimed === "last" ? [{ seen, value: sign * Infinity }] : []
    return from === undefined || (value - from) * sign > 0 ? [{ seen, value }] : []
  })
  const compare = (a: (typeof rows)[number], b: (typeof rows)[number]): number =>
    a.value === b.value
      ? tieOf(a.seen.life.id, ties) - tieOf(b.seen.life.id, ties) || a.seen.life.id - b.seen.life.id
      : (a.value < b.value ? -1 : 1) * sign
  return rows.sort(compare).map(({ seen }) => seen)
}

const iso = (millis: number | undefined): string | undefined =>
  millis === undefined ? undefined : new Date(millis).toISOString()

export const reasonOf = (id: number): string => `Node N${id} failed: 100051 (22012): Division by zero`

/** Names that no text of an error, a log or a report may hold. */
export const secretUser = "CANARY_USER_7Q"

const baseRow = ({ end, life, runStatus, start }: Seen, detail: boolean): Record<string, unknown> => {
  const { environmentID, id, runType } = life
  const row: Record<string, unknown> = { id, runType, runStatus }
  if (start !== undefined) row["runStartTime"] = iso(start)
  if (end !== undefined) row["runEndTime"] = iso(end)
  if (!detail) {
    row["environmentID"] = environmentID
    if (runStatus === "failed") row["runFailureReason"] = reasonOf(id)
    return row
  }
  row["runTimeParameters"] = {}
  row["userCredentials"] = { snowflakeAccount: "CANARY_ACCOUNT_7Q", snowflakeUsername: secretUser }
  row["runDetails"] = runType === "deploy"
    ? { environmentID, deployCommit: "0123456789abcdef", nodesInRun: 5 }
    : { environmentID, jobID: 7, nodesInRun: 5 }
  return row
}

/** Returns whether a row repeats the token, in any form. */
export const isEcho = (oddity: Oddity | undefined): boolean =>
  oddity === "echo" || oddity === "escapedEcho" || oddity === "slashedEcho"

/** Writes every character as JSON may write any. */
export const escaped = (text: string): string =>
  [...text].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")

/** Writes a run as the text of a row. `token` is what the server was sent. */
export const rowText = (seen: Seen, detail: boolean, token: string): string => {
  const text = JSON.stringify(rowOf(seen, detail, token))
  const { oddity } = seen.life
  return oddity === "escapedEcho"
    ? text.replaceAll(token, escaped(token))
    : oddity === "slashedEcho"
    ? text.replaceAll("/", "\\/")
    : text
}

/** Returns a run as a row of a response. `token` is what the server was sent, and repeats where it echoes. */
const rowOf = (seen: Seen, detail: boolean, token: string): unknown => {
  const row = baseRow(seen, detail)
  switch (seen.life.oddity) {
    case undefined:
      return row
    case "noStatus":
      return { ...row, runStatus: undefined }
    case "numericStatus":
      return { ...row, runStatus: 5 }
    case "unknownType":
      return { ...row, runType: 17 }
    case "noDetails":
      return { ...row, runDetails: undefined }
    case "badStart":
      return { ...row, runStartTime: "yesterday" }
    case "noId":
      return { ...row, id: undefined }
    case "fractionalId":
      return { ...row, id: 41.5 }
    case "booleanId":
      return { ...row, id: true }
    case "nullRow":
      return null
    case "textRow":
      return `run ${token}`
    case "arrayRow":
      return [row]
    case "textId":
      return { ...row, id: String(seen.life.id) }
    case "emptyOptionals":
      return { reRunID: "", userID: "", ...row }
    case "nullOptionals":
      return { reRunID: null, userID: null, version: null, runHistory: null, ...row }
    case "oddOptionals":
      return { ...row, reRunID: { a: 1 }, userID: [], version: "new", runHistory: ["x", null], environmentID: {} }
    case "moreFields":
      return { ...row, new: { nested: [[{}]] }, "": 0, constructor: "x", toString: 1 }
    case "rowsWithin": {
      // Where a row ends can be read from the text of a page only by those who parse it.
      const within = [row, { ...row, id: 1 }, { id: seen.life.id + 1 }, { text: "},{\"id\":3}]},{" }]
      return { parts: within, ...row, nodes: { all: within } }
    }
    case "echo":
    case "escapedEcho":
    case "slashedEcho":
      return { ...row, echo: token, [token]: 1, userID: `user ${token}`, runFailureReason: `said ${token}` }
  }
}

/** Returns whether a row with this oddity is a run that a reader gets. */
export const isDecodable = (oddity: Oddity | undefined, detail: boolean, orderBy: string): boolean => {
  switch (oddity) {
    case "noStatus":
    case "numericStatus":
    case "unknownType":
    case "noId":
    case "fractionalId":
    case "booleanId":
    case "nullRow":
    case "textRow":
    case "arrayRow":
      return false
    case "noDetails":
      return !detail
    case "badStart":
      return orderBy !== "runStartTime"
    case undefined:
    case "textId":
    case "emptyOptionals":
    case "nullOptionals":
    case "oddOptionals":
    case "moreFields":
    case "rowsWithin":
    case "echo":
    case "escapedEcho":
    case "slashedEcho":
      return true
  }
}
