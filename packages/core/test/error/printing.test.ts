import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Schema from "effect/Schema"
import { inspect } from "node:util"
import { RunCursor, RunsError } from "../../src/index.ts"

const request = { method: "GET", url: "https://app.coalescesoftware.io/api/v1/runs?limit=25" }
const resumeFrom: RunCursor.RunCursor = { orderBy: "id", orderByDirection: "desc", value: 41, seen: [] }
const response = { request, errorString: "Something happened", errorDetail: "Nobody knows why." }

const errors: ReadonlyArray<{ readonly error: RunsError.RunsError; readonly message: string }> = [
  {
    error: new RunsError.BadRequest(response),
    message:
      `GET ${request.url} responded 400 Bad Request: Something happened Nobody knows why. Correct the parameter ` +
      "that it names."
  },
  {
    error: new RunsError.Unauthorized({ request }),
    message:
      `GET ${request.url} responded 401 Unauthorized. Check the access token (Coalesce, Deploy tab): it may be ` +
      "revoked, or belong to the region of another host."
  },
  {
    error: new RunsError.Forbidden({ request, attempts: 1 }),
    message: `GET ${request.url} responded 403 Forbidden. Ask for a role that can see this environment.`
  },
  {
    error: new RunsError.NotFound({ request }),
    message:
      `GET ${request.url} responded 404 Not Found. Check the base URL and the id of the run: the number, not the ` +
      "UUID in its web address."
  },
  {
    error: new RunsError.TooManyRequests({ ...response, attempts: 5, retryAfter: Duration.seconds(7), resumeFrom }),
    message:
      `GET ${request.url} responded 429 Too Many Requests after 5 attempts: Something happened Nobody knows why. ` +
      "The server asks to wait 7s. Send fewer requests, or retry later. To continue there, pass `resumeFrom` as " +
      "`startingFrom`."
  },
  {
    error: new RunsError.InternalServerError({ request, attempts: 2 }),
    message: `GET ${request.url} responded 500 Internal Server Error after 2 attempts. Retry later. If it persists, ` +
      "contact Coalesce support."
  },
  {
    error: new RunsError.BadGateway({ request }),
    message: `GET ${request.url} responded 502 Bad Gateway. Retry later.`
  },
  {
    error: new RunsError.ServiceUnavailable({ request }),
    message: `GET ${request.url} responded 503 Service Unavailable. Retry later.`
  },
  {
    error: new RunsError.GatewayTimeout({ request }),
    message: `GET ${request.url} responded 504 Gateway Timeout. Retry later, or request smaller pages.`
  },
  {
    error: new RunsError.UnexpectedStatus({ request, status: 302, location: "https://sso.example.com/" }),
    message:
      `GET ${request.url} responded 302 (a redirect to https://sso.example.com/, not followed). Check the base ` +
      "URL: the API of Coalesce does not respond like this."
  },
  {
    error: new RunsError.TransportError({ request, attempts: 5, description: "connect ECONNREFUSED 127.0.0.1:443" }),
    message:
      `GET ${request.url} failed after 5 attempts: connect ECONNREFUSED 127.0.0.1:443. Check the base URL and the ` +
      "network."
  },
  {
    error: new RunsError.TransportError({
      request,
      attempts: 1,
      description: "getaddrinfo ENOTFOUND app.example.com",
      obstacle: "UnknownHost",
      proxy: "HTTPS_PROXY names a proxy, but Node does not use it: set NODE_USE_ENV_PROXY=1."
    }),
    message:
      `GET ${request.url} failed: getaddrinfo ENOTFOUND app.example.com. HTTPS_PROXY names a proxy, but Node does ` +
      "not use it: set NODE_USE_ENV_PROXY=1. Check the base URL. Where only a proxy reaches it, let fetch use the proxy " +
      "(NODE_USE_ENV_PROXY=1 on Node 24, a dispatcher on Node 20)."
  },
  {
    error: new RunsError.RequestTimeout({ request, attempts: 2, timeout: Duration.seconds(20) }),
    message:
      `GET ${request.url} timed out after 2 attempts: no complete response within 20s. Request smaller pages, or ` +
      "set a longer timeout."
  },
  {
    error: new RunsError.ResponseTooLarge({ request, limit: 67_108_864 }),
    message:
      `GET ${request.url} returned too large a response: it has more than 67108864 bytes. Request smaller pages, or ` +
      "set a larger maxResponseBytes."
  },
  {
    error: new RunsError.DecodeError({
      request,
      runID: 8,
      index: 1,
      path: "runDetails.nodesInRun",
      issue: "Expected number",
      resumeFrom
    }),
    message:
      `GET ${request.url} returned run 8 (row 1) that cannot be decoded at runDetails.nodesInRun: Expected number. ` +
      "Pass `undecodableRows: \"skip\"` to leave such rows out. To continue there, pass `resumeFrom` as `startingFrom`."
  },
  {
    error: new RunsError.DecodeError({ request, path: "", issue: "the body is HTML instead of JSON" }),
    message:
      `GET ${request.url} returned a response that cannot be decoded: the body is HTML instead of JSON. Check the ` +
      "base URL."
  },
  {
    error: new RunsError.DecodeError({ request, runID: 8, path: "version", issue: "Expected number" }),
    message:
      `GET ${request.url} returned run 8 that cannot be decoded at version: Expected number. The API of Coalesce ` +
      "does not document this: a newer version of this library may know it."
  },
  {
    error: new RunsError.PaginationError({ request, reason: "NoProgress", description: "3 pages returned no new run" }),
    message:
      `Pagination cannot advance: continuing could skip runs or loop forever. GET ${request.url} cannot be continued: ` +
      "3 pages returned no new run. Order by id instead."
  },
  {
    error: new RunsError.InvalidQuery({
      violations: [
        { field: "limit", reason: "Expected an integer from 1 to 1000" },
        { field: "detail", reason: "Expected true or false" }
      ]
    }),
    message:
      "Invalid query, so no request was sent. `limit`: Expected an integer from 1 to 1000; `detail`: Expected true " +
      "or false."
  },
  {
    error: new RunsError.InvalidQuery({
      violations: [{ field: "jobID", reason: "No job has this name" }],
      requestsSent: true
    }),
    message: "Invalid query. `jobID`: No job has this name."
  },
  {
    error: new RunsError.InvalidConnection({ field: "region", reason: "it is unknown" }),
    message: "Invalid connection setting `region`, so no request was sent: it is unknown."
  }
]

