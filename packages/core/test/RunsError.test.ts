import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { RunsClient, RunsError } from "../src/index.ts"
import { clientOf, truncated } from "./support/responses.ts"

const bodies = [
  {
    kind: "the documented JSON",
    body: () => JSON.stringify({ error: { errorString: "It went wrong", errorDetail: "in the test" } }),
    said: { errorString: "It went wrong", errorDetail: "in the test" }
  },
  {
    kind: "JSON without detail",
    body: () => JSON.stringify({ error: { errorString: "It went wrong" } }),
    said: { errorString: "It went wrong" }
  },
  {
    kind: "a detail of another kind",
    body: () => JSON.stringify({ error: { errorString: "It went wrong", errorDetail: null } }),
    said: { errorString: "It went wrong" }
  },
  {
    kind: "a detail alone",
    body: () => JSON.stringify({ error: { errorString: "", errorDetail: "in the test" } }),
    said: { errorDetail: "in the test" }
  },
  { kind: "HTML", body: () => "<html><body><h1>Bad</h1></body></html>", said: {} },
  { kind: "nothing", body: () => null, said: {} },
  { kind: "JSON cut short", body: () => "{\"error\": {\"errorStr", said: {} },
  { kind: "a broken connection", body: truncated, said: {} },
  { kind: "JSON of another shape", body: () => JSON.stringify({ message: 42, error: "no" }), said: {} }
] as const

const statuses = [
  { status: 400, type: "BadRequest", retryable: false },
  { status: 401, type: "Unauthorized", retryable: false },
  { status: 403, type: "Forbidden", retryable: false },
  { status: 404, type: "NotFound", retryable: false },
  { status: 429, type: "TooManyRequests", retryable: true },
  { status: 500, type: "InternalServerError", retryable: true },
  { status: 502, type: "BadGateway", retryable: true },
  { status: 503, type: "ServiceUnavailable", retryable: true },
  { status: 504, type: "GatewayTimeout", retryable: true },
  { status: 204, type: "UnexpectedStatus", retryable: false },
  { status: 302, type: "UnexpectedStatus", retryable: false },
  { status: 402, type: "UnexpectedStatus", retryable: false },
  { status: 418, type: "UnexpectedStatus", retryable: false },
  { status: 501, type: "UnexpectedStatus", retryable: false },
  { status: 530, type: "UnexpectedStatus", retryable: false }
] as const

const cases = statuses.flatMap((status) => bodies.map((body) => ({ ...status, ...body })))
  .filter(({ kind, status }) => status !== 204 || kind === "nothing")

// An instance of one of the classes, not only something of their shape.
const isRunsError = Schema.is(RunsError.RunsError)

const url =
  "https://app.coalescesoftware.io/api/v1/runs?limit=25&startingFrom=10&orderBy=id&orderByDirection=desc&runType=refresh"

describe("every status by every kind of body", () => {
  it.effect.each(cases)("$status with $kind", ({ body, retryable, said, status, type }) =>
    Effect.gen(function*() {
      const { layer } = clientOf(() => new Response(body(), { status, headers: { "retry-after": "7" } }))
      const error = yield* RunsClient.listPage({ startingFrom: 10, runType: "refresh" }).pipe(
        Effect.provide(layer),
        Effect.flip
      )
      assert.strictEqual(error._tag, type)
      assert.isTrue(isRunsError(error))
      if (!("status" in error)) return assert.fail("no status")
      const { errorDetail, errorString, ...fields } = error
      assert.deepStrictEqual(
        {
          ...(errorString === undefined ? {} : { errorString }),
          ...(errorDetail === undefined ? {} : { errorDetail })
        },
        said
      )
      assert.strictEqual(fields.status, status)
      assert.deepStrictEqual(fields.request, { method: "GET", url })
      assert.strictEqual(fields.resumeFrom?.value, 10)
      assert.strictEqual(error.isRetryable, retryable)
      assert.strictEqual(Duration.toMillis(fields.retryAfter ?? 0), 7000)
      assert.include(error.message, String(status))
      assert.include(error.message, url)

      const wire = JSON.parse(JSON.stringify(Schema.encodeSync(RunsError.RunsError)(error)))
      const back = Schema.decodeUnknownSync(RunsError.RunsError)(wire)
      assert.strictEqual(back._tag, type)
      assert.isTrue(isRunsError(back))
      assert.strictEqual(back.message, error.message)
      assert.strictEqual(back.isRetryable, error.isRetryable)
    }))
})
