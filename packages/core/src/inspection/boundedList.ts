/** Lists that are bounded and say how many items they lack. */
import * as Schema from "effect/Schema"

/** The first items of a list, and how many more there are. */
export const listOf = <S extends Schema.Top>(item: S) => Schema.Struct({ listed: Schema.Array(item), more: Schema.Int })

export const firstOf = <A>(items: ReadonlyArray<A>, limit: number) => ({
  listed: items.slice(0, limit),
  more: Math.max(0, items.length - limit)
})
