/**
 * Tells incidents to PagerDuty, by Events API v2: an incident triggers an alert under its id, and resolves it. It acknowledges
 * nothing: that is for a person.
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { required, secret, text } from "./check/options.ts"
import { type Destination, InvalidDestination, limits } from "./Destination.ts"
import { cut, linesOf, type Medium, safeLink, takeFitting, titleOf, word, write } from "./destination/lines.ts"
import { checkUrl, post } from "./destination/post.ts"
import { checkSettings } from "./destination/settings.ts"
import type { Message, Severity } from "./Incident.ts"

/** What PagerDuty is sent, without the key of the integration. */
export interface Event {
  readonly event_action: "trigger" | "resolve"
  readonly dedup_key: string
  readonly payload: {
    readonly summary: string
    readonly source: string
    readonly severity: Severity
    readonly timestamp: string
    readonly component?: string
    readonly group?: string
    readonly class: string
    readonly custom_details: {
      readonly status: string
      readonly failures: number
      readonly since: string
      readonly report: ReadonlyArray<string>
    }
  }
  readonly client: "coalesce-runs"
  readonly links: ReadonlyArray<{ readonly href: string; readonly text: string }>
}

const asIs = (text: string): string => text
const medium: Medium = { words: asIs, quoted: asIs, name: word }

const maxLine = 2000
const maxName = 200

const bytesOf = (text: string): number => new TextEncoder().encode(JSON.stringify(text)).length + 1

/** Returns the event of a message. `source` is where the runs are, such as the host of the account. */
export const payload = (message: Message, source = "coalesce-runs"): Event => {
  const { at, cause, environmentID, failures, incidentID, jobs, kind, report, runLink, severity, since, status } =
    message
  const [job] = jobs.listed
  const component = job?.jobName ?? (job?.jobID === undefined ? undefined : `job ${job.jobID}`)
  const link = safeLink(runLink)
  const lines = linesOf(report).map(({ indent, spans }) =>
    `${"  ".repeat(indent)}${cut(write(spans, medium), maxLine)}`
  )
  const clean = (text: string) => cut(write([{ name: text }], { ...medium, name: asIs }), maxName)
  return {
    event_action: status === "resolved" ? "resolve" : "trigger",
    dedup_key: cut(incidentID, limits.pagerDuty.dedupKey),
    payload: {
      summary: cut(write(report.headline, medium), limits.pagerDuty.summary) || titleOf(message),
      source,
      severity,
      timestamp: DateTime.formatIso(at),
      ...(component === undefined ? {} : { component: clean(component) }),
      ...(environmentID === undefined ? {} : { group: clean(environmentID) }),
      class: cause?.class ?? kind,
      custom_details: {
        status: titleOf(message),
        failures,
        since: DateTime.formatIso(since),
        report: takeFitting(lines, limits.pagerDuty.bytes - 20_000, bytesOf)
      }
    },
    client: "coalesce-runs",
    links: link === undefined ? [] : [{ href: link, text: "Open the run" }]
  }
}

/** How PagerDuty is reached. */
export interface Options {
  /** Names the destination. Default: `pagerduty`. */
  readonly name?: string | undefined
  /** The integration key of a service: 32 characters, a secret. */
  readonly routingKey: Redacted.Redacted<string>
  /** Where the runs are, as an alert shows it. Default: `coalesce-runs`. */
  readonly source?: string | undefined
  /** The address of another region, or of a test. Default: `https://events.pagerduty.com/v2/enqueue`. */
  readonly url?: Redacted.Redacted<string> | undefined
}

/** Makes a destination of an integration with Events API v2. */
export const events = Effect.fnUntraced(function*(
  options: Options
): Effect.fn.Return<Destination, InvalidDestination> {
  yield* checkSettings("pagerduty", options, { routingKey: required(secret), source: text, url: secret })
  const {
    name = "pagerduty",
    routingKey,
    source,
    url = Redacted.make("https://events.pagerduty.com/v2/enqueue")
  } = options
  yield* checkUrl(name, url)
  if (!/^\w{32}$/.test(Redacted.value(routingKey))) {
    return yield* new InvalidDestination({
      destination: name,
      setting: "routingKey",
      reason: "Expected 32 letters and digits"
    })
  }
  return {
    name,
    send: (message) =>
      Effect.as(
        post({
          destination: name,
          messageID: message.id,
          url,
          body: JSON.stringify({ routing_key: Redacted.value(routingKey), ...payload(message, source) })
        }),
        undefined
      )
  }
})
