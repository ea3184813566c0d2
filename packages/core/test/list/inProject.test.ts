import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { RunsClient, RunsInMemory } from "../../src/index.ts"
import { inProject } from "../../src/list/inProject.ts"

const Runs = RunsInMemory.layer({
  runs: ["a", "b", "a"].map((projectID, index) => ({
    id: index + 1,
    projectID,
    runType: "refresh",
    runStatus: "completed"
  }))
})

/** The ids that each way to read runs gives, without a query and with one. */
const read = (query?: { readonly projectID?: string }) =>
  Effect.gen(function*() {
    const client = yield* RunsClient.client
    const page = yield* client.listPage(query)
    const pages = yield* Stream.runCollect(client.pages(query))
    const runs = yield* Stream.runCollect(client.list(query))
    return [page.runs, pages.flatMap(({ runs }) => runs), runs].map((runs) => runs.map(({ id }): number => id))
  })

const every = (...ids: ReadonlyArray<number>) => [ids, ids, ids]

const client = Effect.service(RunsClient.RunsClient)

describe("an effect in a project", () => {
  it.effect("lists the runs of the project, whether its queries are empty or absent", () =>
    Effect.gen(function*() {
      expect(yield* inProject("a")(read())).toEqual(every(3, 1))
      expect(yield* inProject("a")(read({}))).toEqual(every(3, 1))
      expect((yield* inProject("a")(client)).projectID).toBe("a")
    }).pipe(Effect.provide(Runs)))

  it.effect("lists the runs of another project where a query names it", () =>
    Effect.gen(function*() {
      expect(yield* inProject("a")(read({ projectID: "b" }))).toEqual(every(2))
    }).pipe(Effect.provide(Runs)))

  it.effect("lists those of every project on the client itself, without a project", () =>
    Effect.gen(function*() {
      expect(yield* inProject(undefined)(read())).toEqual(every(3, 2, 1))
      expect(yield* inProject(undefined)(client)).toBe(yield* client)
    }).pipe(Effect.provide(Runs)))

  it.effect("still refuses what is no query", () =>
    Effect.gen(function*() {
      // What a program without types passes.
      const wrong: object = ["a"]
      const error = yield* Effect.flip(inProject("a")(read(wrong)))
      expect(error._tag).toBe("InvalidQuery")
    }).pipe(Effect.provide(Runs)))

  it.effect("has the client that the project had before, by which its baseline is kept: for the 100 used last", () =>
    Effect.gen(function*() {
      const of = (projectID: string) => inProject(projectID)(client)
      const [first, second] = [yield* of("0"), yield* of("1")]
      for (let project = 2; project < 100; project++) yield* of(`${project}`)
      expect(yield* of("0")).toBe(first)
      yield* of("100")
      expect(yield* of("0")).toBe(first)
      expect(yield* of("1")).not.toBe(second)
    }).pipe(Effect.provide(Runs)))
})
