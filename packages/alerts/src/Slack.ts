/**
 * Tells incidents in Slack: by an incoming webhook, or by `chat.postMessage`, which puts the updates of an incident into the
 * thread of its first message.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { required, secret, text } from "./check/options.ts"
import { DeliveryFailed, type Destination, InvalidDestination, limits } from "./Destination.ts"
import { cut, linesOf, type Medium, safeLink, takeFitting, titleOf, write } from "./destination/lines.ts"
import { checkUrl, post } from "./destination/post.ts"
import { checkSettings } from "./destination/settings.ts"
import { webhookOf } from "./destination/webhook.ts"
import type { Message } from "./Incident.ts"

/** A text of Block Kit. */
export type Text =
  | { readonly type: "plain_text"; readonly text: string; readonly emoji: false }
  | { readonly type: "mrkdwn"; readonly text: string; readonly verbatim: true }

/** A block of Block Kit. */
export type Block =
  | { readonly type: "header"; readonly text: Text }
  | { readonly type: "section"; readonly text: Text }

/** What Slack is sent. */
export interface Payload {
  /** What notifications show. */
  readonly text: string
  readonly blocks: ReadonlyArray<Block>
  readonly unfurl_links: false
  readonly unfurl_media: false
}

const zeroWidth = "\u200b"

/** Escapes what Slack reads as a link or a mention. */
const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

/** Takes their meaning from the characters of mrkdwn and of emoji. */
const plain = (text: string): string => escaped(text).replace(/[*_~`:@#]/g, (character) => character + zeroWidth)

const medium: Medium = {
  words: escaped,
  quoted: plain,
  name: (text) => /^[\w.$/-]+$/.test(text) && !text.includes("_") ? text : `\`${escaped(text).replaceAll("`", "'")}\``
}

const mrkdwn = (text: string): Block => ({ type: "section", text: { type: "mrkdwn", text, verbatim: true } })

/** Puts lines into sections of at most 3,000 characters. So few fit into a message that it never has too many blocks. */
const sectionsOf = (lines: ReadonlyArray<string>): ReadonlyArray<Block> => {
  const texts: Array<string> = []
  for (const line of lines) {
    const last = texts.at(-1)
    if (last !== undefined && last.length + line.length < limits.slack.section) {
      texts[texts.length - 1] = `${last}\n${line}`
    } else texts.push(line)
  }
  return texts.map(mrkdwn)
}

/** Cuts before an entity rather than in it. */
const cutEscaped = (text: string, max: number): string => cut(text, max).replace(/&[a-z]{0,3}…$/, "…")

/**
 * Returns the payload of a message: a header, the report in sections, and a link to the run. It has at most 50 blocks and 9,500
 * characters, and says how many lines it left out.
 */
export const payload = (message: Message): Payload => {
  const { report, runLink } = message
  const title = titleOf(message)
  const headline = cutEscaped(write(report.headline, medium), limits.slack.section)
  const link = safeLink(runLink)
  const lines = linesOf(report).flatMap(({ indent, isTitle, spans }) => {
    const margin = "    ".repeat(Math.max(0, indent - 1))
    const text = cutEscaped(write(spans, medium), limits.slack.section - 20 - margin.length)
    // A block without text is refused, and says nothing.
    return text.trim() === "" ? [] : [isTitle ? `*${text}*` : `${margin}${text}`]
  })
  const room = limits.slack.texts - 2 * headline.length - 1500
  return {
    text: `${title}: ${headline}`,
    blocks: [
      { type: "header", text: { type: "plain_text", text: title, emoji: false } },
      mrkdwn(headline === "" ? title : headline),
      ...sectionsOf(takeFitting(lines, room)),
      ...(link === undefined ? [] : [mrkdwn(`<${escaped(link)}|Open the run>`)])
    ],
    unfurl_links: false,
    unfurl_media: false
  }
}

/** How Slack is reached by an incoming webhook. */
export interface WebhookOptions {
  /** Names the destination. Default: `slack`. */
  readonly name?: string | undefined
  /** The address of the webhook: a secret. */
  readonly url: Redacted.Redacted<string>
}

/** Makes a destination of an incoming webhook. It has no threads: each message stands alone. */
export const webhook = (options: WebhookOptions): Effect.Effect<Destination, InvalidDestination> =>
  webhookOf("slack", options, payload)

/** How Slack is reached by `chat.postMessage`. */
export interface BotOptions {
  /** Names the destination. Default: `slack`. */
  readonly name?: string | undefined
  /** A bot's token with the scope `chat:write`. */
  readonly token: Redacted.Redacted<string>
  /** The id of a channel. */
  readonly channel: string
  /** Replaces Slack's address, for tests. Default: `https://slack.com/api/chat.postMessage`. */
  readonly url?: Redacted.Redacted<string> | undefined
}

const Reply = Schema.fromJsonString(
  Schema.Struct({ ok: Schema.Boolean, ts: Schema.optionalKey(Schema.String), error: Schema.optionalKey(Schema.String) })
)
const decodeReply = Schema.decodeUnknownEffect(Reply)

/** Errors that Slack names as its own, or as passing. */
const passing: ReadonlySet<string> = new Set([
  "ratelimited",
  "rate_limited",
  "request_timeout",
  "service_unavailable",
  "fatal_error",
  "internal_error"
])

/** Makes a destination of a bot. The updates of an incident go to the thread of its first message. */
export const bot = Effect.fnUntraced(function*(
  options: BotOptions
): Effect.fn.Return<Destination, InvalidDestination> {
  yield* checkSettings("slack", options, { token: required(secret), channel: required(text), url: secret })
  const { channel, name = "slack", token, url = Redacted.make("https://slack.com/api/chat.postMessage") } = options
  yield* checkUrl(name, url)
  if (!/^[\x21-\x7e]+$/.test(Redacted.value(token))) {
    return yield* new InvalidDestination({ destination: name, setting: "token", reason: "Expected a token" })
  }
  if (!/^[A-Z0-9]{2,40}$/.test(channel)) {
    return yield* new InvalidDestination({
      destination: name,
      setting: "channel",
      reason: "Expected the id of a channel"
    })
  }
  return {
    name,
    send: Effect.fnUntraced(function*(message, thread) {
      const failed = (reason: string, isRetryable: boolean) =>
        new DeliveryFailed({ destination: name, messageID: message.id, reason, isRetryable })
      const response = yield* post({
        destination: name,
        messageID: message.id,
        url,
        headers: { authorization: `Bearer ${Redacted.value(token)}` },
        body: JSON.stringify({ channel, ...(thread === undefined ? {} : { thread_ts: thread }), ...payload(message) })
      })
      const reply = yield* Effect.mapError(decodeReply(response), () => failed("its response is not Slack's", true))
      if (reply.ok) return thread ?? reply.ts
      const error = /^[a-z_]{1,60}$/.exec(reply.error ?? "")?.[0] ?? "unknown_error"
      return yield* failed(error, passing.has(error))
    })
  }
})
