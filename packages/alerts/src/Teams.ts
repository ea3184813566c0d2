/**
 * Tells incidents in Microsoft Teams: an Adaptive Card over a workflow's webhook ("When a Teams webhook request is received").
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import { type Destination, type InvalidDestination, limits } from "./Destination.ts"
import { cut, linesOf, type Medium, safeLink, takeFitting, titleOf, word, write } from "./destination/lines.ts"
import { webhookOf } from "./destination/webhook.ts"
import type { Message } from "./Incident.ts"

/** A paragraph of a card. A run of text is no Markdown. */
export interface RichTextBlock {
  readonly type: "RichTextBlock"
  readonly inlines: ReadonlyArray<{
    readonly type: "TextRun"
    readonly text: string
    readonly weight?: "bolder"
    readonly size?: "large"
  }>
}

/** What Teams is sent. */
export interface Payload {
  readonly type: "message"
  readonly attachments: readonly [{
    readonly contentType: "application/vnd.microsoft.card.adaptive"
    readonly content: {
      readonly $schema: "http://adaptivecards.io/schemas/adaptive-card.json"
      readonly type: "AdaptiveCard"
      readonly version: "1.4"
      readonly msteams: { readonly width: "Full" }
      readonly body: ReadonlyArray<RichTextBlock>
      readonly actions: ReadonlyArray<{
        readonly type: "Action.OpenUrl"
        readonly title: string
        readonly url: string
      }>
    }
  }]
}

/** A card evaluates `{{DATE(…)}}` and `${…}`, and reads `<at>` as a mention where it has entities. */
const inert = (text: string): string =>
  text.replace(/\{(?=\{)/g, "{ ").replace(/\$(?=\{)/g, "$ ").replace(/<(?=\/?at\b)/gi, "< ")

const medium: Medium = { words: inert, quoted: inert, name: (text) => inert(word(text)) }

const paragraph = (
  text: string,
  style: { readonly weight?: "bolder"; readonly size?: "large" } = {}
): RichTextBlock => ({
  type: "RichTextBlock",
  inlines: [{ type: "TextRun", text, ...style }]
})

const maxLine = 2000

/** A paragraph's bytes, as UTF-16, with its JSON around it. */
const bytesOf = (text: string): number => 2 * JSON.stringify(paragraph(text, { weight: "bolder" })).length + 2

/** Returns the payload of a message: a card of at most 28 KB, which says how many lines it left out. */
export const payload = (message: Message): Payload => {
  const { report, runLink } = message
  const link = safeLink(runLink)
  const titles = new Set<string>()
  const lines = linesOf(report).map(({ indent, isTitle, spans }) => {
    const text = `${"\u00a0\u00a0".repeat(Math.max(0, indent - 1))}${cut(write(spans, medium), maxLine)}`
    if (isTitle) titles.add(text)
    return text
  })
  const headline = cut(write(report.headline, medium), maxLine)
  const cardOf = (body: ReadonlyArray<RichTextBlock>): Payload => ({
    type: "message",
    attachments: [{
      contentType: "application/vnd.microsoft.card.adaptive",
      content: {
        $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
        type: "AdaptiveCard",
        version: "1.4",
        msteams: { width: "Full" },
        body: [paragraph(titleOf(message), { weight: "bolder", size: "large" }), paragraph(headline), ...body],
        actions: link === undefined ? [] : [{ type: "Action.OpenUrl", title: "Open the run", url: link }]
      }
    }]
  })
  const room = limits.teams.bytes - 2 * JSON.stringify(cardOf([])).length
  return cardOf(
    takeFitting(lines, room, bytesOf).map((text) => paragraph(text, titles.has(text) ? { weight: "bolder" } : {}))
  )
}

/** How Teams is reached. */
export interface Options {
  /** Names the destination. Default: `teams`. */
  readonly name?: string | undefined
  /** The address of the workflow's webhook: a secret. */
  readonly url: Redacted.Redacted<string>
}

/** Makes a destination of a workflow's webhook. It has no threads: each message is a card. */
export const webhook = (options: Options): Effect.Effect<Destination, InvalidDestination> =>
  webhookOf("teams", options, payload)
