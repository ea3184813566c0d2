/** The spans that an effect leaves. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Tracer from "effect/Tracer"
import type { RunsClient } from "../../src/index.ts"
import type { clientOver } from "./server.ts"

/** Runs an effect, whatever it ends with, and returns its spans whose names start with `prefix`, as they were recorded. */
export const recorded = <A, E>(
  effect: Effect.Effect<A, E, RunsClient.RunsClient>,
  layer: ReturnType<typeof clientOver>["layer"],
  prefix: string
) =>
  Effect.gen(function*() {
    const spans: Array<Tracer.NativeSpan> = []
    const tracer = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options)
        spans.push(span)
        return span
      }
    })
    yield* Effect.exit(effect).pipe(Effect.provide(Layer.merge(layer, Layer.succeed(Tracer.Tracer, tracer))))
    return spans.filter(({ name }) => name.startsWith(prefix))
  })

/** Returns what those spans say. */
export const spansOf = <A, E>(...of: Parameters<typeof recorded<A, E>>) =>
  Effect.map(recorded(...of), (spans) =>
    spans.map((span) => ({
      name: span.name,
      kind: span.kind,
      attributes: Object.fromEntries(span.attributes),
      events: span.events.map(([name, , attributes]): Record<string, unknown> => ({ name, ...attributes }))
    })))
