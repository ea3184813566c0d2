/** `timeline`: what did the night look like? In words, as JSON, as a page or as a picture. */
import * as Report from "@coalesce-runs/core/Report"
import * as RunTimeline from "@coalesce-runs/core/RunTimeline"
import * as Effect from "effect/Effect"
import { rename, rm, writeFile } from "node:fs/promises"
import { answer, print, zoneOf } from "../answer.ts"
import * as connection from "../connection.ts"
import { UsageError } from "../ended.ts"
import { exitCodes } from "../exitCode.ts"
import type { Common, Selection } from "../flags.ts"
import { write } from "../output.ts"
import { withProgress } from "../progress.ts"

interface Input extends Common, Selection {
  readonly html: string | undefined
  readonly svg: boolean
}

const waiting = "Reading runs"

/** So many jobs are told in a terminal. */
const bounds = { groups: 60 }

/** A file is there as a whole, or as it was before. */
const save = (file: string, text: string) =>
  Effect.tryPromise({
    try: async () => {
      const temporary = `${file}.${process.pid}.tmp`
      try {
        await writeFile(temporary, text)
        await rename(temporary, file)
      } finally {
        await rm(temporary, { force: true })
      }
    },
    catch: (error) => new UsageError(`--html: ${error instanceof Error ? error.message : String(error)}`)
  })

const draw = ({ demo, html, svg: _, ...common }: Input) =>
  Effect.gen(function*() {
    const timeZone = yield* zoneOf({ ...common, demo })
    const names = yield* Report.configuredNames
    const { json: _json, timeZone: _zone, ...selection } = common
    const facts = yield* withProgress(waiting, () => RunTimeline.read({ ...selection, timeZone }))
    const options: Report.Options = { names, ...(timeZone === undefined ? {} : { timeZone }) }
    const words = RunTimeline.words(facts, options)
    if (html === undefined) {
      const { toSvg } = yield* Effect.promise(() => import("../timeline/svg.ts"))
      yield* write(toSvg(facts, words))
      return exitCodes.well
    }
    const { toHtml } = yield* Effect.promise(() => import("../timeline/html.ts"))
    yield* save(html, toHtml(facts, words))
    yield* print(`${html}: ${words.headline}`)
    return exitCodes.well
  }).pipe(connection.provided(demo))

const isWrong = ({ html, json, svg }: Input): boolean =>
  [html !== undefined, json, svg].filter((chosen) => chosen).length > 1

export const handle = (input: Input): Effect.Effect<number, unknown> => {
  const { demo, html, json, svg, timeZone, ...selection } = input
  return isWrong(input)
    ? Effect.fail(new UsageError("Choose one of --html, --svg and --json."))
    : html !== undefined || svg
    ? draw(input)
    : answer({ demo, json, timeZone }, {
      waiting,
      facts: (timeZone) => RunTimeline.read({ ...selection, timeZone }),
      schema: RunTimeline.Timeline,
      report: (facts, options) => RunTimeline.report(facts, { ...options, bounds })
    })
}
