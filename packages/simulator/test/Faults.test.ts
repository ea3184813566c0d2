import { Faults, Simulator } from "@coalesce-runs/simulator"
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Http from "node:http"
import { ask, authorized, errorOf, ids, page, run, runsTo, serving } from "./support.ts"

/** What a socket carried before it ended, and how it ended. */
const raw = (path = "/api/v1/runs") =>
  Effect.gen(function*() {
    const { url } = yield* Simulator.Simulator
    return yield* Effect.callback<{ readonly promised?: number; readonly body: string; readonly error?: string }>(
      (resume) => {
        const request = Http.get(`${url}${path}`, { headers: authorized, agent: false }, (response) => {
          let body = ""
          response.setEncoding("utf8")
          response.on("data", (part: string) => body += part)
          const promised = Number(response.headers["content-length"])
          response.on("end", () => resume(Effect.succeed({ promised, body })))
          response.on("error", ({ message }) => resume(Effect.succeed({ promised, body, error: message })))
        })
        request.on("error", (error: NodeJS.ErrnoException) =>
          resume(Effect.succeed({ body: "", error: error.code ?? error.message })))
        return Effect.sync(() =>
          request.destroy()
        )
      }
    )
  })

const statuses = (count: number, path = "/api/v1/runs") =>
  Effect.map(
    Effect.forEach(Array.from({ length: count }), () => ask(path)),
    (responses) => responses.map(({ status }) => status)
  )

describe("the rules of faults", () => {
  const down = Faults.status(503)
  const cases: ReadonlyArray<[string, Faults.Rule, ReadonlyArray<number>]> = [
    ["always", Faults.always(down), [503, 503, 503, 503, 503, 503]],
    ["the first two", Faults.first(2, down), [503, 503, 200, 200, 200, 200]],
    ["the third", Faults.nth(3, down), [200, 200, 503, 200, 200, 200]],
    ["every third", Faults.every(3, down), [200, 200, 503, 200, 200, 503]],
    ["all after the fourth", Faults.after(4, down), [200, 200, 200, 200, 503, 503]]
  ]
  for (const [name, rule, expected] of cases) {
    it.effect(name, () =>
      Effect.gen(function*() {
        expect(yield* statuses(6)).toEqual(expected)
      }).pipe(serving({ runs: [], faults: [rule] })))
  }

  it.effect("match by path, by query or by predicate; each counts its own, and the first that applies wins", () =>
    Effect.gen(function*() {
      expect(yield* statuses(2, "/api/v1/runs/1")).toEqual([200, 500])
      expect(yield* statuses(1, "/api/v1/runs/1/results")).toEqual([502])
      expect(yield* statuses(2, "/api/v1/runs?detail=true")).toEqual([504, 200])
      expect(yield* statuses(2, "/api/v1/runs?limit=3")).toEqual([429, 429])
      expect(yield* statuses(2)).toEqual([200, 200])
    }).pipe(serving({
      runs: runsTo(1),
      faults: [
        Faults.nth(2, Faults.status(500), { path: "/api/v1/runs/1" }),
        Faults.always(Faults.status(502), { path: /results$/ }),
        Faults.first(1, Faults.status(504), { path: "/api/v1/runs", query: { detail: "true" } }),
        Faults.always(Faults.status(429), ({ query }) => query.limit === "3")
      ]
    })))

  it.effect("match a path by a global pattern alike each time", () =>
    Effect.gen(function*() {
      expect(yield* statuses(3)).toEqual([503, 503, 503])
    }).pipe(serving({ runs: [], faults: [Faults.always(down, { path: /runs/g })] })))

  it.effect("can be replaced while the simulator serves, and count from 1 again", () =>
    Effect.gen(function*() {
      const { setFaults, requests } = yield* Simulator.Simulator
      expect(yield* statuses(2)).toEqual([503, 200])
      const rule = Faults.first(1, Faults.status(500))
      yield* setFaults([rule])
      expect(yield* statuses(2)).toEqual([500, 200])
      yield* setFaults([rule])
      expect(yield* statuses(2)).toEqual([500, 200])
      yield* setFaults([])
      expect(yield* statuses(1)).toEqual([200])
      expect((yield* requests).map(({ fault }) => fault)).toEqual([
        "Response",
        undefined,
        "Response",
        undefined,
        "Response",
        undefined,
        undefined
      ])
    }).pipe(serving({ runs: [], faults: [Faults.first(1, down)] })))

  it.effect("are a 500 that names the error if they throw", () =>
    Effect.gen(function*() {
      const response = yield* ask("/api/v1/runs")
      expect(response.status).toBe(500)
      expect(errorOf(response).errorString).toMatch("The simulator failed: Error: no such row")
    }).pipe(serving({
      runs: [],
      faults: [Faults.always(Faults.page(() => {
        throw new Error("no such row")
      }))]
    })))
})

