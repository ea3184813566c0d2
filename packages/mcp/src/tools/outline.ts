/** Shortens the JSON Schema of facts to an outline, so that a list of tools stays short. */
import * as Predicate from "effect/Predicate"

type Outline = Record<string, unknown>

/** How many levels of properties are listed. */
const levels = 2

const typeOf = (schema: unknown): unknown => Predicate.isObject(schema) ? Reflect.get(schema, "type") : undefined

/**
 * Returns the properties of two levels with their types: what is required stands at the first alone, deeper objects are open,
 * and of a union only the type that its members share is left. Every value of the schema is one of the outline too.
 */
export const outline = (schema: unknown, level = 0): Outline => {
  if (!Predicate.isObject(schema)) return {}
  const { anyOf, enum: values, items, properties, required, type }: Outline = { ...schema }
  if (Array.isArray(anyOf)) {
    const types = new Set(anyOf.map(typeOf))
    const [shared] = types
    return types.size === 1 && shared !== undefined ? { type: shared } : {}
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
