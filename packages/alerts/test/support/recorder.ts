// A destination that writes down what it takes.
import { Destination, type Incident } from "@coalesce-runs/alerts"
import * as Effect from "effect/Effect"
import { opensAndResolves } from "./messages.ts"

/** What a destination does with an attempt: it takes the message, or it fails so. */
export type Behavior = (
  message: Incident.Message,
  attempt: number
) => Effect.Effect<
  Omit<ConstructorParameters<typeof Destination.DeliveryFailed>[0], "destination" | "messageID"> | undefined
>

/** A destination that writes down what it took. */
export const recorder = (name: string, behavior: Behavior) => {
  const taken: Array<string> = []
  const threads: Array<string | undefined> = []
  let attempts = 0
  const destination: Destination.Destination = {
    name,
    send: Effect.fnUntraced(function*(message, thread) {
      const failure = yield* behavior(message, ++attempts)
      if (failure !== undefined) {
        return yield* new Destination.DeliveryFailed({ destination: name, messageID: message.id, ...failure })
      }
      taken.push(`${message.incidentID}-${message.sequence}`)
      threads.push(thread)
      return thread ?? `thread of ${message.incidentID}`
    })
  }
  return { destination, taken, threads, attempts: () => attempts }
}

/** So many messages of an incident. */
export const messagesOf = (incidentID: string, count: number) =>
  Effect.map(opensAndResolves, ([opened]) =>
    Array.from({ length: count }, (_, index): Incident.Message => ({
      ...opened,
      incidentID,
      id: `${incidentID}-${index + 1}`,
      sequence: index + 1,
      status: index === 0 ? "opened" : "updated"
    })))
