import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { makeService } from "../../src/client/makeService.ts"
import type { GetError } from "../../src/client/model.ts"
import { End } from "../../src/client/references.ts"
import type { Get, Transport } from "../../src/client/transport.ts"
import { RunsError } from "../../src/index.ts"
import { respond, runs, type Server, still } from "../support/server.ts"

const context = { request: { method: "GET", url: "https://coalesce.example/api/v1/runs" } } as const

/** A service on the bodies that a test writes out, and the requests that it sent. */
const serviceOn = (answer: (get: Get) => Effect.Effect<unknown, GetError>) => {
  const sent: Array<string> = []
  const transport: Transport = {
    scrub: (text) => text,
    get: (get) => {
      sent.push(`${get.endpoint} ${get.path}`)
      return Effect.map(answer(get), (body) => ({ body, context }))
    }
  }
  return { sent, service: makeService("https://coalesce.example", transport) }
}

const paramsOf = ({ path }: Get) => new URLSearchParams(path.split("?")[1])

/** Runs with ids above 9: behind a run with id 1 there is nothing to ask for. */
const history = (count: number) => still(runs(count + 9).slice(9))

/** A service over runs whose server does not say how many rows it returns at most, nor whether there are more. */
const serviceOver = (count: number, server: Omit<Server, "history"> = {}) =>
  serviceOn((get) =>
    Effect.sync(() => respond({ history: history(count), states: "nothing", ...server }, paramsOf(get)))
  )

const limitsOf = (sent: ReadonlyArray<string>) =>
  sent.map((path) => new URLSearchParams(path.split("?")[1]).get("limit"))

const failure = new RunsError.TransportError({
  ...context,
  attempts: 1,
  description: "the connection was reset"
})

describe("listPage, of a page that may be the last", () => {
  it.effect("asks for one row behind it, and says whether there is one", () =>
    Effect.gen(function*() {
      const last = serviceOver(3)
      const page = yield* last.service.listPage({ limit: 10 })
      assert.deepStrictEqual([page.runs.length, page.hasMore], [3, false])
      const cut = serviceOver(7, { maxLimit: 3 })
      const first = yield* cut.service.listPage({ limit: 10 })
      assert.deepStrictEqual([first.runs.length, first.hasMore], [3, true])
      for (const { sent } of [last, cut]) assert.deepStrictEqual(limitsOf(sent), ["10", "1"])
    }))

  it.effect("knows the end by a longer page of the same form that came before, and not by one of the other", () =>
    Effect.gen(function*() {
      const { sent, service } = serviceOver(9)
      const of = (detail: boolean) => service.listPage({ limit: 9, environmentID: "1", detail })
      yield* service.listPage({ limit: 9 })
      assert.isFalse((yield* of(false)).hasMore)
      assert.deepStrictEqual(limitsOf(sent), ["9", "9"])
      yield* of(true)
      assert.deepStrictEqual(limitsOf(sent), ["9", "9", "9", "1"])
    }))

  it.effect("knows the end by a server that has named the next page before, and names none now", () =>
    Effect.gen(function*() {
      const { sent, service } = serviceOver(6, { maxLimit: 3, next: "last" })
      const first = yield* service.listPage({ limit: 10 })
      const second = yield* service.listPage({ limit: 10, startingFrom: first.cursor })
      assert.deepStrictEqual([first.hasMore, second.runs.length, second.hasMore], [true, 3, false])
      assert.deepStrictEqual(limitsOf(sent), ["10", "10"])
    }))

  it.effect("goes on asking by id where the rows behind it come again, since runs share its last time", () =>
    Effect.gen(function*() {
      const tied = (count: number) =>
        serviceOn((get) => {
          const all = runs(count + 9, () => 0).slice(9)
          return Effect.sync(() => respond({ history: still(all), states: "nothing", maxLimit: 3 }, paramsOf(get)))
        }).service.listPage({ orderBy: "runStartTime", limit: 10 })
      assert.deepStrictEqual([(yield* tied(5)).hasMore, (yield* tied(3)).hasMore], [true, false])
    }))

  it.effect("knows the end by a longer page that is under way at the same time", () =>
    Effect.gen(function*() {
      const arrive = yield* Deferred.make<void>()
      const { sent, service } = serviceOn((get) => {
        const body = Effect.sync(() => respond({ history: history(9), states: "nothing" }, paramsOf(get)))
        return paramsOf(get).has("environmentID") ? body : Effect.andThen(Deferred.await(arrive), body)
      })
      const long = yield* Effect.forkChild(service.listPage({ limit: 9 }))
      const short = yield* Effect.forkChild(service.listPage({ limit: 9, environmentID: "1" }))
      yield* Effect.yieldNow
      yield* Deferred.succeed(arrive, undefined)
      const page = yield* Fiber.join(short)
      assert.deepStrictEqual([page.runs.length, page.hasMore], [3, false])
      assert.strictEqual((yield* Fiber.join(long)).runs.length, 9)
      assert.deepStrictEqual(limitsOf(sent), ["9", "9"])
    }))

  it.effect("asks nothing and says that there may be more where the reader does not want to know", () =>
    Effect.gen(function*() {
      const { sent, service } = serviceOver(9)
      yield* service.listPage({ limit: 9 })
      const page = yield* Effect.provideService(service.listPage({ limit: 9, environmentID: "1" }), End, "open")
      assert.deepStrictEqual([page.runs.length, page.hasMore], [3, true])
      assert.deepStrictEqual(limitsOf(sent), ["9", "9"])
    }))

  it.effect("asks for a row where only known pages count, and this one has no run", () =>
    Effect.gen(function*() {
      const known = Effect.provideService(End, "known")
      const { sent, service } = serviceOver(3)
      assert.isTrue((yield* known(service.listPage({ limit: 10 }))).hasMore)
      assert.deepStrictEqual(limitsOf(sent), ["10"])
      const odd = serviceOn((get) =>
        Effect.succeed({ data: paramsOf(get).get("limit") === "10" ? [{ id: 9 }, { id: 8 }] : [] })
      )
      const page = yield* known(odd.service.listPage({ limit: 10, undecodableRows: "skip" }))
      assert.deepStrictEqual([page.undecodable.length, page.hasMore], [2, false])
      assert.deepStrictEqual(limitsOf(odd.sent), ["10", "1"])
    }))

  it.effect("takes a row that cannot be decoded for more", () =>
    Effect.gen(function*() {
      const { service } = serviceOn((get) =>
        Effect.succeed({ data: paramsOf(get).get("limit") === "10" ? [{ id: 9 }] : [{ id: 8 }] })
      )
      assert.isTrue((yield* service.listPage({ limit: 10, undecodableRows: "skip" })).hasMore)
    }))

  it.effect("keeps its runs where the request for one row fails, and fails without any", () =>
    Effect.gen(function*() {
      const of = (data: ReadonlyArray<unknown>) =>
        serviceOn((get) => paramsOf(get).get("limit") === "10" ? Effect.succeed({ data }) : Effect.fail(failure))
          .service.listPage({ limit: 10, undecodableRows: "skip" })
      const page = yield* of([{ id: 9, runType: "refresh", runStatus: "completed" }])
      assert.deepStrictEqual([page.runs.length, page.hasMore], [1, true])
      assert.strictEqual(yield* Effect.flip(of([{ id: 9 }])), failure)
    }))
})

