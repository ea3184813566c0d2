/** The fields that have a value: an optional key is absent, never `undefined`. */
export const present = <Fields extends object>(
  fields: Fields
): { readonly [K in keyof Fields]?: Exclude<Fields[K], undefined> } => {
  const found: { -readonly [K in keyof Fields]?: Exclude<Fields[K], undefined> } = {}
  for (const key in fields) {
    const value = fields[key]
    if (isPresent(value)) found[key] = value
  }
  return found
}

const isPresent = <A>(value: A): value is Exclude<A, undefined> => value !== undefined
