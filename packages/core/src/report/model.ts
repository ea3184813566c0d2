/** Describes a report, its bounds and its options. `Report` exports all of it. */
import * as Schema from "effect/Schema"

/**
 * A piece of a line: this library's own words as a plain string, or text from the API.
 *
 * **Details**
 *
 * - `quote`: any text, shown in quotation marks.
 * - `name`: a name or an id, shown as it is where it is one plain word and in quotation marks otherwise.
 * - `status`: the status of a run; a terminal colors it.
 * - `link`: the address of a web page.
 */
export const Span = Schema.Union([
  Schema.String,
  Schema.Struct({ quote: Schema.String }),
  Schema.Struct({ name: Schema.String }),
  Schema.Struct({ status: Schema.String }),
  Schema.Struct({ link: Schema.String })
])

export type Span = typeof Span.Type

/** A line of a report. */
export const Line = Schema.Array(Span)

export type Line = typeof Line.Type

/** An excerpt of SQL: some of its lines, trimmed. */
export const Sql = Schema.Struct({
  /** Says which lines of how many these are, and how many characters were cut. */
  title: Line,
  lines: Schema.Array(Schema.String),
  /** The index in `lines` of the line at fault, where the database names one. */
  faultIndex: Schema.optionalKey(Schema.Int)
})

export interface Sql extends Schema.Schema.Type<typeof Sql> {}

/** A row of a section. A row of a table has a cell for each column. */
export const Row = Schema.Struct({
  cells: Schema.Array(Line),
  /** Lines that belong to the row. */
  details: Schema.optionalKey(Schema.Array(Line)),
  sql: Schema.optionalKey(Sql)
})

export interface Row extends Schema.Schema.Type<typeof Row> {}

/**
 * Rows under a title.
 *
 * **Details**
 *
 * `layout` is `list` (a bullet for each row), `inline` (all rows in the line of the title, separated by commas) or
 * `table` (rows without bullets; a terminal aligns their cells).
 */
export const Section = Schema.Struct({
  title: Schema.optionalKey(Line),
  layout: Schema.Literals(["list", "inline", "table"]),
  rows: Schema.Array(Row),
  /** What is not shown, such as `22 more`. */
  more: Schema.optionalKey(Line)
})

export interface Section extends Schema.Schema.Type<typeof Section> {}

/** A call that answers a further question. Its `arguments` can be passed as they are. */
export const NextStep = Schema.Struct({
  /** What to call: `check`, `diagnose`, `inspect`, `list` or `summarize`. A renderer names it as its readers do. */
  action: Schema.Literals(["check", "diagnose", "inspect", "list", "summarize"]),
  arguments: Schema.Record(Schema.String, Schema.Json),
  /** What the call answers, such as `why it failed again`. */
  why: Schema.String
})

export interface NextStep extends Schema.Schema.Type<typeof NextStep> {}

/** Facts in words. It encodes to plain JSON. */
export const Report = Schema.Struct({
  /** What matters most, in one sentence. */
  headline: Line,
  /** The facts that follow from it, a sentence or two each. */
  lines: Schema.Array(Line),
  sections: Schema.Array(Section),
  /** At most 3, the most useful first. */
  nextSteps: Schema.Array(NextStep)
})

export interface Report extends Schema.Schema.Type<typeof Report> {}

/** The default bounds of a report. */
export const defaultBounds = {
  /** Characters of a name, such as a job's. Default: 80. */
  name: 80,
  /** Characters of an id. Default: 40. */
  id: 40,
  /** Characters of the message that the report is about. Default: 300. */
  message: 300,
  /** Characters of every other message. Default: 160. */
  shortMessage: 160,
  /** Characters of all messages of a list together, less 10 for each row: many are each cut shorter. Default: 4,000. */
  messages: 4000,
  /** Characters of an excerpt of SQL. Default: 420. */
  sql: 420,
  /** Names in a list inside a line. Default: 8. */
  names: 8,
  /** Rows of a section. Default: 10. */
  rows: 10,
  /** Groups, such as jobs or days, each a row. Default: 15. */
  groups: 15
} as const

/** The bounds of a report. */
export type Bounds = { readonly [Bound in keyof typeof defaultBounds]: number }

/** Names of what the API knows by an id alone, by that id. A report shows both: `production (3)`. */
export interface Names {
  /** Such as `{ "3": "production" }`. */
  readonly environments?: Readonly<Record<string, string>> | undefined
  /** Such as `{ "u-17": "Ada" }`. */
  readonly users?: Readonly<Record<string, string>> | undefined
}

/** How facts are reported. */
export interface Options {
  /** The zone of the times: an IANA name, `UTC` or an offset. Default: the zone of the facts' window, or UTC. */
  readonly timeZone?: string | undefined
  /** Replaces some of {@link defaultBounds}. */
  readonly bounds?: Partial<Bounds> | undefined
  /** The names of environments and users. The API has only their ids. Default: none. */
  readonly names?: Names | undefined
  /** The time at which a person reads. Beside the start of a run stands how long ago it was: `03:48, 4h ago`. Default: the start alone. */
  readonly now?: Date | undefined
  /** Cleans and cuts text from the API. Default: {@link cleanText}. */
  readonly clean?: ((text: string, maxLength: number) => string) | undefined
}

/** How a next step is shown. */
export interface RenderOptions {
  /** Names the call of a next step. Default: the action and its arguments as JSON. */
  readonly nameCall?: ((step: NextStep) => string) | undefined
}

/** How a report is shown in a terminal. */
export interface TerminalOptions extends RenderOptions {
  /** Columns. Default: 100. */
  readonly width?: number | undefined
  /** Whether to use ANSI colors. Default: false. */
  readonly color?: boolean | undefined
}
