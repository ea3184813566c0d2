/** Reads the value of an argument as it is meant, by the type that its JSON Schema has. */
import { isUnset } from "@coalesce-runs/core/Connection"
import type { Names } from "@coalesce-runs/core/Report"
import * as Predicate from "effect/Predicate"
import { clean } from "../result/untrustedText.ts"
import { letters, valuesOf } from "./aliases.ts"
import { type Choices, readTime, readZone } from "./times.ts"

/** What a value was read as. A note says what was not plain; a refusal, which readings there are. */
export type Read =
  | { readonly value: unknown; readonly notes?: ReadonlyArray<string> }
  | { readonly absent: true; readonly notes?: ReadonlyArray<string> }
  | { readonly refused: string }

/** An argument as its JSON Schema describes it. */
export interface Argument {
  readonly name: string
  readonly type: string
  readonly choices: ReadonlyArray<string>
}

const stringsOf = (list: unknown): ReadonlyArray<string> => Array.isArray(list) ? list.filter(Predicate.isString) : []

export const argumentOf = (name: string, property: unknown): Argument => {
  const at = (from: unknown, key: string): unknown => Predicate.hasProperty(from, key) ? from[key] : undefined
  const type = at(property, "type")
  const items = at(property, "items")
  return {
    name,
    type: Predicate.isString(type) ? type : "",
    choices: stringsOf(at(type === "array" ? items : property, "enum"))
  }
}

const nothing = /^(?:n\/a|na|null|nil|none|nothing|undefined|unset|not set|unspecified|default|-+)$/i

/** A job may be called "none", and a run be compared with none. */
const isNothing = (text: string, { choices, type }: Argument): boolean =>
  isUnset(text) || /^n\/a$/i.test(text.trim()) ||
  ((type !== "string" || choices.length > 0) && nothing.test(text.trim()))

const isAbsent = (value: unknown, argument: Argument): boolean =>
  value === null || value === undefined || (Predicate.isString(value) && isNothing(value, argument)) ||
  (Array.isArray(value) && value.every((item) => isAbsent(item, argument)))

/** What asks for all leaves an argument out. */
const all = ({ name }: Argument, given: string): Read => ({
  absent: true,
  notes: [`${name} ${said(given)} as not set`]
})

const everything = /^(?:all|any|every|everything|both|\*)$/i

/** Enough of a value to know it again. */
const said = (value: unknown): string =>
  Predicate.isString(value) ? JSON.stringify(clean(value, 60)) : clean(String(value), 60)

/** A value that another text stood for. */
const taken = ({ name }: Argument, given: unknown, value: unknown): Read =>
  given === value ? { value } : { value, notes: [`${name} ${said(given)} as ${clean(String(value), 60)}`] }

const choiceNamed = (text: string, choices: ReadonlyArray<string>): string | undefined => {
  const key = letters(text)
  return choices.find((choice) => letters(choice) === key) ?? choices.find((choice) => valuesOf(text).includes(choice))
}

/** `by hour` and `per job` mean what stands behind. */
const choiceOf = (text: string, { choices }: Argument): string | undefined =>
  choiceNamed(text, choices) ?? choiceNamed(text.replace(/^\s*(?:by|per|each|every)[\s_-]*/i, ""), choices)

/** Some clients send a list as its JSON, with commas, or as its only item. */
const itemsOf = (value: unknown): ReadonlyArray<unknown> => {
  if (!Predicate.isString(value)) return Array.isArray(value) ? value : [value]
  if (!value.trim().startsWith("[")) return value.split(/\s*(?:[,;|]|\b(?:and|or)\b)\s*/i).filter((item) => item !== "")
  try {
    return itemsOf(JSON.parse(value))
  } catch {
    return [value]
  }
}

const readList = (given: unknown, argument: Argument): Read => {
  const notes: Array<string> = []
  const items: Array<unknown> = []
  for (const item of itemsOf(given)) {
    if (isAbsent(item, argument)) continue
    if (Predicate.isString(item) && everything.test(item.trim())) {
      return all(argument, item)
    }
    const text = Predicate.isString(item) ? item.trim() : item
    const read = Predicate.isString(text) ? choiceOf(text, argument) ?? text : text
    if (read !== text) notes.push(`${argument.name} ${said(text)} as ${String(read)}`)
    if (!items.includes(read)) items.push(read)
  }
  return { value: items, notes }
}

/** The number in the address of a run's page. The UUID in it is none. */
const idInLink = (link: string): string | undefined => {
  const ids = (pattern: RegExp) => [...new Set([...link.matchAll(pattern)].map(([, id]) => id))]
  const named = ids(/(?:runs?|run_?id|runcounter|refresh(?:es)?|deploy(?:ment)?s?)[/=](\d{1,15})(?![\w-])/gi)
  const all = named.length > 0 ? named : ids(/[/=](\d{1,15})(?![\w-])/g)
  return all.length === 1 ? all[0] : undefined
}

