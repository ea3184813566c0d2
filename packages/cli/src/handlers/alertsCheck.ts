/** Checks alerts.yml and its environment variables. */
import * as AlertsConfig from "@coalesce-runs/alerts/AlertsConfig"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { read } from "../alerting.ts"
import { print } from "../answer.ts"
import { exitCodes } from "../exitCode.ts"

interface Input {
  readonly file: string
  readonly json: boolean
}

const several = (value: string | ReadonlyArray<string>): string => typeof value === "string" ? value : value.join(", ")

/** The conditions of a route, such as `environment 3, kind failures or late`. */
const conditionsOf = (route: AlertsConfig.Route): string => {
  const { to: _, ...conditions } = route
  const texts = Object.entries(conditions).map(([name, value]) =>
    `${name} ${typeof value === "string" ? value : value.join(" or ")}`
  )
  return texts.length === 0 ? "every incident" : texts.join(", ")
}

const describe = (
  config: AlertsConfig.Config,
  problems: ReadonlyArray<AlertsConfig.Problem>
): ReadonlyArray<string> => {
  const { default: otherwise, destinations, routes = [] } = config
  const ofName = (path: string) => problems.filter((problem) => problem.path.startsWith(path))
  return [
    "Destinations:",
    ...Object.entries(destinations).flatMap(([name, { type }]) => [
      `  ${name} (${type})`,
      ...ofName(`destinations.${name}.`).map(({ message }) => `    ${message}`)
    ]),
    ...ofName("heartbeat").map(({ message }) => `Heartbeat: ${message}`),
    "Routes:",
    ...routes.map((route) => `  ${conditionsOf(route)} > ${several(route.to)}`),
    `  ${routes.length === 0 ? "every incident" : "any other"} > ${
      otherwise === undefined ? "all destinations" : several(otherwise)
    }`
  ]
}

export const handle = ({ file, json }: Input) =>
  Effect.gen(function*() {
    const config = yield* Effect.result(read(file))
    if (Result.isFailure(config)) {
      const error = config.failure
      if (!json || !("problems" in error)) return yield* Effect.fail(error)
      yield* print(JSON.stringify({ file, problems: error.problems }))
      return exitCodes.usage
    }
    const problems = (yield* Effect.all([
      Effect.flip(Effect.asVoid(AlertsConfig.destinations(config.success))).pipe(Effect.option),
      Effect.flip(Effect.asVoid(AlertsConfig.heartbeat(config.success))).pipe(Effect.option)
    ])).flatMap((error) => error._tag === "Some" ? error.value.problems : [])
    yield* print(
      json
        ? JSON.stringify({ file, problems })
        : [
          problems.length === 0 ? `${file} is right.` : `${file} is right, but the environment is not.`,
          ...describe(config.success, problems)
        ].join("\n")
    )
    return problems.length === 0 ? exitCodes.well : exitCodes.usage
  })