describe("the response of a fault", () => {
  const faulty = (fault: Faults.Fault) =>
    ask("/api/v1/runs").pipe(serving({ runs: runsTo(2), faults: [Faults.always(fault)] }))

  for (const status of [400, 401, 403, 404, 418, 429, 500, 502, 503, 504]) {
    it.effect(`is a ${status} with JSON, HTML, nothing, or any text`, () =>
      Effect.gen(function*() {
        const json = yield* faulty(Faults.status(status, { errorString: "no", errorDetail: "because", retryAfter: 7 }))
        expect([json.status, json.headers.get("content-type"), json.headers.get("retry-after")]).toEqual([
          status,
          "application/json",
          "7"
        ])
        expect(JSON.parse(json.text)).toEqual({ error: { errorString: "no", errorDetail: "because" } })
        const html = yield* faulty(Faults.status(status, { body: "html" }))
        expect([html.status, html.headers.get("content-type")]).toEqual([status, "text/html"])
        expect(html.text).toMatch(`<h1>${status}</h1>`)
        const empty = yield* faulty(Faults.status(status, { body: "empty", headers: { "x-request-id": "r1" } }))
        expect([empty.status, empty.text, empty.headers.get("x-request-id")]).toEqual([status, "", "r1"])
        const text = yield* faulty(Faults.status(status, { body: { text: "{\"error\":" } }))
        expect([text.status, text.text]).toEqual([status, "{\"error\":"])
      }))
  }

  it.effect("has an error of the API by default", () =>
    Effect.gen(function*() {
      const response = yield* faulty(Faults.status(502))
      expect(errorOf(response)).toEqual({ errorString: "502: simulated" })
      expect(response.headers.has("retry-after")).toBe(false)
    }))

  it.effect("is a 200 with nothing, with a page of HTML, or of another shape", () =>
    Effect.gen(function*() {
      const empty = yield* faulty(Faults.emptyBody)
      expect([empty.status, empty.text]).toEqual([200, ""])
      const page = yield* faulty(Faults.notJson)
      expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html"])
      expect(page.text).toMatch("Sign in")
      expect((yield* faulty(Faults.wrongShape())).text).toBe("{\"runs\":[]}")
      expect((yield* faulty(Faults.wrongShape([1]))).text).toBe("[1]")
    }))

  it.effect("is a redirect", () =>
    Effect.gen(function*() {
      const response = yield* faulty(Faults.redirect("https://elsewhere.example/api", 307))
      expect([response.status, response.headers.get("location")]).toEqual([307, "https://elsewhere.example/api"])
      expect((yield* faulty(Faults.redirect("/x"))).status).toBe(302)
    }))
})

