/** Checks what the schema of the file cannot: that names are those of something, and that hours have a length. */
import * as Arr from "effect/Array"
import { isPlain } from "../check/options.ts"
import { at, type Misfit } from "./misfits.ts"
import { suggestion } from "./nearest.ts"
import type { Path } from "./position.ts"

const misfit = (path: Path, message: string, what: Misfit["what"] = "value"): Misfit => ({ path, what, message })

/** Returns names with the place of each: a list has one for each item. What is no name is told by the schema. */
const placed = (path: Path, value: unknown): ReadonlyArray<readonly [path: Path, name: string]> =>
  Array.isArray(value)
    ? value.flatMap((name, index) => placed([...path, index], name))
    : typeof value === "string"
    ? [[path, value]]
    : []

const listed = (input: unknown, key: string): ReadonlyArray<readonly [path: Path, entry: unknown]> => {
  const list = at(input, [key])
  return Array.isArray(list) ? list.map((entry, index) => [[key, index], entry]) : []
}

const entries = (input: unknown) => ["routes", "mute", "quietHours"].flatMap((key) => listed(input, key))

/** Whether the schema found nothing wrong in these parts of the file, and no key that may be one of them misspelt. */
const areSound = (misfits: ReadonlyArray<Misfit>, ...keys: ReadonlyArray<PropertyKey>): boolean =>
  misfits.every(({ path, what }) => !keys.includes(path[0] ?? "") && !(path.length === 1 && what === "key"))

const destinationRules = (input: unknown, misfits: ReadonlyArray<Misfit>): ReadonlyArray<Misfit> => {
  const [destinations, routes, otherwise] = [at(input, ["destinations"]), at(input, ["routes"]), at(input, ["default"])]
  if (!isPlain(destinations)) return []
  if (Object.keys(destinations).length === 0) {
    return [misfit(["destinations"], "Name at least one destination.", "key")]
  }
  // What cannot be a name may be a secret: it is not repeated.
  const names = Object.keys(destinations).filter((name) =>
    !misfits.some(({ path: [key, of, ...rest], what }) =>
      what === "key" && key === "destinations" && of === name && rest.length === 0
    )
  )
  const told = [
    ...listed(input, "routes").flatMap(([path, route]) => placed([...path, "to"], at(route, ["to"]))),
    ...(otherwise === "none" ? [] : placed(["default"], otherwise))
  ]
  const named = [
    ...told,
    ...entries(input).flatMap(([path, entry]) => placed([...path, "to"], at(entry, ["to"])))
  ]
  const isUsed = (name: string) =>
    (routes === undefined && otherwise === undefined) || told.some(([, used]) => used === name)
  const isSound = areSound(misfits, "routes", "default")
  return [
    ...named.flatMap(([path, name]) =>
      names.includes(name) ? [] : [misfit(path, `There is no destination "${name}". ${suggestion(name, names)}`)]
    ),
    ...names.flatMap((name) =>
      !isSound || isUsed(name)
        ? []
        : [misfit(["destinations", name], "No route and no default leads to it. Name it there, or remove it.", "key")]
    ),
    ...(isSound && routes !== undefined && otherwise === undefined
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

const environmentRules = (input: unknown, misfits: ReadonlyArray<Misfit>): ReadonlyArray<Misfit> => {
  if (!areSound(misfits, "report")) return []
  const names = Object.values(at(input, ["report", "names", "environments"]) ?? {}).map(String)
  const known = new Set(names.map((name) => name.toLowerCase()))
  return [
    ...placed(["environment"], at(input, ["environment"])),
    ...entries(input).flatMap(([path, entry]) => placed([...path, "environment"], at(entry, ["environment"])))
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

const hoursRules = (input: unknown): ReadonlyArray<Misfit> =>
  listed(input, "quietHours").flatMap(([path, hours]) => {
    const [from, until] = [at(hours, ["from"]), at(hours, ["until"])]
    return [
      ...(from === until
        ? [misfit([...path, "until"], "The hours begin and end at the same time. A whole day is 00:00 to 24:00.")]
        : []),
      ...(from === "24:00" ? [misfit([...path, "from"], "Hours begin between 00:00 and 23:59.")] : [])
    ]
  })

const isWithin = (inner: Path, outer: Path): boolean => outer.every((segment, index) => inner[index] === segment)

/** Returns what else is wrong with a file, besides what does not fit the schema. What follows from that is left out. */
export const brokenRules = (input: unknown, misfits: ReadonlyArray<Misfit>): ReadonlyArray<Misfit> =>
  Arr.flatten([destinationRules(input, misfits), environmentRules(input, misfits), hoursRules(input)]).filter(
    (rule) => rule.what === "key" || !misfits.some(({ path }) => isWithin(rule.path, path))
  )
