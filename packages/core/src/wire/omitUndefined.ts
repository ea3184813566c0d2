import * as Predicate from "effect/Predicate"

/** Returns the fields that have a value: in facts an optional key is absent, never `undefined`. */
export const omitUndefined = <Fields extends object>(
  fields: Fields
): { readonly [K in keyof Fields]?: Exclude<Fields[K], undefined> } => {
  const defined: { -readonly [K in keyof Fields]?: Exclude<Fields[K], undefined> } = {}
  for (const key in fields) {
    const value = fields[key]
    if (Predicate.isNotUndefined(value)) defined[key] = value
  }
  return defined
}
