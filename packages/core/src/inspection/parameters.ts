/** Compares the parameters of two runs. */
import * as Predicate from "effect/Predicate"
import { shortText } from "../list/RunLine.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { maskSecrets } from "../wire/text.ts"

const isSecret = (name: string): boolean => /secret|passw|pwd|token|key|credential|private|auth/i.test(name)

/** A value as JSON with its keys in alphabetical order; `write` may replace values. */
const jsonOf = (value: unknown, write = (_: string, value: unknown) => value): string | undefined =>
  JSON.stringify(value, (name, value: unknown) => {
    const written = write(name, value)
    return Predicate.isObject(written) && !Array.isArray(written)
      ? Object.fromEntries(Object.entries(written).sort(([a], [b]) => a < b ? -1 : 1))
      : written
  })

const withoutSecret = (name: string, value: unknown): unknown => isSecret(name) ? "(hidden)" : value

const visibleJson = (name: string, value: unknown): string | undefined =>
  value === undefined
    ? undefined
    : isSecret(name)
    ? "(hidden)"
    : shortText(maskSecrets(jsonOf(value, withoutSecret) ?? ""))

/** Returns the parameters that differ, by name. Values of parameters with a secret's name are hidden. */
export const changesOf = (before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>) =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
    .filter((name) => jsonOf(before[name]) !== jsonOf(after[name]))
    .map((name) => ({
      name: shortText(name),
      ...omitUndefined({ before: visibleJson(name, before[name]), after: visibleJson(name, after[name]) })
    }))

/** Returns parameters by name, with their values as JSON. */
export const parametersOf = (parameters: Readonly<Record<string, unknown>>) =>
  Object.keys(parameters).sort().map((name) => ({
    name: shortText(name),
    value: visibleJson(name, parameters[name]) ?? ""
  }))
