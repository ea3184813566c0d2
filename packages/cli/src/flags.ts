/** The flags that commands share, under the names of the API in kebab case. */
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as choices from "./choices.ts"

export const text = (name: string, description: string) =>
  Flag.String(name).pipe(Flag.withDescription(description), Flag.optional, Flag.map(Option.getOrUndefined))

export const choice = <const Choices extends ReadonlyArray<string>>(
  name: string,
  choices: Choices,
  description: string
) =>
  Flag.Literals(name, choices).pipe(Flag.withDescription(description), Flag.optional, Flag.map(Option.getOrUndefined))

export const integer = (name: string, description: string) =>
  Flag.Int(name).pipe(Flag.withDescription(description), Flag.optional, Flag.map(Option.getOrUndefined))

export const flag = (name: string, description: string) =>
  Flag.Boolean(name).pipe(Flag.withDescription(description), Flag.withDefault(false))

const units = { s: Duration.seconds, m: Duration.minutes, h: Duration.hours, d: Duration.days }

const readDuration = (text: string): Option.Option<Duration.Duration> => {
  const [, count, unit] = /^(\d{1,6})\s*(s|m|h|d)(?:ec(?:ond)?s?|in(?:ute)?s?|(?:our)?s?|ays?)?$/i.exec(text.trim()) ??
    []
  const make = Object.entries(units).find(([name]) => name === unit?.toLowerCase())?.[1]
  return make === undefined ? Option.none() : Option.some(make(Number(count)))
}

export const duration = (name: string, description: string) =>
  Flag.String(name).pipe(
    Flag.filterMap(readDuration, (text) => `Expected a duration such as 30s, 5m or 1h, got ${JSON.stringify(text)}`),
    Flag.withDescription(description),
    Flag.optional,
    Flag.map(Option.getOrUndefined)
  )

/** Where the runs come from, and how they are shown. Every command has them. */
export const common = {
  json: flag("json", "Print JSON: core's own encoding of the facts"),
  demo: flag("demo", "Read the night of the simulator, without an account"),
  timeZone: text(
    "time-zone",
    "The zone of times and nights, such as Europe/London. Default: COALESCE_TIME_ZONE, or this machine's"
  )
}

export interface Common extends Command.Command.Config.Infer<typeof common> {}

export const window = {
  window: choice("window", choices.windows, `Runs that started in: ${choices.windows.join(", ")}`),
  since: text("since", "Instead of --window: a time, a date, or an age such as 12h or 7d"),
  until: text("until", "Like --since; a date includes its day. Default: now")
}

export const environment = text("environment", "Only the runs of this environment, by its id")
export const project = text("project", "Only the runs of this project, by its id")
export const job = text("job", "Only the runs of this job, by its id or name")
export const runType = choice("run-type", choices.runTypes, choices.runTypes.join(" or "))
export const node = text("node", "All stages with their SQL of a node, by its name or a pattern such as STG_*")
export const compareWith = text("compare-with", "last_success (default), the id of a run, or none")
export const startingFrom = text("starting-from", "Go on behind this run, by its id")

/** The shared filters, under the names of core's options. */
export const selection = { ...window, environmentID: environment, projectID: project, jobID: job }

export interface Selection extends Command.Command.Config.Infer<typeof selection> {}
