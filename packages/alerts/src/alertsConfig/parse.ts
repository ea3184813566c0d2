/** Reads the text of a file: YAML, then the schema, then the rules. What is not YAML is told alone, and otherwise all problems. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { type Document, LineCounter, parseDocument, type YAMLError } from "yaml"
import * as checks from "../check/options.ts"
import { InvalidAlertsConfig, type Problem } from "./InvalidAlertsConfig.ts"
import { type Misfit, misfitsOf } from "./misfits.ts"
import { Config, version } from "./model.ts"
import { type Path, positionOf } from "./position.ts"
import { brokenRules } from "./rules.ts"

const standardFile = "alerts.yml"

/** How the file is called. */
export interface ParseOptions {
  /** The name of the file in errors. Default: `alerts.yml`. */
  readonly file?: string | undefined
}

/** The parser's own messages repeat the text, which may hold a secret. */
const syntax: { readonly [code: string]: string } = {
  BAD_INDENT: "The indentation is wrong. Keys of one level begin in the same column.",
  DUPLICATE_KEY: "This key stands twice. Give each a name of its own, or remove one.",
  MISSING_CHAR: "A character is missing before this, such as : with a space, a quotation mark or a closing bracket.",
  TAB_AS_INDENT: "Tabs are not allowed in the indentation. Use spaces.",
  MULTILINE_IMPLICIT_KEY: "A key must stand on one line, followed by : and a space.",
  BLOCK_IN_FLOW: "Inside { } and [ ] write values on one line, separated by commas.",
  BAD_ALIAS: "There is no anchor of this name before the alias. Put text that begins with * in quotation marks.",
  BAD_SCALAR_START: "Text cannot begin with this character. Put it in quotation marks.",
  MULTIPLE_DOCS: "The file has several documents. Remove the --- between them.",
  UNEXPECTED_TOKEN: "This does not belong here. Put text with { } [ ] , or # in quotation marks."
}

const pathText = (path: Path): string =>
  path.reduce<string>(
    (text, segment) =>
      typeof segment === "number"
        ? `${text}[${segment}]`
        : !/^[\w.-]{1,40}$/.test(String(segment))
        ? `${text}.…`
        : text === ""
        ? String(segment)
        : `${text}.${String(segment)}`,
    ""
  )

const ofSyntax = (lines: LineCounter) => ({ code, pos: [start] }: YAMLError): Problem => {
  const { col, line } = lines.linePos(start)
  return { line, column: col, path: "", message: syntax[code] ?? "This is not valid YAML." }
}

const ofMisfit = (document: Document, lines: LineCounter) => ({ message, path, what }: Misfit): Problem => ({
  ...positionOf(document, lines, path, what),
  path: pathText(path),
  message
})

const isNewer = (input: unknown): boolean =>
  typeof input === "object" && input !== null && "version" in input && typeof input.version === "number" &&
  input.version > version

const decode = Schema.decodeUnknownResult(Config, { errors: "all", onExcessProperty: "error" })

const misfitsIn = (input: unknown): Result.Result<Config, ReadonlyArray<Misfit>> => {
  if (isNewer(input)) {
    const message =
      `This release reads version ${version}. Update @coalesce-runs/alerts, or write the file for version ${version}.`
    return Result.fail([{ path: ["version"], what: "value", message }])
  }
  const decoded = decode(input)
  const misfits = Result.isFailure(decoded) ? misfitsOf(decoded.failure.issue, input) : []
  const broken = brokenRules(input, misfits)
  return Result.mapError(
    Result.filterOrFail(decoded, () => broken.length === 0, () => undefined),
    () => [...misfits, ...broken]
  )
}

/** One mistake of syntax leads to several errors on its line, and one value breaks several checks. */
const firstOf = <A>(of: (problem: A) => unknown) => (problem: A, index: number, all: ReadonlyArray<A>) =>
  all.findIndex((other) => of(other) === of(problem)) === index

const inOrder = (problems: ReadonlyArray<Problem>): ReadonlyArray<Problem> =>
  problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))

/** Reads a file. */
export const parse = (
  text: string,
  options: ParseOptions = {}
): Effect.Effect<Config, InvalidAlertsConfig> =>
  Effect.suspend(() => {
    const wrong = [
      ...checks.misfits({ text }, { text: checks.required(checks.text) }),
      ...checks.misfits(options, { file: checks.text })
    ]
    if (wrong.length > 0) {
      const problems = wrong.map(({ field, reason }) => ({ path: field, message: `${reason}.` }))
      return Effect.fail(new InvalidAlertsConfig({ file: standardFile, problems }))
    }
    const { file = standardFile } = options
    const refuse = (problems: ReadonlyArray<Problem>) =>
      Effect.fail(new InvalidAlertsConfig({ file, problems: inOrder(problems) }))
    const lines = new LineCounter()
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "silent" })
    if (document.errors.length > 0) {
      return refuse(document.errors.map(ofSyntax(lines)).filter(firstOf(({ line }) => line)))
    }
    const result = Result.try((): unknown => document.toJS())
    if (Result.isFailure(result)) {
      return refuse([{ path: "", message: "The file has too many aliases. Write the values out." }])
    }
    const config = misfitsIn(result.success ?? {})
    return Result.isFailure(config)
      ? refuse(
        config.failure.filter(firstOf(({ path, what }) => JSON.stringify([path, what]))).map(ofMisfit(document, lines))
      )
      : Effect.succeed(config.success)
  })