const cases = errors.map(({ error, message }) => ({ name: error._tag, error, message }))

/** What a logger makes of an error, alone and beside a text. */
const logged = (logger: Logger.Logger<unknown, string>, error: unknown) =>
  Effect.gen(function*() {
    const found: Array<string> = []
    const write = Logger.make((options) => {
      found.push(logger.log(options))
    })
    yield* Effect.andThen(Effect.logError(error), Effect.log("It failed", error)).pipe(
      Effect.provide(Logger.layer([write]))
    )
    return found
  })

describe("an error", () => {
  it.each(cases)("says what happened and what to do: $name", ({ error, message }) => {
    assert.strictEqual(error.message, message)
    assert.include(String(error), message)
  })

  it.each(cases)("is its sentence and its fields in JSON, and decodes from it: $name", ({ error, message }) => {
    const json = JSON.parse(JSON.stringify({ error })).error
    const fields = JSON.parse(JSON.stringify(Schema.encodeSync(RunsError.RunsError)(error)))
    assert.deepStrictEqual(json, { message, isRetryable: error.isRetryable, ...fields })
    const decoded = Schema.decodeUnknownSync(RunsError.RunsError)(json)
    assert.strictEqual(decoded.message, message)
    assert.strictEqual(decoded._tag, error._tag)
  })

  it.each(cases)("prints its sentence first in the console, then its fields: $name", ({ error, message }) => {
    const text = inspect(error)
    assert.isTrue(text.startsWith(`${error._tag}: ${message} {`), text)
    assert.include(text, `isRetryable: ${error.isRetryable}`)
    if ("status" in error) assert.include(text, `status: ${error.status}`)
    assert.include(inspect({ nested: { error } }), message)
  })

  it.effect.each(cases)(
    "shows its sentence, isRetryable and status in every logger: $name",
    ({ error, message }) =>
      Effect.gen(function*() {
        for (const [logger, shown] of [[Logger.formatSimple, message], [Logger.formatLogFmt, message]] as const) {
          for (const line of yield* logged(logger, error)) {
            assert.include(line.replaceAll("\\\"", "\""), shown)
          }
        }
        for (const line of yield* logged(Logger.formatJson, error)) {
          const [found] = [JSON.parse(line).message].flat().slice(-1)
          assert.strictEqual(found.message, message)
          assert.strictEqual(found.isRetryable, error.isRetryable)
          assert.strictEqual(found.status, "status" in error ? error.status : undefined)
        }
      })
  )
})

describe("the groups of errors", () => {
  const groups = {
    isSignIn: RunsError.isSignIn,
    isThrottled: RunsError.isThrottled,
    isServer: RunsError.isServer,
    isNetwork: RunsError.isNetwork
  }
  const expected: Readonly<Record<keyof typeof groups, ReadonlyArray<string>>> = {
    isSignIn: ["Unauthorized", "Forbidden"],
    isThrottled: ["TooManyRequests"],
    isServer: ["InternalServerError", "BadGateway", "ServiceUnavailable", "GatewayTimeout"],
    isNetwork: ["TransportError", "TransportError", "RequestTimeout"]
  }

  it.each(["isSignIn", "isThrottled", "isServer", "isNetwork"] as const)("%s", (name) => {
    assert.deepStrictEqual(
      errors.filter(({ error }) => groups[name](error)).map(({ error }) => error._tag),
      expected[name]
    )
    assert.isFalse(groups[name]({ _tag: expected[name][0] }))
    assert.isFalse(groups[name](undefined))
  })
})
