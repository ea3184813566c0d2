/** Returns the fields that have a value: in facts an optional key is absent, never `undefined`. */
export const omitUndefined = <Fields extends object>(
  fields: Fields
): { readonly [K in keyof Fields]?: Exclude<Fields[K], undefined> } => {
  const defined: { -readonly [K in keyof Fields]?: Exclude<Fields[K], undefined> } = {}
  for (const key in fields) {
    const value = fields[key]
    if (isDefined(value)) defined[key] = value
  }
  return defined
}

const isDefined = <A>(value: A): value is Exclude<A, undefined> => value !== undefined