const isLink = (text: string): boolean => /^https?:\/\//i.test(text)

/** `#1202`, `run 1202`, `1,202`, or the link of a run. */
const idOf = (text: string): string | undefined =>
  isLink(text)
    ? idInLink(text)
    : /^(?:run)?\s*(?:id|number|no\.?)?\s*[:#]?\s*(\d{1,15})$/i.exec(text)?.[1] ??
      (/^\d{1,3}(?:,\d{3})+$/.test(text) ? text.replaceAll(",", "") : undefined)

/** A list of one item is that item. */
const single = (given: unknown): unknown => Array.isArray(given) && given.length === 1 ? given[0] : given

const readInteger = (given: unknown, argument: Argument): Read => {
  const one = single(given)
  if (!Predicate.isString(one)) return { value: one }
  const text = one.trim()
  if (/^[+-]?\d{1,15}(\.0+)?$/.test(text)) return { value: Number(text) }
  const id = idOf(text)
  return id !== undefined
    ? taken(argument, text, Number(id))
    : isLink(text)
    ? { refused: "The link does not name one run by its number. Pass the number; the UUID in a link is none" }
    : { value: one }
}

const readBoolean = (given: unknown): Read => {
  const word = Predicate.isString(given) ? given.trim().toLowerCase() : given
  const isYes = ["true", "yes", "y", "on", "1", 1].some((yes) => yes === word)
  return { value: isYes ? true : ["false", "no", "n", "off", "0", 0].some((no) => no === word) ? false : given }
}

const readEnvironment = (text: string, argument: Argument, names: Names): Read => {
  const known = Object.entries(names.environments ?? {})
  const bare = /^(?:env(?:ironment)?\s*)?#?\s*(\d{1,15})$/i.exec(text)?.[1] ?? /\((\d{1,15})\)$/.exec(text)?.[1]
  if (known.some(([id]) => id === text)) return { value: text }
  const by = (is: (name: string) => boolean) => known.filter(([, name]) => is(letters(name)))
  const key = letters(text)
  const equal = by((name) => name === key)
  const found = equal.length > 0 || key === "" || /^\d+$/.test(key) ? equal : by((name) => name.includes(key))
  const [one] = found
  if (found.length > 1) {
    return { refused: `Several environments have ${said(text)} in their name: ${listed(found)}. Pass an id` }
  }
  return taken(argument, text, one?.[0] ?? bare ?? text)
}

const maxListed = 20

const listed = (environments: ReadonlyArray<readonly [id: string, name: string]>): string =>
  environments.slice(0, maxListed).map(([id, name]) => `${name} (${id})`).join(", ")

/** Says how a date can be read. */
export const choicesOf = (field: string, { choices }: Choices) => ({
  field,
  reason: `The date can be ${choices.join(" or ")}: pass one of these`
})

const readText = (given: unknown, argument: Argument, names: Names): Read => {
  const one = single(given)
  const text = Predicate.isString(one)
    ? one.trim()
    : Predicate.isNumber(one) && Number.isFinite(one)
    ? String(one)
    : one
  if (!Predicate.isString(text)) return { value: text }
  const { choices, name } = argument
  if (choices.length > 0) {
    if (everything.test(text)) return all(argument, text)
    return taken(argument, text, choiceOf(text, argument) ?? text)
  }
  switch (name) {
    case "since":
    case "until": {
      const time = readTime(text)
      return Predicate.isString(time)
        ? taken(argument, text, time)
        : { refused: choicesOf(name, time).reason }
    }
    case "timeZone":
      return taken(argument, text, readZone(text))
    case "environmentID":
      return everything.test(text) ? all(argument, text) : readEnvironment(text, argument, names)
    case "jobID":
      return everything.test(text) ? all(argument, text) : { value: text }
    case "compareWith": {
      const words = { ...argument, choices: ["last_success", "none"] }
      return taken(argument, text, idOf(text) ?? choiceOf(text, words) ?? text)
    }
    default:
      return { value: text }
  }
}

/** Reads a value, or says that it stands for nothing. */
export const readValue = (given: unknown, argument: Argument, names: Names): Read => {
  if (isAbsent(given, argument)) return { absent: true }
  switch (argument.type) {
    case "array":
      return Predicate.isObject(given) && !Array.isArray(given) ? { value: given } : readList(given, argument)
    case "integer":
      return readInteger(given, argument)
    case "boolean":
      return readBoolean(given)
    case "string":
      return readText(given, argument, names)
    default:
      return { value: given }
  }
}
