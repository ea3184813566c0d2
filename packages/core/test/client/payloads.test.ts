/** Rows and node results as the vendor's pages and public clients have them. */
import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import { decodeResults, decodeRows, type Row } from "../../src/client/decode.ts"
import { FieldReader } from "../../src/client/fieldReader.ts"
import payloads from "./data/published-payloads.json" with { type: "json" }

describe("the payloads that the vendor's pages and public clients show", () => {
  const ids = (rows: ReadonlyArray<Row>) => rows.map((row) => Number(Result.getOrThrow(row).id))

  it("decode, every row of a list", () => {
    const reader = new FieldReader()
    const detailed = decodeRows(payloads.listDocsDetail.data, true, reader)
    assert.deepStrictEqual(ids(detailed), [3, 2, 1, 0])
    assert.isTrue(detailed.every((row) => Result.isSuccess(row) && row.success.reRunID === undefined))
    assert.strictEqual(reader.dropped, 1)
    assert.deepStrictEqual(ids(decodeRows(payloads.listSummary.data, false, new FieldReader())), [3, 0])
  })

  it.each(["resultsDocs", "resultsLean", "results2023", "resultsFivetran", "resultsRender"] as const)(
    "decode, every node of %s, with the messages of its errors",
    (name) => {
      const results = Result.getOrThrow(decodeResults(payloads[name]))
      assert.deepStrictEqual(results.map(({ nodeID }) => nodeID), payloads[name].data.map(({ nodeID }) => nodeID))
      const messages = JSON.stringify(payloads[name]).match(/(?<="errorString":")[^"]+/g) ?? []
      const decoded = JSON.stringify(results)
      for (const message of messages) assert.include(decoded, message)
    }
  )

  it.each([
    [{ errorDetail: "000627" }, { errorString: "", errorDetail: "000627" }],
    [{ errorString: 7, errorDetail: "000627" }, { errorString: "", errorDetail: "000627" }],
    [{ errorString: "Division by zero", errorDetail: {} }, { errorString: "Division by zero" }]
  ])("keep of the error %j what can be read", (error, decoded) => {
    const body = { data: [{ nodeID: "a", queryResults: [null, { success: false, error, rowsInserted: "many" }] }] }
    assert.deepStrictEqual<unknown>(
      Result.getOrThrow(decodeResults(body)),
      [{ nodeID: "a", queryResults: [{ success: false, error: decoded }] }]
    )
  })
})
