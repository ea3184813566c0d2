/** The client without Effect, on responses that a test writes out. */
import { assert, describe, it } from "@effect/vitest"
import { isRunsError, retryAfterMillis, RunsError, toText } from "../src/promise.ts"
import * as errors from "../src/RunsError.ts"
import { passed } from "./support/passed.ts"
import { clientOf, first, page, rejection } from "./support/promise.ts"
import { row } from "./support/responses.ts"

const started = { ...row, runStartTime: "2026-11-25T02:00:00.000Z" }

describe("the values of a client", () => {
  it("are dates where the library has times", async () => {
    const { client } = clientOf(() => page(started))
    const run = await first(client.list({ detail: true }))
    assert.deepStrictEqual(run?.runStartTime, new Date("2026-11-25T02:00:00.000Z"))
    assert.deepStrictEqual(run, {
      id: 7,
      runType: "refresh",
      runStatus: "completed",
      runStartTime: new Date("2026-11-25T02:00:00.000Z"),
      runDetails: {}
    })
  })

  it("keep a parameter of any name", async () => {
    const runTimeParameters = JSON.parse("{\"__proto__\": {\"a\": 1}, \"constructor\": [2]}")
    const { client } = clientOf(() => page({ ...row, runTimeParameters }))
    const run = await first(client.list({ detail: true, runType: "refresh" }))
    assert.strictEqual(JSON.stringify(run?.runTimeParameters), JSON.stringify(runTimeParameters))
  })

  it("of a page are its runs, and a cursor that goes on", async () => {
    const { client, requests } = clientOf((_, index) => index === 0 ? page(row) : page())
    const { cursor, hasMore, runs } = await client.listPage({ limit: 1 })
    assert.deepStrictEqual([runs.map(({ id }) => id), hasMore], [[7], true])
    await client.listPage({ startingFrom: JSON.parse(JSON.stringify(cursor)) })
    assert.include(requests[1], "startingFrom=7")
  })

  it("of options are dates too, in a window as well", async () => {
    const { client, requests } = clientOf(() => page())
    const { facts } = await client.diagnose({
      since: new Date("2026-11-24T18:00:00Z"),
      until: new Date("2026-11-25T06:00:00Z")
    })
    assert.deepStrictEqual(facts.window?.since, new Date("2026-11-24T18:00:00Z"))
    for await (const run of client.listWindow(facts.window ?? "today")) assert.fail(`${run.id}`)
    assert.include(requests.at(-1), "startingFrom=2026-11-25T06%3A00%3A00.000Z")
  })

  it("of a question are facts and the same in words", async () => {
    const { client } = clientOf(() => page())
    const { facts, report, text } = await client.diagnose({ window: "last_night", timeZone: "Europe/London" })
    assert.strictEqual(facts.outcome, "nothingRan")
    assert.strictEqual(toText(report()), text)
    assert.include(toText(report({ timeZone: "Asia/Tokyo" })), "Asia/Tokyo")
    const error = await rejection((async () => report(passed({ bound: 5 })))())
    assert.instanceOf(error, errors.InvalidQuery)
  })
})

describe("the errors of a client", () => {
  const unauthorized = () => Response.json({ error: { errorString: "Invalid token." } }, { status: 401 })

  it("are of the classes of RunsError, from a loop and from a promise", async () => {
    const { client } = clientOf(unauthorized)
    for (
      const error of [
        await rejection(first(client.list())),
        await rejection(client.get(7)),
        await rejection(client.check())
      ]
    ) {
      assert.instanceOf(error, errors.Unauthorized)
      assert.isTrue(error instanceof RunsError.Unauthorized && error._tag === "Unauthorized" && error.status === 401)
      assert.isTrue(isRunsError(error))
    }
    assert.deepStrictEqual(
      Object.entries(RunsError),
      Object.keys(RunsError).map((tag) => [tag, Reflect.get(errors, tag)])
    )
    assert.isFalse(isRunsError(new Error("another")))
  })

  it("come after the runs before them, and say where to continue", async () => {
    const rows = Array.from({ length: 25 }, (_, index) => ({ ...row, id: 100 - index }))
    const { client, requests } = clientOf((_, index) =>
      index === 0 ? page(...rows) : index === 1 ? unauthorized() : page()
    )
    const ids: Array<number> = []
    const error = await rejection((async () => {
      for await (const run of client.list()) ids.push(run.id)
    })())
    assert.lengthOf(ids, 25)
    assert.isTrue(error instanceof RunsError.Unauthorized)
    for await (
      const _ of client.list(error instanceof RunsError.Unauthorized ? { startingFrom: error.resumeFrom } : {})
    ) {
      assert.fail()
    }
    assert.include(requests.at(-1), "startingFrom=76")
  })

  it("say in milliseconds how long the server asked to wait", async () => {
    const { client } = clientOf(() => new Response("", { status: 429, headers: { "retry-after": "7" } }))
    assert.strictEqual(retryAfterMillis(await rejection(client.get(7))), 7000)
    assert.isUndefined(retryAfterMillis(new Error("another")))
  })
})

