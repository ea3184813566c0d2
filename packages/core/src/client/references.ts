/** How the readers of this package want requests to be sent. What only reads runs loads these, and no client. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { GetError, RunPage } from "./model.ts"
import type { State } from "./pagingModel.ts"

/**
 * How `listPage` learns whether a page is the last, where its response does not prove it: by a small request (`requested`), by
 * longer pages that the client has received (`known`), or not at all (`open`). Default: `requested`.
 */
export const End = Context.Reference<"requested" | "known" | "open">("@coalesce-runs/core/End", {
  defaultValue: () => "requested"
})

/** Whether both forms of a page may be requested at the same time. Default: `true`. */
export const BothAtOnce = Context.Reference<boolean>("@coalesce-runs/core/BothAtOnce", {
  defaultValue: () => true
})

/** Whether a page of any status is requested in both forms. Default: `false`; its reasons follow it, if a run of it failed. */
export const ReasonsAtOnce = Context.Reference<boolean>("@coalesce-runs/core/ReasonsAtOnce", {
  defaultValue: () => false
})

/** What an attempt that failed leads to, before it is retried. Default: nothing. */
export const OnFailure = /*#__PURE__*/ Context.Reference<(error: GetError) => Effect.Effect<void>>(
  "@coalesce-runs/core/OnFailure",
  { defaultValue: () => () => Effect.void }
)

/** What is done once a guess can be made of the state behind a page, before the page is parsed. Default: nothing. */
export const OnGuess = /*#__PURE__*/ Context.Reference<(guess: () => State | undefined) => Effect.Effect<void>>(
  "@coalesce-runs/core/OnGuess",
  { defaultValue: () => () => Effect.void }
)

/** Whether a reader may want what is behind a page. Default: `true`. A window knows which page is its last. */
export const ReadsOn = /*#__PURE__*/ Context.Reference<(page: RunPage) => boolean>(
  "@coalesce-runs/core/ReadsOn",
  { defaultValue: () => () => true }
)
