/** Ranks suspects by what they touch of the failure: a name in a commit's message, a setting that the class is about. */
import { nameOf } from "../inspection/nodeResults.ts"
import { shortText } from "../list/RunLine.ts"
import type { Failed } from "./failedNodes.ts"
import type { Suspect } from "./historyModel.ts"
import { ownName, tablesRead, tablesWritten } from "./sqlNames.ts"

/** What a failure is about: the columns or tables of its messages, its nodes, and the tables of their SQL. */
export interface Touchable {
  readonly objects: ReadonlyArray<string>
  readonly nodes: ReadonlyArray<string>
  readonly tables: ReadonlyArray<string>
  readonly classes: ReadonlySet<string>
  readonly messages: ReadonlyArray<string>
}

const maxNodes = 50
const maxTouched = 3

/** Shorter names are words of any message. */
const minName = 3

const distinct = (names: ReadonlyArray<string>): ReadonlyArray<string> =>
  [...new Set(names)].filter(({ length }) => length >= minName)

/** Returns what the failed nodes of a run are about; without them, what its own reason is about. */
export const touchableOf = (
  failed: ReadonlyArray<Failed>,
  reason: { readonly class: string; readonly message: string; readonly object?: string } | undefined
): Touchable => {
  const first = failed.slice(0, maxNodes)
  const causes = first.flatMap(({ cause }) => cause ?? [])
  const all = causes.length === 0 && reason !== undefined ? [reason] : causes
  return {
    objects: distinct(all.flatMap(({ object }) => object === undefined ? [] : [ownName(object)])),
    nodes: distinct(first.map(({ result }) => nameOf(result))),
    tables: distinct(
      first.flatMap(({ query }) => [...tablesWritten(query?.sql ?? ""), ...tablesRead(query?.sql ?? "")])
        .flatMap((name) => name.at(-1) ?? [])
    ),
    classes: new Set(all.map((cause) => cause.class)),
    messages: all.map(({ message }) => message)
  }
}

/** `ORDER_ID` as a word of its own, and also as `order id`, `orderId` and `order-id`. */
const wordOf = (name: string): RegExp =>
  new RegExp(
    `(?<![A-Za-z0-9])${
      name.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== "").join("[\\s_.-]{0,3}")
    }(?![A-Za-z0-9])`,
    "i"
  )

const namedIn = (text: string, names: ReadonlyArray<string>): ReadonlyArray<string> =>
  names.filter((name) => /[\p{L}\p{N}]/u.test(name) && wordOf(name).test(text))

/** Returns the names of a failure that a commit's message has: columns and objects first, then nodes, then tables. */
export const touchedBy = (message: string | undefined, about: Touchable): ReadonlyArray<string> =>
  message === undefined
    ? []
    : distinct([
      ...namedIn(message, about.objects),
      ...namedIn(message, about.nodes),
      ...namedIn(message, about.tables)
    ]).map((name) => shortText(name, 80)).slice(0, maxTouched)

/** The fields of a sign-in that a class of cause is about. */
const ofFields: { readonly [causeClass: string]: RegExp } = {
  warehouseOrQuota: /Warehouse/,
  timeout: /Warehouse/,
  sizeLimit: /Warehouse/,
  privilege: /Role|Username/,
  missingObjectOrGrant: /Role|Username|Account/,
  authenticationOrNetwork: /./,
  storage: /Role/
}

/** Of what a run does at once, these classes of cause tell. */
const ofParallelism = ["lock", "timeout", "sizeLimit"]

/** Returns what a suspect shares with the failure, the most telling first; nothing if it is only near. */
const touchesOf = (suspect: Suspect, about: Touchable): ReadonlyArray<string> => {
  switch (suspect.kind) {
    case "deploy":
      return touchedBy(suspect.run.deployCommitMessage, about)
    case "parameters":
      return suspect.changes.listed.filter(({ after, before, name }) =>
        [name, after, before].some((one) => {
          const value = one?.replace(/^"(.*)"$/s, "$1") ?? ""
          return value.length >= minName && about.messages.some((message) => message.includes(value))
        })
      ).map(({ name }) => name)
    case "credentials":
      return suspect.fields.filter((field) => [...about.classes].some((one) => ofFields[one]?.test(field) === true))
    case "parallelism":
      return ofParallelism.some((one) => about.classes.has(one)) ? ["parallelism"] : []
    case "nodeCount":
    case "selector":
      return []
  }
}

/** Whether a suspect shares a column, an object or a setting with the failure, a node, a table, or nothing. */
const strengthOf = ({ kind, touches: [first] = [] }: Suspect, { nodes, objects }: Touchable): number => {
  if (first === undefined) return 0
  return kind !== "deploy" || objects.includes(first) ? 3 : nodes.includes(first) ? 2 : 1
}

/** Says what suspects touch, and sorts them by it; those that touch the same stay in their order. */
export const ranked = (suspects: ReadonlyArray<Suspect>, about: Touchable): ReadonlyArray<Suspect> =>
  suspects.map((suspect) => {
    const touches = touchesOf(suspect, about)
    return touches.length === 0 ? suspect : { ...suspect, touches }
  }).toSorted((a, b) => strengthOf(b, about) - strengthOf(a, about))
