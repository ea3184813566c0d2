/** The error of a file that is not valid. Public: `AlertsConfig` exports it. */
import * as Schema from "effect/Schema"

/** What is wrong in one place of the file. */
export const Problem = Schema.Struct({
  /** From 1. Absent where it is not about a line, such as an unset environment variable. */
  line: Schema.optionalKey(Schema.Int),
  /** From 1. */
  column: Schema.optionalKey(Schema.Int),
  /** Where, such as `routes[0].to`. Empty for the whole file. */
  path: Schema.String,
  /** What is wrong and what to do, in sentences. */
  message: Schema.String
})

export interface Problem extends Schema.Schema.Type<typeof Problem> {}

const lineOf = (file: string, { column, line, message, path }: Problem): string =>
  `${[file, line, column].filter((part) => part !== undefined).join(":")}: ${path === "" ? "" : `${path}: `}${message}`

/** The file is not valid. The message has a line for each problem, and never a value that may be a secret. */
export class InvalidAlertsConfig extends Schema.TaggedError<InvalidAlertsConfig>(
  "@coalesce-runs/alerts/InvalidAlertsConfig"
)("InvalidAlertsConfig", {
  /** The name of the file, as it was passed. */
  file: Schema.String,
  problems: Schema.Array(Problem)
}) {
  override get message(): string {
    return this.problems.map((problem) => lineOf(this.file, problem)).join("\n")
  }
}
