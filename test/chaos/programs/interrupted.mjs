// Interrupts streams over the built package at any moment, and counts what is left of them. `leaks.test.ts` runs it.
// Arguments: the origin of the server, a token, how many streams. Prints what it counted as JSON.
import { RunHistory, RunsClient, RunWatch, RunWindow } from "@coalesce-runs/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Metric from "effect/Metric"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { getEventListeners } from "node:events"
import { setTimeout as pause } from "node:timers/promises"

const [, , baseUrl = "", accessToken = "", times = "100"] = process.argv

let fibers = 0
let fibersStarted = 0
const counting = {
  recordFiberStart: () => {
    fibers++
    fibersStarted++
  },
  recordFiberEnd: () => void fibers--
}

/** The signals that `fetch` was given, as long as somebody holds them. */
const signals = new Set()
const fetch = (input, init) => {
  signals.add(new WeakRef(init.signal))
  return globalThis.fetch(input, init)
}

const client = await RunsClient.make({ accessToken, baseUrl, retry: Schedule.recurs(1), timeout: "1 second" }).pipe(
  Effect.provide(FetchHttpClient.layer),
  Effect.runPromise
)

const everything = { since: DateTime.makeUnsafe(0), until: DateTime.makeUnsafe(4e12) }

const streams = [
  () => client.list({ pageSize: 10 }),
  () => client.list({ orderBy: "runStartTime", pageSize: 7, detail: true }),
  () => client.pages({ pageSize: 10 }),
  () => RunHistory.list({ pageSize: 10 }),
  () => RunHistory.list({ pageSize: 10 }, { concurrency: 8 }),
  () => RunHistory.list({ pageSize: 5, detail: true, failureReasons: true }, { concurrency: 16 }),
  () => RunWindow.list(everything, { pageSize: 10 }),
  () => RunWatch.watch({}, { every: "1 millis", idleEvery: "1 millis" })
]

/** One signal for all of them, as a server has one for its end. */
const shared = new AbortController()
const listenersBefore = process.eventNames().map((name) => [name, process.listenerCount(name)].join()).join()

const interrupt = async (index) => {
  const stream = streams[index % streams.length]().pipe(Stream.provideService(RunsClient.RunsClient, client))
  const moment = (index * 7919 % 101) / 10
  // A watch does not end by itself.
  const how = index % streams.length === streams.length - 1 ? 1 + index % 2 : index % 3
  if (how === 0) {
    // As a `for await` that breaks.
    let left = index % 40
    for await (const _ of Stream.toAsyncIterable(Stream.catchCause(stream, () => Stream.empty))) {
      if (left-- <= 0) break
    }
    return
  }
  const own = new AbortController()
  const run = Effect.runPromiseExit(
    stream.pipe(
      Stream.runDrain,
      how === 1 ? Effect.timeoutOption(moment) : (effect) => effect,
      Effect.provideService(FetchHttpClient.Fetch, fetch),
      Effect.provideService(Metric.FiberRuntimeMetrics, counting)
    ),
    { signal: how === 1 ? shared.signal : own.signal }
  )
  if (how === 2) {
    await pause(moment)
    own.abort()
  }
  await run
}

const total = Number(times)
let next = 0
await Promise.all(Array.from({ length: 40 }, async () => {
  while (next < total) await interrupt(next++)
}))

const resources = () => {
  const counts = {}
  // What prints this program's result is there all the time.
  for (const name of process.getActiveResourcesInfo()) {
    if (!/Pipe|TTY|Immediate/.test(name)) counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

// An agent keeps idle connections for a few seconds.
const patience = performance.now() + 15_000
while (Object.keys(resources()).some((name) => name !== "Timeout") && performance.now() < patience) await pause(100)
globalThis.gc?.()
await pause(50)
globalThis.gc?.()

console.log(JSON.stringify({
  interrupted: total,
  resources: resources(),
  fibers,
  fibersStarted,
  sharedListeners: getEventListeners(shared.signal, "abort").length,
  signals: [...signals].filter((signal) => signal.deref() !== undefined).length,
  requests: signals.size,
  processListeners: process.eventNames().map((name) =>
    [name, process.listenerCount(name)].join()
  ).join() === listenersBefore,
  heapMB: Math.round(process.memoryUsage().heapUsed / 1e6)
}))
