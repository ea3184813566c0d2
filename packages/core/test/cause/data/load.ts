import * as Schema from "effect/Schema"
import { readFileSync } from "node:fs"

/** A message of a failed node, and what is right for it: any of the classes; one key for all of a kind; words to show. */
export const MessageCase = Schema.Struct({
  name: Schema.String,
  class: Schema.optionalKey(Schema.Array(Schema.String)),
  kind: Schema.optionalKey(Schema.String),
  mustShow: Schema.optionalKey(Schema.String),
  message: Schema.String,
  detail: Schema.optionalKey(Schema.String)
})

export const ReasonCase = Schema.Struct({ why: Schema.String, reason: Schema.String, cause: Schema.String })

/** Reads rows of a file beside this one. */
export const load = <S extends Schema.Codec<unknown, unknown>>(file: string, row: S): ReadonlyArray<S["Type"]> =>
  Schema.decodeUnknownSync(Schema.Array(row))(JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8")))
