/**
 * Guesses from the text of a page where the next one starts, so that it can be requested before the text is parsed. The page that
 * is parsed decides: a guess that leads to another request is dropped.
 */
import * as Result from "effect/Result"
import { parseJson } from "../wire/json.ts"
import { advance } from "./advance.ts"
import { decodeEnvelope } from "./decode.ts"
import { FieldReader, isJsonObject } from "./fieldReader.ts"
import type { PageRequest, State } from "./pagingModel.ts"

const reader = new FieldReader()

/** Where a row begins behind another one, as JSON without spaces is written. */
const between = "},{"

/**
 * Returns the state behind a page of which only the last row and what follows it are read. By a time the next request depends on
 * other rows too.
 */
export const guess = (state: State, request: PageRequest, text: string): State | undefined => {
  if (state.cursor.orderBy !== "id") return undefined
  const envelope = decodeEnvelope(parseJson(`{"data":[${text.slice(text.lastIndexOf(between) + 2)}`))
  if (Result.isFailure(envelope)) return undefined
  const { data: [row], limit, next } = envelope.success
  const id = isJsonObject(row) ? reader.runId(row.id) : undefined
  if (id === undefined) return undefined
  // Without a next, a page is followed by another if it is full.
  const rows = text.split(between, request.limit).map(() => ({ id, value: id }))
  const { hasMore, state: after } = advance(state, request, { rows, limit, next })
  return hasMore ? after : undefined
}
