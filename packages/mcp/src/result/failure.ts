/**
 * An error as a model can use it: what happened, whether the same call can help later, and what to do next. No two
 * kinds read alike, and none can be taken for an empty list.
 */
import * as RunsError from "@coalesce-runs/core/RunsError"
import * as Config from "effect/Config"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { clean, quote } from "./untrustedText.ts"

/** What a tool can fail with. */
export type ToolError = RunsError.RunsError | Config.ConfigError | ExplainedFailure

const isRunsError = Schema.is(RunsError.RunsError)

/** Whether it is one of those that have words of their own below. */
export const isToolError = (error: unknown): error is ToolError =>
  error instanceof Config.ConfigError || error instanceof ExplainedFailure || isRunsError(error)

/** One wrong argument. */
export interface Violation {
  readonly field: string
  readonly reason: string
}

export interface Failure {
  readonly what: string
  /** What the answer must not be taken for. */
  readonly not?: string
  /** Whether the same call can succeed later. */
  readonly retry: string
  readonly next: string
}

/** An error that a tool has words of its own for. */
export class ExplainedFailure extends Data.TaggedError("ExplainedFailure")<{ readonly failure: Failure }> {}

export const render = ({ next, not, retry, what }: Failure): string =>
  `${what}${not === undefined ? "" : ` ${not}`}\nRetry: ${retry}\nNext: ${next}`

const notEmpty = "This is not an empty list: no runs were read."

const restart = "This server reads it when it starts: restart it after a change."

const howToSetToken =
  "tell the user to make a token on the Deploy tab of Coalesce and to set it as COALESCE_ACCESS_TOKEN in the `env` of " +
  "this server in the MCP client's configuration (with COALESCE_BASE_URL, unless the account is on the US host), or as " +
  `\`token\` in a profile of ~/.coa/config. ${restart} The flag --demo serves sample data without a token.`

/** The arguments were refused before anything was asked. */
export const wrongArguments = (tool: string, violations: ReadonlyArray<Violation>): Failure => ({
  what: [
    `${tool} was not run: ${violations.length === 1 ? "an argument is" : `${violations.length} arguments are`} wrong.`,
    ...violations.map(({ field, reason }) => `- ${clean(field, 60)}: ${clean(reason, 400)}`)
  ].join("\n"),
  retry: "not with these arguments.",
  next: "correct what is named above and call again."
})

/** A fault of this server's own: nothing of it is shown but that it happened. */
export const unexpected = (tool: string): Failure => ({
  what: `${tool} failed inside this server, which is a fault of the server and not of the call.`,
  retry: "once; the same fault will most likely come again.",
  next: "tell the user that the server's log (stderr) has the details."
})

type Answered = Extract<RunsError.RunsError, { readonly status: number }>

const said = (error: Answered): string => {
  const text = [error.errorString, error.errorDetail].filter((part) => part !== undefined && part !== "").join(" ")
  return text === "" ? "" : ` It said ${quote(clean(text, 300))}.`
}

const answered = (error: Answered, name: string): string => `Coalesce answered ${error.status}${name}.${said(error)}`

/** A time to wait or that was waited, in whole seconds: never less than it was. */
const inSeconds = (time: Duration.Duration): string =>
  Duration.format(Duration.seconds(Math.max(1, Math.ceil(Duration.toSeconds(time)))))

const later = (error: Answered): string =>
  error.retryAfter === undefined
    ? "yes, in a minute; several attempts were made already."
    : `yes, after ${inSeconds(error.retryAfter)}, as the server asks.`

const host = (error: { readonly request: RunsError.FailedRequest }): string => {
  try {
    return new URL(error.request.url).host
  } catch {
    return "the host"
  }
}

