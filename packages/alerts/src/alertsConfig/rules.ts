/** Checks what the schema of the file cannot: that names are those of something, and that hours have a length. */
import * as Arr from "effect/Array"
import type { Misfit } from "./misfits.ts"
import type { Config } from "./model.ts"
import { suggestion } from "./nearest.ts"
import type { Path } from "./position.ts"

const misfit = (path: Path, message: string, what: Misfit["what"] = "value"): Misfit => ({ path, what, message })

/** Returns names with the place of each: a list has one for each item. */
const placed = (
  path: Path,
  value: string | ReadonlyArray<string> | undefined
): ReadonlyArray<readonly [path: Path, name: string]> =>
  value === undefined
    ? []
    : typeof value === "string"
    ? [[path, value]]
    : value.map((name, index) => [[...path, index], name])

const entries = ({ mute = [], quietHours = [], routes = [] }: Config) => [
  ...routes.map((entry, index) => [["routes", index], entry] as const),
  ...mute.map((entry, index) => [["mute", index], entry] as const),
  ...quietHours.map((entry, index) => [["quietHours", index], entry] as const)
]

const destinationRules = (config: Config): ReadonlyArray<Misfit> => {
  const { default: otherwise, destinations, routes } = config
  const names = Object.keys(destinations)
  if (names.length === 0) return [misfit(["destinations"], "Name at least one destination.", "key")]
  const told = [
    ...(routes ?? []).flatMap(({ to }, index) => placed(["routes", index, "to"], to)),
    ...(otherwise === "none" ? [] : placed(["default"], otherwise))
  ]
  const named = [
    ...told,
    ...entries(config).flatMap(([path, { to }]) => path[0] === "routes" ? [] : placed([...path, "to"], to))
  ]
  const isUsed = (name: string) =>
    (routes === undefined && otherwise === undefined) || told.some(([, used]) => used === name)
  return [
    ...named.flatMap(([path, name]) =>
      names.includes(name) ? [] : [misfit(path, `There is no destination "${name}". ${suggestion(name, names)}`)]
    ),
    ...names.flatMap((name) =>
      isUsed(name)
        ? []
        : [misfit(["destinations", name], "No route and no default leads to it. Name it there, or remove it.", "key")]
    ),
    ...(routes !== undefined && otherwise === undefined
      ? [misfit(
        ["routes"],
        `Say where an incident goes that no route matches: add "default: ${names[0]}", or "default: none" for nowhere.`,
        "key"
      )]
      : [])
  ]
}

/** An id of an environment, and not the name of one. */
const isID = (environment: string): boolean => /^[\da-f-]+$/i.test(environment)

const environmentRules = (config: Config): ReadonlyArray<Misfit> => {
  const names = Object.values(config.report?.names?.environments ?? {})
  const known = new Set(names.map((name) => name.toLowerCase()))
  return [
    ...placed(["environment"], config.environment),
    ...entries(config).flatMap(([path, entry]) =>
      "environment" in entry ? placed([...path, "environment"], entry.environment) : []
    )
  ].flatMap(([path, environment]) =>
    isID(environment) || known.has(environment.toLowerCase())
      ? []
      : [misfit(
        path,
        `No environment is called "${environment}". ` +
          (names.length > 0
            ? suggestion(environment, names)
            : "Write its id, or name it in report.names.environments, such as \"3\": production.")
      )]
  )
}

const hoursRules = ({ quietHours = [] }: Config): ReadonlyArray<Misfit> =>
  quietHours.flatMap(({ from, until }, index) => [
    ...(from === until
      ? [
        misfit(
          ["quietHours", index, "until"],
          "The hours begin and end at the same time. A whole day is 00:00 to 24:00."
        )
      ]
      : []),
    ...(from === "24:00"
      ? [misfit(["quietHours", index, "from"], "Hours begin between 00:00 and 23:59.")]
      : [])
  ])

/** Returns what is wrong with a file that fits the schema. */
export const brokenRules = (config: Config): ReadonlyArray<Misfit> =>
  Arr.flatten([destinationRules(config), environmentRules(config), hoursRules(config)])
