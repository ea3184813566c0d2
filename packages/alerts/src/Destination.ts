/**
 * Describes where incidents are told: a destination takes a message of an incident and delivers it. `Slack`, `Teams`, `PagerDuty`,
 * `Webhook` and `Stdout` make destinations.
 *
 * **What it guarantees**
 *
 * - The address of a destination is a secret: it is reached over `https:` alone (`http:` on this machine), no redirect is
 *   followed, and it is in no error, log or span.
 * - Text from the API is escaped for its medium: it mentions nobody, links to nothing and has no control characters.
 * - A payload keeps the limits of its vendor, whatever the message holds.
 *
 * @since 0.1.0
 */
import type * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Schema from "effect/Schema"
import type { Message } from "./Incident.ts"

/** A setting of a destination is invalid. The error names the setting and never contains its value. */
export class InvalidDestination extends Schema.TaggedError<InvalidDestination>(
  "@coalesce-runs/alerts/InvalidDestination"
)("InvalidDestination", { destination: Schema.String, setting: Schema.String, reason: Schema.String }) {
  override get message(): string {
    return `${this.destination}: ${this.setting} is invalid. ${this.reason}.`
  }
}

/** A message was not delivered. The error never contains the address of the destination. */
export class DeliveryFailed extends Schema.TaggedError<DeliveryFailed>("@coalesce-runs/alerts/DeliveryFailed")(
  "DeliveryFailed",
  {
    destination: Schema.String,
    messageID: Schema.String,
    /** The status of the response. Absent without one. */
    status: Schema.optionalKey(Schema.Int),
    /** What happened, in words of this library, or Slack's name of the error. */
    reason: Schema.String,
    /** Whether it may be delivered later. */
    isRetryable: Schema.Boolean,
    /** How long the destination asks to wait, in milliseconds. */
    retryAfterMillis: Schema.optionalKey(Schema.Int)
  }
) {
  override get message(): string {
    const status = this.status === undefined ? "" : ` (status ${this.status})`
    return `${this.destination} did not take message ${this.messageID}${status}: ${this.reason}.`
  }
}

/** What a destination returned of the first message of an incident, so that the next ones go to the same thread. */
export type Receipt = string

/** Where incidents are told. */
export interface Destination {
  /** Names it in errors and logs. */
  readonly name: string
  /** Delivers a message once. `thread` is the receipt of the incident's first message, where there is one. */
  readonly send: (
    message: Message,
    thread?: Receipt
  ) => Effect.Effect<Receipt | undefined, DeliveryFailed, HttpClient.HttpClient>
}

/**
 * The limits of the vendors that payloads keep.
 *
 * **Details**
 *
 * - Slack: Block Kit reference, "Header block" and "Section block", and "Blocks" (50 in a message). The sum of texts is
 *   not in its documentation: its API accepted 9,597 characters in 50 blocks and refused 11,341 in 45 (bolt-js, issue 2867).
 * - Teams: "Create an Incoming Webhook" (28 KB), counted as UTF-16, because a body may be converted to it.
 * - PagerDuty: "Send an Alert Event" and "Size Limits" of Events API v2.
 * - Standard Webhooks: its specification recommends payloads of less than 20 kB and names no limit. A message with facts is larger.
 */
export const limits = {
  slack: { blocks: 50, header: 150, section: 3000, texts: 9500 },
  teams: { bytes: 28 * 1024 },
  pagerDuty: { bytes: 512_000, summary: 1024, dedupKey: 255 }
} as const
