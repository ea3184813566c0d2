/**
 * What orchestrators ask, by an address of their own, so that no `Host` is checked: `/health`, `/ready` and `/metrics`. They
 * reveal nothing about the account.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Runtime } from "../callTool.ts"
import * as failure from "../result/failure.ts"
import * as observe from "./observe.ts"
import { error, respond } from "./respond.ts"

export interface State {
  readonly live: Runtime
  readonly status: { readonly lastRequest: string; readonly isClosing: boolean }
  /** Whether the request has the bearer token, if there is one. */
  readonly isAllowed: boolean
}

/** Says which setting is wrong, if one is. */
const wrongSetting = (cause: Cause.Cause<unknown>): string => {
  const error = Option.getOrUndefined(Cause.findErrorOption(cause))
  return failure.isToolError(error) && error._tag === "InvalidConnection" ? error.field : "configuration"
}

/**
 * Ready is a server with a token and valid settings that is not closing. How the last request to Coalesce went is said and
 * not judged: a server that gets no calls could never become ready again.
 */
const ready = async (response: ServerResponse, { live, status: { isClosing, lastRequest } }: State): Promise<void> => {
  const exit = await live.runPromiseExit(Effect.void)
  if (isClosing) return respond(response, 503, { status: "closing", lastRequest })
  if (Exit.isSuccess(exit)) return respond(response, 200, { status: "ready", lastRequest })
  respond(response, 503, { status: "unavailable", setting: wrongSetting(exit.cause), lastRequest })
}

/** Answers a probe. Returns whether the path is that of one. */
export const serve = (path: string, request: IncomingMessage, response: ServerResponse, state: State): boolean => {
  if (path !== "/health" && path !== "/ready" && path !== "/metrics") return false
  if (request.method !== "GET" && request.method !== "HEAD") {
    respond(response, 405, error("Method not allowed"), { allow: "GET, HEAD" })
  } else if (path === "/health") {
    respond(response, 200, { status: "ok" })
  } else if (path === "/ready") {
    void ready(response, state)
  } else if (state.isAllowed) {
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }).end(observe.metrics())
  } else {
    respond(response, 401, error("Unauthorized: send the bearer token of this server"), {
      "www-authenticate": "Bearer"
    })
  }
  return true
}
