/** Streams pages, and requests the next one while the reader works: one page ahead, for a reader that reads on. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { State } from "./advance.ts"
import { type Fetched, nextOf } from "./fetchPage.ts"
import { forkUntilClosed } from "./forkUntilClosed.ts"
import type { ListError, RunPage } from "./model.ts"
import { ReadsOn } from "./references.ts"

/** What one pull emits, and what the next one does. */
interface Step<A> extends Effect.Effect<readonly [ReadonlyArray<A>, Option.Option<Step<A>>], ListError> {}

/**
 * Streams what `select` takes of each page.
 *
 * From the second page on, the first tenth of a page is emitted by itself. Whoever pulls the rest reads on: the next page is
 * requested then, and decoded while the reader works on the rest. A page of one element has no rest, so that its successor is
 * requested at once. Each page is selected when it is emitted, and an error of the next page comes when that is pulled.
 */
export const paginate = <A>(
  begin: State,
  isAhead: boolean,
  fetch: Fetch,
  select: Select<A>
): Stream.Stream<A, ListError> => isAhead ? ahead(begin, fetch, select) : oneByOne(begin, fetch, select)

type Fetch = (state: State) => Effect.Effect<Fetched, ListError>
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

const ahead = <A>(begin: State, fetch: Fetch, select: Select<A>): Stream.Stream<A, ListError> =>
  Stream.unwrap(Effect.gen(function*() {
    const fork = yield* forkUntilClosed
    const readsOn = yield* ReadsOn
    const step = (page: Effect.Effect<Fetched, ListError>, isFirst?: true): Step<A> =>
      Effect.gen(function*() {
        const fetched = yield* page
        const all = yield* select(fetched.page)
        const next = Option.map(nextOf(fetched), (state) => Effect.flatMap(Effect.fromResult(state), fetch))
        if (Option.isNone(next) || isFirst || !readsOn(fetched.page)) {
          return [all, Option.map(next, (page) => step(page))]
        }
        const at = all.length > 1 ? Math.ceil(all.length / 10) : 0
        const rest: Step<A> = Effect.map(
          fork(next.value),
          (fiber) => [all.slice(at), Option.some(step(Fiber.join(fiber)))]
        )
        return at === 0 ? yield* rest : [all.slice(0, at), Option.some(rest)]
      })
    return Stream.paginate(step(fetch(begin), true), (step) => step)
  }))
