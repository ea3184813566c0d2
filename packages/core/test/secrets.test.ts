import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Tracer from "effect/Tracer"
import { inspect } from "node:util"
import { Connection, RunsClient, RunsError } from "../src/index.ts"

const token = "tok3n+with/odd=chars~5f3a"

/** Everything that could be printed, sent or stored of a value, its hidden properties and prototypes included. */
const traces = (value: unknown): string => {
  const found: Array<string> = [String(value), inspect(value, { depth: 20, showHidden: true, getters: true })]
  try {
    found.push(JSON.stringify(value) ?? "")
  } catch {
    // Circular: inspect has shown it.
  }
  const seen = new Set<unknown>()
  const walk = (value: unknown): void => {
    if (typeof value === "string") found.push(value)
    if (typeof value !== "object" || value === null || seen.has(value)) return
    seen.add(value)
    for (const key of Reflect.ownKeys(value)) {
      found.push(String(key))
      walk(Reflect.get(value, key))
    }
    if (value instanceof Map || value instanceof Set) { for (const entry of value) walk(entry) }
  }
  walk(value)
  return found.join("\n")
}

const percent = (text: string) => [...text].map((one) => `%${one.charCodeAt(0).toString(16)}`).join("")

/** The forms in which a server can repeat the token. */
const forms = {
  "as it is": token,
  "percent-encoded": encodeURIComponent(token),
  "percent-encoded in lower case": encodeURIComponent(token).replaceAll(/%../g, (byte) => byte.toLowerCase()),
  "as a form writes it": new URLSearchParams({ token }).toString().slice("token=".length),
  "with every character percent-encoded": percent(token),
  "percent-encoded twice": encodeURIComponent(encodeURIComponent(token))
}

const clean = (what: string, value: unknown) => {
  const text = traces(value)
  for (
    const secret of [...Object.values(forms), encodeURIComponent(token).toLowerCase(), btoa(token), token.slice(0, 16)]
  ) {
    const at = text.indexOf(secret)
    assert.isTrue(at < 0, `the token is in ${what}: …${text.slice(Math.max(0, at - 200), at + 60)}`)
  }
}

/** Spans as an exporter sees them: attributes, events, and the exit they ended with. */
const recorder = () => {
  const spans: Array<unknown> = []
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  return { spans, layer: Layer.succeed(Tracer.Tracer, tracer) }
}

type Respond = (request: { readonly url: string }) => Response

