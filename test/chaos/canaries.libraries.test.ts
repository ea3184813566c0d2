// Whatever a server sends, neither the token nor a credential of a row comes out of what a program prints of the libraries: the client
// without Effect, and the tools for a language model.
import { RunsClient } from "@coalesce-runs/core"
import { type Client, createClient, type Report, toText } from "@coalesce-runs/core/promise"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as LanguageModel from "effect/ai/LanguageModel"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as Ai from "../../packages/mcp/src/ai.ts"
import { canaries, type Watched, watched } from "./canaries.ts"
import { type ChaosServer, start } from "./server/server.ts"
import { open, token, tools, troubles } from "./troubles.ts"

let server: ChaosServer

beforeAll(async () => {
  server = await start()
})

afterAll(() => server.stop())

const first = async <A>(values: AsyncIterable<A>, count: number): Promise<ReadonlyArray<A>> => {
  const taken: Array<A> = []
  for await (const value of values) {
    taken.push(value)
    if (taken.length >= count) break
  }
  return taken
}

/** Calls each method of the client without Effect. Rows have their credentials, and facts have not. */
const callAll = (client: Client, seen: Watched): ReadonlyArray<Promise<void>> => {
  const window = "last_24_hours"
  const rows = (values: Promise<unknown>) => values.then(seen.say)
  const facts = (explained: Promise<{ readonly facts: object; readonly report: () => Report }>) =>
    explained.then(({ facts, report }) => {
      seen.tell(JSON.stringify(facts))
      seen.tell(toText(report()))
    })
  return [
    rows(first(client.list({ detail: true, failureReasons: true }), 99)),
    rows(client.listPage({ detail: true })),
    rows(first(client.listWindow(window, { detail: true }), 99)),
    rows(first(client.history({ detail: true }), 99)),
    rows(first(client.watch({ detail: true }), 1)),
    rows(client.poll(undefined, { detail: true })),
    rows(client.get(29, { failureReasons: true })),
    rows(client.results(29)),
    facts(client.diagnose({ runID: 29 })),
    facts(client.check({ window })),
    facts(client.inspect({ runID: 29 })),
    facts(client.summarize({ window })),
    facts(client.timeline({ window }))
  ]
}

describe("the token and the credentials of rows", () => {
  it.each(Object.keys(troubles))("do not come out of the client without Effect after %s", async (name) => {
    const session = open(server, troubles[name] ?? [])
    session.faultOf = () => troubles[name]?.[1]
    const seen = watched(token)
    const client = createClient({ accessToken: token, baseUrl: server.origin })
    const results = await Promise.allSettled(callAll(client, seen))
    const errors = results.flatMap((result) => result.status === "rejected" ? [result.reason] : [])
    for (const error of errors) seen.say(error)
    if (name === "nothing") assert.deepStrictEqual(errors, [])
    assert.isAbove(session.served.length, results.length - 1)
    assert.deepStrictEqual(session.violations, [])
    assert.isUndefined(canaries(seen))
  }, 60_000)

  it.live.each(Object.keys(troubles))(
    "do not come out of the tools for a language model after %s",
    (name) =>
      Effect.gen(function*() {
        const session = open(server, troubles[name] ?? [])
        session.faultOf = () => troubles[name]?.[1]
        const seen = watched(token)
        const model = LanguageModel.make({
          generateText: () =>
            Effect.succeed(
              tools.map(({ arguments: params, name }) => ({ type: "tool-call", id: name, name, params }) as const)
            ),
          streamText: () => Stream.die("not asked")
        })
        const { toolResults } = yield* LanguageModel.generateText({ prompt: "What happened?", toolkit: Ai.toolkit })
          .pipe(
            Effect.provide([Layer.effect(LanguageModel.LanguageModel, model), Ai.layer]),
            Effect.provide(
              RunsClient.layer({ accessToken: token, baseUrl: server.origin }).pipe(
                Layer.provide(FetchHttpClient.layer)
              )
            ),
            Effect.provide(seen.layer)
          )
        assert.lengthOf(toolResults, tools.length)
        for (const { result } of toolResults) seen.tell(JSON.stringify(result))
        assert.isAbove(session.served.length, 0)
        assert.deepStrictEqual(session.violations, [])
        assert.isUndefined(canaries(seen))
      }),
    60_000
  )
})