describe("the retries of a client", () => {
  it("are those of the library unless `retry` is false", async () => {
    const respond = (_: URL, index: number) => index === 0 ? new Response("", { status: 503 }) : page(row)
    const retried = clientOf(respond, { retry: true })
    assert.strictEqual((await first(retried.client.list()))?.id, 7)
    const once = clientOf(respond)
    assert.instanceOf(await rejection(first(once.client.list())), errors.ServiceUnavailable)
    assert.deepStrictEqual([retried.requests.length, once.requests.length], [2, 1])
  })
})

describe("a watch", () => {
  it("reports events whose checkpoints are strings that it resumes from", async () => {
    let rows: ReadonlyArray<object> = [{ ...row, runStatus: "running" }]
    const { client } = clientOf(() => page(...rows))
    const watching = await first(client.watch({}, { every: 10 }))
    assert.strictEqual(watching?._tag, "Watching")
    const checkpoint = watching?.checkpoint ?? ""
    assert.match(checkpoint, /^w1!/)
    assert.strictEqual(JSON.parse(JSON.stringify(watching)).checkpoint, checkpoint)

    rows = [{ ...row, runEndTime: "2026-11-25T03:00:00.000Z" }]
    const poll = await client.poll(checkpoint)
    assert.deepStrictEqual(poll.events.map((event) => event._tag), ["Ended"])
    const ended = await first(client.watch({}, { resume: checkpoint }))
    assert.isTrue(ended?._tag === "Ended" && ended.run.runEndTime instanceof Date)
    assert.strictEqual(ended?.checkpoint, poll.checkpoint)
    assert.deepStrictEqual((await client.poll(poll.checkpoint)).events, [])
  })

  it("tells a failed poll with the error itself, and how long it waits in milliseconds", async () => {
    const { client } = clientOf(() => new Response("", { status: 503 }))
    const failed = await first(client.watch({}, { every: "2 seconds" }))
    assert.isTrue(failed?._tag === "PollFailed" && failed.retryIn === 2000)
    assert.isTrue(failed?._tag === "PollFailed" && failed.error instanceof errors.ServiceUnavailable)
  })
})

describe("a signal", () => {
  const never = () => new Promise<Response>(() => {})

  it("that is aborted rejects with its reason before anything is sent", async () => {
    const { client, requests } = clientOf(never)
    const reason = new Error("enough")
    const signal = AbortSignal.abort(reason)
    assert.strictEqual(await rejection(client.get(7, { signal })), reason)
    assert.strictEqual(await rejection(client.summarize({}, { signal })), reason)
    assert.strictEqual(await rejection(first(client.list({}, { signal }))), reason)
    assert.deepStrictEqual(requests, [])
  })

  it("ends a call and a loop while they wait, with its reason", async () => {
    for (const call of ["get", "list", "watch"] as const) {
      const controller = new AbortController()
      const { signal } = controller
      const { client, requests } = clientOf(() => {
        queueMicrotask(() => controller.abort())
        return never()
      })
      const promise = call === "get"
        ? client.get(7, { signal })
        : first<unknown>(call === "list" ? client.list({}, { signal }) : client.watch({}, { signal }))
      assert.strictEqual(await rejection(promise), signal.reason)
      assert.lengthOf(requests, 1)
    }
  })

  it("that is aborted between two elements ends the loop at the next one", async () => {
    const controller = new AbortController()
    const { client } = clientOf(() => page(row, { ...row, id: 6 }))
    const ids: Array<number> = []
    const error = await rejection((async () => {
      for await (const { id } of client.list({}, { signal: controller.signal })) {
        ids.push(id)
        controller.abort("by hand")
      }
    })())
    assert.deepStrictEqual([ids, error], [[7], "by hand"])
  })

  it("has no listener left after a loop and a call, however they end", async () => {
    const controller = new AbortController()
    let listeners = 0
    const { signal } = controller
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++
      add(...args)
    }
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--
      remove(...args)
    }
    const { client } = clientOf((url) =>
      url.search.includes("environmentID") ? new Response("", { status: 404 }) : page(row)
    )
    await first(client.list({}, { signal }))
    for await (const _ of client.list({}, { signal })) assert.isAbove(listeners, 0)
    await rejection(first(client.list({ environmentID: "3" }, { signal })))
    await client.listPage({}, { signal })
    assert.strictEqual(listeners, 0)
  })
})

describe("an iterator", () => {
  it("starts nothing before its first call, and ends once", async () => {
    const { client, requests } = clientOf(() => page(row))
    const iterator = client.list()[Symbol.asyncIterator]()
    assert.deepStrictEqual(requests, [])
    await iterator.return?.()
    assert.deepStrictEqual(await iterator.next(), { done: true, value: undefined })
    assert.deepStrictEqual(requests, [])
  })

  it("starts from the beginning each time", async () => {
    const { client } = clientOf(() => page(row))
    const runs = client.list()
    assert.deepStrictEqual([(await first(runs))?.id, (await first(runs))?.id], [7, 7])
  })

  it("that is left while it waits ends the wait", async () => {
    const { client } = clientOf(() => page(row))
    const iterator = client.watch({}, { every: "1 hour" })[Symbol.asyncIterator]()
    assert.strictEqual((await iterator.next()).value?._tag, "Watching")
    const next = iterator.next()
    await iterator.return?.()
    assert.deepStrictEqual(await next, { done: true, value: undefined })
  })
})