describe("what the endpoints of one run are asked", () => {
  const body = { id: 7, runType: "refresh", runStatus: "failed", runDetails: {}, data: [] }

  it.effect("is its path, and the reason of a failed run where it is wanted", () =>
    Effect.gen(function*() {
      const { sent, service } = serviceOn(({ endpoint }) =>
        Effect.succeed(endpoint === "runs" ? { data: [{ ...body, runFailureReason: "Division by zero" }] } : body)
      )
      assert.notProperty(yield* service.get(7), "runFailureReason")
      yield* service.results(7)
      yield* service.schedulerStatus(7)
      assert.deepStrictEqual(sent, [
        "run /api/v1/runs/7",
        "results /api/v1/runs/7/results",
        "schedulerStatus /scheduler/runStatus?runCounter=7"
      ])
      const run = yield* service.get(7, { failureReasons: true })
      assert.deepInclude<object>(run, { id: 7, runFailureReason: "Division by zero" })
      assert.lengthOf(sent, 5)
    }))

  it.effect("is no reason of a run that did not fail, nor one that the API does not give", () =>
    Effect.gen(function*() {
      const completed = serviceOn(() => Effect.succeed({ ...body, runStatus: "completed" }))
      assert.notProperty(yield* completed.service.get(7, { failureReasons: true }), "runFailureReason")
      assert.deepStrictEqual(completed.sent, ["run /api/v1/runs/7"])
      const silent = serviceOn(({ endpoint }) => Effect.succeed(endpoint === "runs" ? { data: [] } : body))
      assert.notProperty(yield* silent.service.get(7, { failureReasons: true }), "runFailureReason")
    }))

  it.effect("ends in an error that names the run and the field of a body that cannot be decoded", () =>
    Effect.gen(function*() {
      const { service } = serviceOn(() => Effect.succeed({ ...body, runStatus: 5 }))
      const error = yield* Effect.flip(service.get(7))
      assert.instanceOf(error, RunsError.DecodeError)
      assert.deepInclude({ ...error }, { ...context, runID: 7, path: "runStatus" })
      assert.isNotEmpty(error.issue)
    }))
})