const hostile: ReadonlyArray<{ readonly name: string; readonly respond: Respond }> = [
  { name: "a good response", respond: () => Response.json({ data: [] }) },
  ...[400, 401, 403, 404, 418, 429, 500, 502, 503, 504].map((status) => ({
    name: `a ${status} that echoes the token`,
    respond: () =>
      Response.json(
        { error: { errorString: `Token ${token} is bad`, errorDetail: `Bearer ${token}` } },
        { status, headers: { "x-echo": token } }
      )
  })),
  ...[
    { how: "slashes", escape: (text: string) => text.replaceAll("/", "\\/") },
    {
      how: "code units",
      escape: (text: string) => text.replaceAll(/[=+~/]/g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`)
    }
  ].flatMap(({ escape, how }) => [
    {
      name: `a 500 that echoes the token, its ${how} escaped`,
      respond: () => new Response(escape(JSON.stringify({ error: { errorString: token } })), { status: 500 })
    },
    {
      name: `a row with the token, its ${how} escaped`,
      respond: () => new Response(escape(JSON.stringify({ data: [{ id: 1, runType: token, runStatus: token }] })))
    }
  ]),
  {
    name: "the token with control characters in it",
    respond: () => Response.json({ error: { errorString: [...token].join("\u0000") } }, { status: 500 })
  },
  {
    name: "a lower-case URL",
    respond: () =>
      Response.json({ error: { errorString: encodeURIComponent(token).replaceAll(/%../g, (b) => b.toLowerCase()) } }, {
        status: 500
      })
  },
  {
    name: "a redirect with the token in it",
    respond: () =>
      new Response(null, { status: 302, headers: { location: `https://evil.example/${token}?t=${token}` } })
  },
  { name: "a body that is the token", respond: () => new Response(token, { status: 200 }) },
  { name: "a row that is the token", respond: () => Response.json({ data: [{ id: token, runStatus: token }] }) },
  { name: "a cursor that is the token", respond: () => Response.json({ data: [], next: token }) },
  ...Object.entries(forms).flatMap(([how, form]) => [
    {
      name: `29. a 500 that repeats the token ${how}`,
      respond: () => Response.json({ error: { errorString: `at ${form}`, errorDetail: form } }, { status: 500 })
    },
    {
      name: `29. a key that is the token ${how}`,
      respond: () =>
        Response.json({
          data: [{
            id: 1,
            runType: "refresh",
            runStatus: "failed",
            runDetails: {},
            runTimeParameters: { [form]: { [form]: form } }
          }]
        })
    },
    {
      name: `29. a redirect with the token ${how} in its path`,
      respond: () => new Response(null, { status: 302, headers: { location: `https://evil.example/${form}` } })
    },
    {
      name: `29. a 200 whose error repeats the token ${how}`,
      respond: () => Response.json({ error: { errorString: form } })
    }
  ]),
  ...[990, 1000 - token.length / 2].map((before) => ({
    name: `29. a long error with the token behind ${before} characters, where it is cut`,
    respond: () => Response.json({ error: { errorString: "x".repeat(before) + token } }, { status: 500 })
  })),
  {
    name: "a key that is the token, escaped",
    respond: () =>
      new Response(
        `{"data": [{"id": 1, "runType": "refresh", "runStatus": "failed", "runDetails": {}, "runTimeParameters": {"${
          [...token].map((one) => `\\u00${one.charCodeAt(0).toString(16)}`).join("")
        }": 1}}]}`
      )
  },
  ...[280, 290, 299].map((before) => ({
    name: `29. a transport that repeats the token behind ${before} characters, where it is cut`,
    respond: () => {
      throw new Error("x".repeat(before) + token)
    }
  })),
  {
    name: "a transport that repeats the headers",
    respond: () => {
      throw new Error(`Headers.append: "Bearer ${token}" is an invalid header value`)
    }
  }
]

describe("secrets are scrubbed first, then cut: the token is in no error, log, span or metric, after", () => {
  it.effect.each(hostile)("$name", ({ respond }) =>
    Effect.gen(function*() {
      const authorizations: Array<string | undefined> = []
      const sent: Array<Readonly<Record<string, string>>> = []
      const http = HttpClient.make((request) => {
        authorizations.push(request.headers["authorization"])
        sent.push({ ...request.headers })
        return Effect.try({
          try: () => HttpClientResponse.fromWeb(request, respond(request)),
          catch: (cause) =>
            new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request, cause }) })
        })
      })
      const logged: Array<unknown> = []
      const { layer: tracing, spans } = recorder()
      const exits = yield* Effect.gen(function*() {
        const list = yield* Effect.exit(
          RunsClient.list({ undecodableRows: "skip", environmentID: token }).pipe(Stream.runCollect)
        )
        const page = yield* Effect.exit(RunsClient.listPage({ detail: true }))
        const one = yield* Effect.exit(RunsClient.get(1))
        const results = yield* Effect.exit(RunsClient.results(1))
        const exits: ReadonlyArray<Exit.Exit<unknown, unknown>> = [list, page, one, results]
        for (const exit of exits) if (Exit.isFailure(exit)) yield* Effect.logError("failed", exit.cause)
        return exits
      }).pipe(
        Effect.withSpan("caller"),
        Effect.provide(
          RunsClient.layer({ accessToken: `  ${token}\n`, retry: Schedule.recurs(1) }).pipe(
            Layer.provide(Layer.succeed(HttpClient.HttpClient, http)),
            Layer.merge(tracing),
            Layer.merge(Logger.layer([Logger.make((options) => logged.push(Logger.formatJson.log(options), options))]))
          )
        )
      )

      assert.isAbove(authorizations.length, 3)
      assert.isTrue(authorizations.every((authorization) => authorization === `Bearer ${token}`))
      assert.isTrue(sent.every((headers) => !("traceparent" in headers) && !("b3" in headers)))
      assert.isTrue(sent.every((headers) => /^coalesce-runs\/\d/.test(headers["user-agent"] ?? "")))

      assert.isAbove(spans.length, 1)
      clean("a span", spans)
      clean("a log line", logged.map((line) => typeof line === "string" ? line : inspect(line, { depth: 8 })))
      clean("a metric", yield* Metric.snapshot)
      for (const exit of exits) {
        if (Exit.isSuccess(exit)) {
          clean("a page", exit.value)
          continue
        }
        clean("a cause", Cause.pretty(exit.cause))
        clean("an error", Cause.squash(exit.cause))
        const error = Cause.squash(exit.cause)
        assert.isTrue(Schema.is(RunsError.RunsError)(error))
        clean("an encoded error", Schema.encodeUnknownSync(RunsError.RunsError)(error))
      }
    }))
})

it.effect("the token is not in the client, the connection and the layer", () =>
  Effect.gen(function*() {
    const connection = yield* Connection.make({ accessToken: token })
    assert.isFalse(inspect(connection, { depth: 20, showHidden: true }).includes(token))
    assert.isFalse(JSON.stringify(connection).includes(token))
    const client = yield* RunsClient.make({ accessToken: token }).pipe(
      Effect.provideService(HttpClient.HttpClient, HttpClient.make(() => Effect.never))
    )
    clean("the client", client)
  }))

it.effect.each([
  ["without an escape", "é"],
  ["with an escape", "\\u00e9"],
  ["with an escaped slash", "\\/"]
])("deep JSON %s is read", ([, text]) =>
  Effect.gen(function*() {
    const depth = 50_000
    const deep = `${"[".repeat(depth)}"${text}"${"]".repeat(depth)}`
    const body =
      `{"data": [{"id": 1, "runType": "refresh", "runStatus": "failed", "runDetails": {}, "runTimeParameters": {"a": ${deep}}}]}`
    const client = yield* RunsClient.make({ accessToken: token, retry: Schedule.recurs(0) }).pipe(
      Effect.provideService(
        HttpClient.HttpClient,
        HttpClient.make((request) => Effect.succeed(HttpClientResponse.fromWeb(request, new Response(body))))
      )
    )
    const { runs } = yield* client.listPage({ detail: true })
    assert.deepStrictEqual(runs.map(({ id }) => id as number), [1])
  }))
