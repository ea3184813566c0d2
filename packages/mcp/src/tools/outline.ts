/** Shortens the JSON Schema of facts to an outline, so that a list of tools stays short. */
import * as Predicate from "effect/Predicate"

type Outline = Record<string, unknown>

/** How many levels of properties are listed. */
const levels = 2

/** The types that a schema allows. */
const typesOf = (schema: unknown): ReadonlyArray<unknown> => {
  if (!Predicate.isObject(schema)) return []
  const { anyOf, enum: values, type }: Outline = { ...schema }
  return Array.isArray(anyOf)
    ? anyOf.flatMap(typesOf)
    : type !== undefined
    ? [type]
    : Array.isArray(values)
    ? values.map((value) => typeof value)
    : []
}

/**
 * Returns the properties of two levels with their types: what is required stands at the first alone, deeper objects are open,
 * and of a union only the types of its members are left. Every value of the schema is one of the outline too.
 */
export const outline = (schema: unknown, level = 0): Outline => {
  if (!Predicate.isObject(schema)) return {}
  const { anyOf, enum: values, items, properties, required, type }: Outline = { ...schema }
  if (Array.isArray(anyOf)) {
    const types = [...new Set(typesOf(schema))]
    return types.length === 1 ? { type: types[0] } : { anyOf: types.map((type) => ({ type })) }
  }
  if (Predicate.isObject(properties)) {
    return level === levels ? { type } : {
      type,
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [name, outline(property, level + 1)])
      ),
      ...(level === 0 && required !== undefined ? { required } : {})
    }
  }
  if (items !== undefined) return level === levels ? { type } : { type, items: outline(items, level) }
  return { ...(type === undefined ? {} : { type }), ...(values === undefined ? {} : { enum: values }) }
}
