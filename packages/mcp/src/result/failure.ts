/**
 * An error as a model can use it: what happened, whether the same call can succeed later, and what to do next. No two
 * kinds read alike, and none can be taken for an empty list.
 */
import * as RunsError from "@coalesce-runs/core/RunsError"
import * as Config from "effect/Config"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { named } from "./named.ts"
import { clean, quote } from "./untrustedText.ts"

/** What a tool can fail with. */
export type ToolError = RunsError.RunsError | Config.ConfigError | ExplainedFailure

const isRunsError = Schema.is(RunsError.RunsError)

/** Checks for an error that has words of its own below. */
export const isToolError = (error: unknown): error is ToolError =>
  error instanceof Config.ConfigError || error instanceof ExplainedFailure || isRunsError(error)

/** One wrong argument. */
export interface Violation {
  readonly field: string
  readonly reason: string
}

export interface Failure {
  readonly what: string
  /** Whether the same call can succeed later. */
  readonly retry: string
  readonly next: string
}

/** An error that a tool explains in its own words. */
export class ExplainedFailure extends Data.TaggedError("ExplainedFailure")<{ readonly failure: Failure }> {}

export const render = ({ next, retry, what }: Failure): string => `${what}\nRetry: ${retry}\nNext: ${next}`

const notEmpty = "This is not an empty list: no runs were read."
const unlikely = "unlikely to help."
const restart = "This server reads it at its start: restart it after a change."

const howToSetToken =
  "tell the user to create a token on the Deploy tab of Coalesce and to set it as COALESCE_ACCESS_TOKEN in the `env` of " +
  "this server in the MCP client's configuration (with COALESCE_BASE_URL, unless the account is on the US host), or as " +
  `\`token\` in a profile of ~/.coa/config. ${restart} The flag --demo serves sample data without a token.`

const maxReasons = 20
const shortReason = 60

/** Says what is wrong with each argument: a long reason once, and the first of many. */
const reasonsOf = (violations: ReadonlyArray<Violation>): ReadonlyArray<string> => {
  const groups = new Map<string, { readonly reason: string; readonly fields: Array<string> }>()
  for (const violation of violations) {
    const reason = clean(violation.reason, 400)
    const key = reason.length > shortReason ? reason : JSON.stringify([violation.field, reason])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { reason, fields: [violation.field] })
    else group.fields.push(violation.field)
  }
  const more = groups.size - maxReasons
  return [
    ...[...groups.values()].slice(0, maxReasons).map(({ fields, reason }) => `- ${named(fields)}: ${reason}`),
    ...(more > 0 ? [`- and ${more} more`] : [])
  ]
}

const wrongArguments = (tool: string, { requestsSent, violations }: RunsError.InvalidQuery): Failure => ({
  what: [
    `${tool} ${requestsSent === true ? "has no result" : "was not run"}: ${
      violations.length === 1 ? "an argument is" : `${violations.length} arguments are`
    } wrong.`,
    ...reasonsOf(violations)
  ].join("\n"),
  retry: "not with these arguments.",
  next: "correct the arguments named above and call again."
})

/** A fault of this server: a result shows only that it happened. */
export const unexpected = (tool: string): Failure => ({
  what: `${tool} failed inside this server. The fault is in the server, not in the call.`,
  retry: `once; after that it is ${unlikely}`,
  next: "tell the user that the server's log (stderr) has the details."
})

/** A call that its client canceled, or that the server ended when it stopped. */
export const canceled = (tool: string): Failure => ({
  what: `${tool} was canceled before it had a result.`,
  retry: "yes.",
  next: "make the same call again if its result is still wanted."
})

type ResponseError = Extract<RunsError.RunsError, { readonly status: number }>

const responded = (error: ResponseError, name: string): string => {
  const said = [error.errorString, error.errorDetail].filter((part) => part !== undefined && part !== "").join(" ")
  return `Coalesce responded ${error.status}${name}.${said === "" ? "" : ` It said ${quote(clean(said, 300))}.`}`
}

/** A time in whole seconds, rounded up. */
const inSeconds = (time: Duration.Duration): string =>
  Duration.format(Duration.seconds(Math.max(1, Math.ceil(Duration.toSeconds(time)))))

const later = ({ retryAfter }: ResponseError): string =>
  retryAfter === undefined
    ? "yes, in a minute; several attempts were made already."
    : `yes, after ${inSeconds(retryAfter)}, as the server asks.`

const host = ({ request }: { readonly request: RunsError.FailedRequest }): string =>
  URL.canParse(request.url) ? new URL(request.url).host : "the host"

const checkHost = (error: { readonly request: RunsError.FailedRequest }): string =>
  `tell the user to check COALESCE_BASE_URL, now ${host(error)}`

