/** Streams pages, and requests the next one while the reader works: one page ahead, for a reader that reads on. */
import type * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { request, type State } from "./advance.ts"
import { type Fetched, nextOf } from "./fetchPage.ts"
import { forkUntilClosed } from "./forkUntilClosed.ts"
import type { ListError, RunPage } from "./model.ts"
import type { ValidQuery } from "./query.ts"
import { OnGuess, ReadsOn } from "./references.ts"

/** What one pull emits, and what the next one does. */
interface Step<A> extends Effect.Effect<readonly [ReadonlyArray<A>, Option.Option<Step<A>>], ListError> {}

/**
 * Streams what `select` takes of each page.
 *
 * From the second page on, the first tenth of a page is emitted by itself. Whoever pulls the rest reads on: the next page is
 * requested then, and decoded while the reader works on the rest. A page of one element has no rest, so that its successor is
 * requested at once. Each page is selected when it is emitted, and an error of the next page comes when that is pulled.
 *
 * From the third page on, a reader that waits for a page reads on. The page behind it is requested as soon as the text of the page
 * is there, by a {@link guess} of where it starts, while the page is parsed and decoded.
 */
export const paginate = <A>(
  begin: State,
  query: ValidQuery,
  fetch: Fetch,
  select: Select<A>
): Stream.Stream<A, ListError> => query.prefetch ? ahead(begin, query, fetch, select) : oneByOne(begin, fetch, select)

/** Fetches the page of a state, or of a guess of it: then `settled` gives the state. */
type Fetch = (state: State, settled?: Effect.Effect<State>) => Effect.Effect<Fetched, ListError>
type Select<A> = (page: RunPage) => Effect.Effect<ReadonlyArray<A>>

/** Lets go of each page with the next minor collection, as those who hold no fiber of a page can. */
const oneByOne = <A>(begin: State, fetch: Fetch, select: Select<A>): Stream.Stream<A, ListError> =>
  Stream.paginate<Result.Result<State, ListError>, A, ListError>(
    Result.succeed(begin),
    Effect.fnUntraced(function*(next) {
      const fetched = yield* fetch(yield* Effect.fromResult(next))
      return [yield* select(fetched.page), nextOf(fetched)] as const
    })
  )

interface Page {
  fetched: Effect.Effect<Fetched, ListError>
  /** Whether a reader that has read on before waits for it. */
  isPulled: boolean
  /** The page behind it, requested by a guess. */
  guessed: Guessed | undefined
}

interface Guessed {
  readonly page: Page
  readonly fiber: Fiber.Fiber<Fetched, ListError>
  readonly request: string
  readonly settled: Deferred.Deferred<State>
}

const ahead = <A>(begin: State, query: ValidQuery, fetch: Fetch, select: Select<A>): Stream.Stream<A, ListError> =>
  Stream.unwrap(Effect.gen(function*() {
    const fork = yield* forkUntilClosed
    const readsOn = yield* ReadsOn
    const context = yield* Effect.context<never>()
    // Its cursor too, which an error resumes at: an opaque one says nothing of the rows before it.
    const requestOf = (state: State): string => JSON.stringify([request(state, query.pageSize), state.cursor])

    const pageOf = (fetched: Effect.Effect<Fetched, ListError>): Page => {
      const onGuess = (read: () => State | undefined) => {
        const guess = page.isPulled ? read() : undefined
        return guess ? requestGuessed(page, guess) : Effect.void
      }
      const page: Page = {
        fetched: Effect.provideService(fetched, OnGuess, onGuess),
        isPulled: false,
        guessed: undefined
      }
      return page
    }

    // In the context of the stream: that of a guess is the one of an attempt, with its span.
    const requestAhead = (page: Page) =>
      Effect.map(fork(Effect.updateContext(page.fetched, (_: Context.Context<never>) => context)), (fiber) => {
        page.fetched = Fiber.join(fiber)
        return { page, fiber }
      })

    const requestGuessed = Effect.fnUntraced(function*(page: Page, guess: State) {
      // There is a guess already where a response broke off, and its page was requested again.
      yield* settle(page, undefined)
      const settled = Deferred.makeUnsafe<State>()
      const ahead = yield* requestAhead(pageOf(fetch(guess, Deferred.await(settled))))
      page.guessed = { ...ahead, request: requestOf(guess), settled }
      // The request leaves before this page is parsed.
      yield* Effect.yieldNow
    })

    /** Returns the page that was requested by a guess, if that is the page of the state, and aborts any other. */
    const settle = (page: Page, state: State | undefined): Effect.Effect<Page | undefined> => {
      const { guessed } = page
      // A page that lives on must not keep those behind it in memory.
      page.guessed = undefined
      if (!guessed) return Effect.undefined
      return state && requestOf(state) === guessed.request
        ? Effect.as(Deferred.succeed(guessed.settled, state), guessed.page)
        : Effect.as(Fiber.interrupt(guessed.fiber), undefined)
    }

    const step: (page: Page, number?: number) => Step<A> = Effect.fnUntraced(function*(page: Page, number = 1) {
      page.isPulled = number > 2
      const fetched = yield* page.fetched
      const all = yield* select(fetched.page)
      const next = Option.getOrUndefined(nextOf(fetched))
      const readOn = next && readsOn(fetched.page)
      const guessed = yield* settle(page, readOn ? Result.getOrElse(next, () => undefined) : undefined)
      if (guessed) return [all, Option.some(step(guessed, number + 1))]
      if (!next) return [all, Option.none()]
      const behind = pageOf(Effect.flatMap(Effect.fromResult(next), fetch))
      if (number === 1 || !readOn) return [all, Option.some(step(behind, number + 1))]
      const at = all.length > 1 ? Math.ceil(all.length / 10) : 0
      const rest: Step<A> = Effect.map(
        requestAhead(behind),
        ({ page }) => [all.slice(at), Option.some(step(page, number + 1))]
      )
      return [all.slice(0, at), Option.some(rest)]
    })
    return Stream.paginate(step(pageOf(fetch(begin))), (step) => step)
  }))
