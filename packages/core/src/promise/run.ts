/** Runs effects and streams for callers without Effect: as promises and async iterables that a signal ends. */
import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import { assertOptions, type Expected, isPlain } from "../error/check.ts"
import type { RunsClient } from "../RunsClient.ts"
import type { CallOptions } from "./model.ts"

/** What every call needs. */
export type Services = Context.Context<RunsClient>

const signal: Expected = [
  "Expected an AbortSignal",
  (value) => Predicate.hasProperty(value, "aborted") && Predicate.hasProperty(value, "addEventListener")
]

/** Returns the signal of options that hold nothing else. It throws an `InvalidQuery` where something is wrong with them. */
export const signalOf = (options: CallOptions | undefined): AbortSignal | undefined => {
  assertOptions(options === undefined ? {} : options, { signal })
  return options?.signal
}

/** Divides options into the signal, and those that the library checks. */
export const divided = <O extends CallOptions>(options: O | undefined) => {
  // The library says what is wrong with what is no object.
  if (!isPlain(options)) return { options, signal: undefined }
  const { signal, ...others } = options
  return { options: others, signal: signalOf({ signal }) }
}

/** Runs an effect. An abort interrupts it, and rejects with the reason of the signal. */
export const promise = async <A, E>(
  services: Services,
  effect: Effect.Effect<A, E, RunsClient>,
  signalOf: () => AbortSignal | undefined
): Promise<A> => {
  const signal = signalOf()
  signal?.throwIfAborted()
  const exit = await Effect.runPromiseExitWith(services)(effect, { signal })
  if (Exit.isSuccess(exit)) return exit.value
  if (Cause.hasInterruptsOnly(exit.cause)) signal?.throwIfAborted()
  throw Cause.squash(exit.cause)
}

/** A stream, and the signal that ends it. */
export interface Iterated<A, E> {
  readonly stream: Stream.Stream<A, E, RunsClient>
  readonly signal: AbortSignal | undefined
}

/**
 * Runs a stream when it is iterated, from its beginning each time. Leaving the loop interrupts it; so does an abort, which
 * makes the loop throw the reason of the signal.
 */
export const iterable = <A, E, B>(
  services: Services,
  begin: () => Iterated<A, E>,
  convert: (element: A) => B
): AsyncIterable<B> => ({
  [Symbol.asyncIterator]: () => {
    let iterator: AsyncIterator<A> | undefined
    let signal: AbortSignal | undefined
    let hasEnded = false
    // What is in flight ends here. The next call tells the reason.
    const abort = () => void iterator?.return?.()
    const end = async (): Promise<IteratorReturnResult<undefined>> => {
      hasEnded = true
      signal?.removeEventListener("abort", abort)
      await iterator?.return?.()
      return { done: true, value: undefined }
    }
    const start = (): AsyncIterator<A> => {
      const begun = begin()
      begun.signal?.throwIfAborted()
      signal = begun.signal
      signal?.addEventListener("abort", abort)
      return Stream.toAsyncIterableWith(begun.stream, services)[Symbol.asyncIterator]()
    }
    return {
      next: async () => {
        if (hasEnded) return end()
        try {
          iterator ??= start()
          const result = await iterator.next()
          signal?.throwIfAborted()
          return result.done === true ? await end() : { done: false, value: convert(result.value) }
        } catch (error) {
          await end()
          throw error
        }
      },
      return: end
    }
  }
})