/** What to tell of each error. */
export const fromError = (tool: string, error: ToolError): Failure => {
  switch (error._tag) {
    case "ExplainedFailure":
      return error.failure
    case "ConfigError":
      return {
        what: `The settings of this server cannot be read, so nothing was asked: ${clean(error.message, 400)}`,
        retry: "not before that is corrected.",
        next: `tell the user to correct it. ${restart}`
      }
    case "InvalidConnection":
      return {
        what: `The connection to Coalesce is not set up right, so nothing was asked: ${error.field}: ${
          clean(error.reason, 400)
        }.`,
        retry: "not before that is corrected.",
        next: error.field === "accessToken" ? howToSetToken : `tell the user to correct it. ${restart}`
      }
    case "InvalidQuery":
      return wrongArguments(tool, error.violations)
    case "BadRequest":
      return {
        what: answered(error, " Bad Request: it refused the parameters"),
        retry: "not with these arguments.",
        next: "correct the argument that it names, or leave filters out one by one."
      }
    case "Unauthorized":
      return {
        what: answered(error, " Unauthorized: the access token is not valid here, or not for this"),
        not: notEmpty,
        retry: "not with this token.",
        next:
          `tell the user that the token of ${
            host(error)
          } may have been revoked or belong to another region; a new one ` +
          `comes from the Deploy tab of Coalesce, and COALESCE_BASE_URL must be that account's host. ${restart}`
      }
    case "Forbidden":
      return {
        what: answered(error, " Forbidden: the token is valid, but may not see this"),
        not: notEmpty,
        retry: "not with this token's permissions.",
        next:
          "leave environmentID out or name another environment; or tell the user to ask for a role that may see this one."
      }
    case "NotFound":
      return {
        what: answered(error, " Not Found: this address has no such thing"),
        retry: "not with the same arguments.",
        next:
          `if the call named a run, check its id (the number); otherwise tell the user to check COALESCE_BASE_URL, now ${
            host(error)
          }.`
      }
    case "TooManyRequests":
      return {
        what: answered(error, " Too Many Requests: the account's rate limit is used up"),
        retry: later(error),
        next: "wait, then make the same call; make fewer calls at once, or ask for a shorter interval."
      }
    case "InternalServerError":
      return {
        what: answered(error, " Internal Server Error: something broke inside Coalesce"),
        retry: later(error),
        next: "make the same call again; if it stays, tell the user to ask Coalesce's support."
      }
    case "BadGateway":
      return {
        what: answered(error, " Bad Gateway: a system behind Coalesce failed"),
        retry: later(error),
        next: "make the same call again later."
      }
    case "ServiceUnavailable":
      return {
        what: answered(error, " Service Unavailable: Coalesce is down or overloaded"),
        retry: later(error),
        next: "make the same call again later; the user may look at Coalesce's status page."
      }
    case "GatewayTimeout":
      return {
        what: answered(error, " Gateway Timeout: a system behind Coalesce was too slow"),
        retry: later(error),
        next: "make the same call again with a smaller limit or a shorter interval."
      }
    case "UnexpectedStatus":
      return {
        what: answered(
          error,
          error.location === undefined
            ? ", which its API never does"
            : `, a redirect to ${quote(clean(error.location, 120))}, which is not followed, as the token would go along`
        ),
        retry: "hardly.",
        next: `tell the user to check COALESCE_BASE_URL, now ${host(error)}, and any proxy before it.`
      }
    case "TransportError":
      return {
        what: `Coalesce could not be reached at ${host(error)}: ${quote(clean(error.description, 200))}.`,
        retry: "yes, if the network was down for a moment; several attempts were made already.",
        next: "tell the user to check the network, the VPN or proxy, and COALESCE_BASE_URL."
      }
    case "RequestTimeout":
      return {
        what: `Coalesce, at ${host(error)}, gave no whole answer within ${inSeconds(error.timeout)}.`,
        retry: "yes; it may be busy.",
        next: "make the same call with a smaller limit or a shorter interval, and without detail."
      }
    case "DecodeError":
      return {
        what: `The answer of ${host(error)} could not be read${
          error.path === "" ? "" : ` at ${clean(error.path, 80)}`
        }: ${clean(error.issue, 200)}.`,
        not: notEmpty,
        retry: "hardly.",
        next: "tell the user to check COALESCE_BASE_URL: a sign-in page or another service may be answering."
      }
    case "PaginationError":
      return {
        what: `The pages of the list do not lead on: ${clean(error.description, 200)}.`,
        retry: "hardly, with the same order.",
        next: error.reason === "TooManyTies"
          ? "call without window, since and until, so that the order is by id."
          : "ask for a shorter interval, or call without window, since and until, so that the order is by id."
      }
  }
}
