/** Shows what destinations did not take, and sends it again. */
import * as Delivery from "@coalesce-runs/alerts/Delivery"
import { layerFiles } from "@coalesce-runs/alerts/node"
import * as Report from "@coalesce-runs/core/Report"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { namesIn, read } from "../alerting.ts"
import { print } from "../answer.ts"
import { UsageError } from "../ended.ts"
import { exitCodes } from "../exitCode.ts"
import { withProgress } from "../progress.ts"

interface Input {
  readonly file: string
  readonly destination: string | undefined
  readonly state: string | undefined
  readonly resend: boolean
  readonly json: boolean
}

const encode = Schema.encodeSync(Schema.toCodecJson(Delivery.DeadLetter))

const lineOf = ({ at, message: { report }, reason }: Delivery.DeadLetter): string => {
  const [headline] = Report.toText({ ...report, lines: [], sections: [], nextSteps: [] }).split("\n")
  return `${DateTime.formatIso(at).slice(0, 16)}Z ${reason}\n  ${headline}`
}

export const handle = ({ destination, file, json, resend, state }: Input) =>
  state === undefined
    ? Effect.fail(new UsageError("dead-letters needs --state, the directory of the watch"))
    : Effect.gen(function*() {
      const names = yield* namesIn(yield* read(file), destination)
      // It only reads and writes the store: nothing is sent here, so no secret is needed.
      const delivery = yield* Delivery.make({
        destinations: names.map((name) => ({ name, send: () => Effect.undefined }))
      })
      const letters = yield* delivery.deadLetters
      for (const letter of letters) yield* print(json ? JSON.stringify(encode(letter)) : lineOf(letter))
      if (resend) yield* withProgress("Putting dead letters back", () => delivery.resend())
      if (!json) {
        const count = `${letters.length} dead ${letters.length === 1 ? "letter" : "letters"}`
        yield* print(
          resend ? `${count} went back into the outbox: the watch on ${state} sends them.` : `${count} in ${state}.`
        )
      }
      return exitCodes.well
    }).pipe(Effect.provide(layerFiles({ directory: state })))
