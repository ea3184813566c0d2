import { assert, describe, it } from "@effect/vitest"
import * as seen from "../../src/watch/seen.ts"

const ids = (ranges: seen.Ranges): ReadonlyArray<number> =>
  Array.from({ length: 12 }, (_, id) => id).filter((id) => seen.has(ranges, id))

describe("a set of ids as ranges", () => {
  it.each(
    [
      { to: [], add: [1, 2, 3], above: -1, is: [[1, 3]] },
      { to: [[5, 7]], add: [3, 1], above: -1, is: [[1, 1], [3, 3], [5, 7]] },
      { to: [[5, 7]], add: [4], above: -1, is: [[4, 7]] },
      { to: [[5, 7], [9, 9]], add: [8], above: -1, is: [[5, 9]] },
      { to: [[5, 7]], add: [6, 6], above: -1, is: [[5, 7]] },
      { to: [[1, 2], [5, 7]], add: [9], above: 4, is: [[5, 7], [9, 9]] },
      { to: [[1, 2], [5, 7]], add: [], above: 5, is: [[6, 7]] },
      { to: [[5, 7]], add: [7, 8], above: 7, is: [[8, 8]] },
      { to: [[5, 7]], add: [6], above: 7, is: [] }
    ] as const
  )("$to and $add above $above is $is", ({ above, add, is, to }) => {
    const set = seen.add(to, add, above)
    assert.deepStrictEqual(set.map((range) => [...range]), is.map((range) => [...range]))
    assert.deepStrictEqual(
      ids(set),
      is.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, n) => from + n))
    )
  })
})