/** Says of each error what happened and what to do. */
export const fromError = (tool: string, error: ToolError): Failure => {
  switch (error._tag) {
    case "ExplainedFailure":
      return error.failure
    case "ConfigError":
      return {
        what: `The settings of this server cannot be read, so no request was sent: ${clean(error.message, 400)}`,
        retry: "not before they are corrected.",
        next: `tell the user to correct them. ${restart}`
      }
    case "InvalidConnection":
      return {
        what: `The setting ${error.field} is invalid, so no request was sent: ${clean(error.reason, 400)}.`,
        retry: "not before it is corrected.",
        next: error.field === "accessToken" ? howToSetToken : `tell the user to correct it. ${restart}`
      }
    case "InvalidQuery":
      return wrongArguments(tool, error)
    case "BadRequest":
      return {
        what: responded(error, " Bad Request: it refused the parameters"),
        retry: "not with these arguments.",
        next: "correct the argument that it names, or leave out filters one by one."
      }
    case "Unauthorized":
      return {
        what: `${responded(error, " Unauthorized: the access token is not valid on this host")} ${notEmpty}`,
        retry: "not with this token.",
        next:
          `tell the user that the token of ${
            host(error)
          } may be revoked or belong to another region. A new one comes ` +
          `from the Deploy tab of Coalesce, and COALESCE_BASE_URL must be the host of that account. ${restart}`
      }
    case "Forbidden":
      return {
        what: `${responded(error, " Forbidden: the token is valid, but may not see this")} ${notEmpty}`,
        retry: "not with the permissions of this token.",
        next:
          "leave out environmentID or pass another one; or tell the user to ask for a role that can see this environment."
      }
    case "NotFound":
      return {
        what: responded(error, " Not Found: nothing exists at this address"),
        retry: "not with the same arguments.",
        next: `if the call named a run, check its id (the number); otherwise ${checkHost(error)}.`
      }
    case "TooManyRequests":
      return {
        what: responded(error, " Too Many Requests: the rate limit of the account is used up"),
        retry: later(error),
        next: "wait, then make the same call. Make fewer calls at once, or pass a shorter window."
      }
    case "InternalServerError":
      return {
        what: responded(error, " Internal Server Error: Coalesce failed"),
        retry: later(error),
        next: "make the same call again. If it persists, tell the user to contact Coalesce support."
      }
    case "BadGateway":
      return {
        what: responded(error, " Bad Gateway: a system behind Coalesce failed"),
        retry: later(error),
        next: "make the same call again later."
      }
    case "ServiceUnavailable":
      return {
        what: responded(error, " Service Unavailable: Coalesce is down or overloaded"),
        retry: later(error),
        next: "make the same call again later. The status page of Coalesce may tell the user more."
      }
    case "GatewayTimeout":
      return {
        what: responded(error, " Gateway Timeout: a system behind Coalesce was too slow"),
        retry: later(error),
        next: "make the same call again with a smaller limit or a shorter window."
      }
    case "UnexpectedStatus": {
      const name = error.location === undefined
        ? ", which its API never does"
        : `, a redirect to ${quote(clean(error.location, 120))}. It was not followed, because the token would go along`
      return { what: responded(error, name), retry: unlikely, next: `${checkHost(error)}, and any proxy before it.` }
    }
    case "TransportError":
      return {
        what: `Coalesce could not be reached at ${host(error)}: ${quote(clean(error.description, 200))}.`,
        retry: error.isRetryable
          ? "yes, if the network was down for a moment; several attempts were made already."
          : "not before the network, or a setting of it, is changed.",
        next: error.obstacle === undefined
          ? `tell the user to check the network, the VPN or proxy, and COALESCE_BASE_URL.${
            error.proxy === undefined ? "" : ` ${error.proxy}`
          }`
          : `tell the user: ${error.advice} Variables go into the \`env\` of this server in the MCP client's configuration. ${restart}`
      }
    case "RequestTimeout":
      return {
        what: `Coalesce at ${host(error)} sent no complete response within ${inSeconds(error.timeout)}.`,
        retry: "yes; Coalesce may be busy.",
        next: "make the same call with a smaller limit or a shorter window, and without detail."
      }
    case "ResponseTooLarge":
      return {
        what: `Coalesce at ${host(error)} returned a response of more than ${error.limit} bytes. ${notEmpty}`,
        retry: "not with the same arguments.",
        next: "make the same call with a smaller limit or a shorter window, and without detail."
      }
    case "DecodeError": {
      const where = error.path === "" ? "" : ` at ${clean(error.path, 80)}`
      return {
        what: `The response of ${host(error)} could not be decoded${where}: ${clean(error.issue, 200)}. ${notEmpty}`,
        retry: unlikely,
        next: `${checkHost(error)}: a sign-in page or another service may respond there.`
      }
    }
    case "PaginationError":
      return {
        what: `Pagination cannot advance: ${clean(error.description, 200)}.`,
        retry: `${unlikely.replace(".", "")} with the same order.`,
        next: `call without window, since and until, so that runs are ordered by id${
          error.reason === "TooManyTies" ? "" : "; or pass a shorter window"
        }.`
      }
  }
}