describe("a fault of the connection", () => {
  const faulty = (fault: Faults.Fault, path?: string) =>
    raw(path).pipe(serving({ runs: runsTo(20), faults: [Faults.always(fault)] }))

  it.live("resets it before any response", () =>
    Effect.gen(function*() {
      const simulator = yield* Simulator.Simulator
      expect(yield* raw()).toEqual({ body: "", error: "ECONNRESET" })
      const record = yield* simulator.waitForRequest(({ endedAt }) => endedAt !== undefined)
      // It was not the client who left.
      expect([record.fault, record.closedEarly, record.status]).toEqual(["Reset", false, undefined])
    }).pipe(serving({ runs: [], faults: [Faults.always(Faults.reset)] })))

  it.live("closes it in the middle of the body", () =>
    Effect.gen(function*() {
      const { promised = 0, body, error } = yield* faulty(Faults.truncated())
      expect(error).toBe("aborted")
      expect(body.length).toBe(Math.floor(promised / 2))
      expect(body).toMatch(/^\{"limit":25/)
      expect((yield* faulty(Faults.truncated(0))).body).toBe("")
      const whole = yield* faulty(Faults.truncated(1))
      expect([whole.promised, whole.error]).toEqual([whole.body.length + 1, "aborted"])
    }))

  it.live("lets the body drip to its end", () =>
    Effect.gen(function*() {
      const [took, { promised, body, error }] = yield* Effect.timed(
        faulty(Faults.drip({ pieces: 6, pause: "25 millis" }))
      )
      expect([body.length, error]).toEqual([promised, undefined])
      expect(JSON.parse(body).data).toHaveLength(20)
      expect(Duration.toMillis(took)).toBeGreaterThan(140)
    }))

  it.live("hangs before the headers or after them", () =>
    Effect.gen(function*() {
      const simulator = yield* Simulator.Simulator
      const silent = yield* Effect.forkChild(raw())
      yield* simulator.waitForRequest(({ fault, status }) => fault === "Hang" && status === undefined)
      yield* Effect.sleep("30 millis")
      expect(silent.pollUnsafe()).toBeUndefined()
      yield* Fiber.interrupt(silent)
      expect((yield* simulator.waitForRequest(({ endedAt }) => endedAt !== undefined)).closedEarly).toBe(true)

      const { url } = simulator
      const response = yield* Effect.promise(() => fetch(`${url}/api/v1/runs`, { headers: authorized }))
      expect(response.status).toBe(200)
      const text = yield* Effect.tryPromise(() => response.text()).pipe(Effect.timeoutOption("30 millis"))
      expect(text._tag).toBe("None")
    }).pipe(serving({
      runs: [],
      faults: [Faults.nth(1, Faults.hang()), Faults.nth(2, Faults.hang("headers"))]
    })))

  it.live("delays the response", () =>
    Effect.gen(function*() {
      const [took, { body }] = yield* Effect.timed(faulty(Faults.delay("80 millis")))
      expect(JSON.parse(body).data).toHaveLength(20)
      expect(Duration.toMillis(took)).toBeGreaterThan(78)
    }))
})

describe("a fault of a page", () => {
  const changed = (fault: Faults.Fault, query: Record<string, string | number | boolean> = { limit: 3 }) =>
    page(query).pipe(serving({ runs: runsTo(9), faults: [Faults.always(fault)] }))

  it.effect("sends rows twice, or leaves them out", () =>
    Effect.gen(function*() {
      expect(ids(yield* changed(Faults.duplicateRows()))).toEqual([9, 8, 7, 7])
      expect(ids(yield* changed(Faults.duplicateRows(2)))).toEqual([9, 8, 7, 8, 7])
      expect(ids(yield* changed(Faults.missingRows()))).toEqual([8, 7])
      expect(ids(yield* changed(Faults.missingRows(1, -1)))).toEqual([9])
    }))

  it.effect("sends a next without a row", () =>
    Effect.gen(function*() {
      const { data, next } = yield* changed(Faults.emptyPage)
      expect([data, next]).toEqual([[], 7])
      expect((yield* changed(Faults.emptyPage, { startingFrom: 1 })).next).toBe(null)
    }))

  it.effect("sends a next that repeats, or goes backward", () =>
    Effect.gen(function*() {
      expect((yield* changed(Faults.repeatedNext)).next).toBe(7)
      expect((yield* changed(Faults.repeatedNext, { limit: 3, startingFrom: 7 })).next).toBe(7)
      const time = "2026-03-01T02:00:07.000Z"
      expect((yield* changed(Faults.repeatedNext, { orderBy: "runStartTime", startingFrom: time })).next).toBe(time)
      expect((yield* changed(Faults.backwardNext)).next).toBe(19)
      expect((yield* changed(Faults.backwardNext, { startingFrom: 7 })).next).toBe(17)
      expect((yield* changed(Faults.backwardNext, { startingFrom: 7, orderByDirection: "asc" })).next).toBe(-3)
      expect((yield* changed(Faults.backwardNext, { orderBy: "runStartTime", startingFrom: time })).next).toBe(
        "2026-03-01T02:00:07.010Z"
      )
    }))

  it.effect("replaces a row", () =>
    Effect.gen(function*() {
      const { data } = yield* changed(Faults.malformedRow((row) => ({ ...row, id: "seven" }), 1))
      expect(data.map(({ id }) => id)).toEqual([9, "seven", 7])
      expect(ids(yield* changed(Faults.malformedRow(() => ({}))))).toEqual([undefined, 8, 7])
    }))

  it.effect("changes the page by the request", () =>
    Effect.gen(function*() {
      const fault = Faults.page((page, { number, query }) => ({ ...page, next: `${number}/${query.limit}` }))
      expect((yield* changed(fault)).next).toBe("1/3")
    }))

  it.effect("leaves a response alone that is not a page", () =>
    Effect.gen(function*() {
      expect((yield* ask("/api/v1/runs/1")).text).toMatch("\"id\":1")
      expect((yield* ask("/api/v1/runs?limit=0")).status).toBe(400)
    }).pipe(serving({ runs: [run(1)], faults: [Faults.always(Faults.missingRows())] })))
})
