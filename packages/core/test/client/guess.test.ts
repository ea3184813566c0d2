import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import { begin, request } from "../../src/client/advance.ts"
import { guess } from "../../src/client/guess.ts"
import type { State } from "../../src/client/pagingModel.ts"
import { validateStream } from "../../src/client/query.ts"

const stateOf = (query: object = {}): State => ({
  ...begin(Result.getOrThrow(validateStream(query))),
  pages: 2
})

/** Returns where the page behind a text of two rows or more would be requested. */
const behind = (text: string, state = stateOf(), limit = 2) => {
  const after = guess(state, { ...request(state, undefined), limit }, text)
  return after && request(after, undefined).startingFrom
}

describe("a guess of the page behind a text", () => {
  it("is where the next says", () => {
    assert.strictEqual(behind(`{"data":[{"id":9},{"id":8}],"next":8}`), "8")
    assert.strictEqual(behind(`{"data":[{"id":9},{"id":8}],"next":"5"}`), "5")
    assert.strictEqual(behind(`{"data":[{"id":9},{"id":8}],"next":"b3A="}`), "b3A=")
    assert.strictEqual(behind(`{"next":8,"data":[{"id":9},{"id":8}]}`), "8")
  })

  it("is behind the last row of a full page", () => {
    assert.strictEqual(behind(`{"data":[{"id":9},{"id":"8"}],"limit":2}`), "8")
    assert.strictEqual(behind(`{"data":[{"id":8},{"id":9}]}`, stateOf({ orderByDirection: "asc" })), "9")
    assert.strictEqual(behind(`{"data":[{"a":[{},{"b":"},{"}]},{"id":8}]}`), "8")
  })

  it("is none where the page is the last", () => {
    assert.isUndefined(behind(`{"data":[{"id":9},{"id":8}],"limit":1000,"next":null}`, undefined, 1000))
    assert.isUndefined(behind(`{"data":[{"id":9},{"id":8}],"limit":3}`, undefined, 1000))
    assert.isUndefined(behind(`{"data":[{"id":2},{"id":1}]}`, undefined, 1000))
  })

  it("is none where the last row cannot be read by itself", () => {
    assert.isUndefined(behind(""))
    assert.isUndefined(behind(`{"data":[]}`))
    assert.isUndefined(behind(`{"data":[{"id":9},{"id":8}`))
    assert.isUndefined(behind(`{"data":[{"id":9}, {"id":8}],"next":8}`))
    assert.isUndefined(behind(`{"data":[{"id":9},{"no":8}],"next":8}`))
    assert.isUndefined(behind(`{"data":[{"id":9},{"id":8,"a":[{},{"b":1}]}],"next":8}`))
  })

  it("is none by a time", () => {
    const text =
      `{"data":[{"id":9,"runStartTime":"2026-01-02T00:00:00Z"},{"id":8,"runStartTime":"2026-01-01T00:00:00Z"}],"next":8}`
    assert.strictEqual(behind(text), "8")
    assert.isUndefined(behind(text, stateOf({ orderBy: "runStartTime" })))
  })
})
