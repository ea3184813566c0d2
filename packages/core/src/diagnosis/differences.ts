/** What differs between the last success and the first failure. What differs every night is no suspect. */
import { firstOf } from "../inspection/boundedList.ts"
import { changesOf } from "../inspection/parameters.ts"
import { shortText } from "../list/RunLine.ts"
import * as Run from "../Run.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import type { Streak } from "./history.ts"
import type { Suspect } from "./historyModel.ts"

const maxChanges = 10
const maxPairs = 5

const credentials = [
  "snowflakeAccount",
  "snowflakeAuthType",
  "snowflakeUsername",
  "snowflakeRole",
  "snowflakeWarehouse"
] as const

/** The fields of a sign-in whose values may be shown. */
const shown = ["snowflakeAuthType", "snowflakeWarehouse"] as const

const selectors = (run: Run.Run): string | undefined => {
  const { excludeNodesSelector, includeNodesSelector } = Run.details(run)
  const text = [includeNodesSelector, excludeNodesSelector === undefined ? undefined : `except ${excludeNodesSelector}`]
    .filter((part) => part !== undefined).join(" ")
  return text === "" ? undefined : shortText(text)
}

const parametersOf = (before: Run.Run, after: Run.Run) =>
  before.runTimeParameters === undefined || after.runTimeParameters === undefined
    ? []
    : changesOf(before.runTimeParameters, after.runTimeParameters)

const fieldsOf = ({ userCredentials: was }: Run.Run, { userCredentials: is }: Run.Run) =>
  was === undefined || is === undefined ? [] : credentials.filter((field) => was[field] !== is[field])

const numbersOf = <K extends "nodesInRun" | "parallelism">(key: K, before: Run.Run, after: Run.Run) => {
  const [was, is] = [Run.details(before)[key], Run.details(after)[key]]
  return was === undefined || is === undefined || was === is ? undefined : { before: was, after: is }
}

/** Successive completed runs before the last success, the latest pair first. */
const pairsBefore = (
  earlier: ReadonlyArray<Run.Run>,
  lastSuccess: Run.Run
): ReadonlyArray<readonly [Run.Run, Run.Run]> => {
  const completed = earlier.filter(({ id, reRunID, runStatus }) =>
    runStatus === "completed" && reRunID === undefined && id <= lastSuccess.id
  )
  return completed.slice(1, 1 + maxPairs).flatMap((before, index) => {
    const after = completed[index]
    return after === undefined ? [] : [[before, after] as const]
  })
}

/** Returns what differs between the last success of a streak and its first failure. */
export const differencesOf = (
  { earlier, firstFailure: failure, lastSuccess: success }: Streak
): ReadonlyArray<Suspect> => {
  if (success === undefined) return []
  const pairs = pairsBefore(earlier, success)
  /** Whether it differed between most of the runs that completed before. */
  const isUsual = (differs: (before: Run.Run, after: Run.Run) => boolean): boolean =>
    pairs.length > 1 && pairs.filter(([before, after]) => differs(before, after)).length * 2 > pairs.length
  const between = (what: string) =>
    `${what} changed between the last success ${success.id} and the first failure ${failure.id}`

  const changes: Array<Suspect> = []
  const parameters = parametersOf(success, failure).filter(({ name }) =>
    !isUsual((before, after) => parametersOf(before, after).some((one) => one.name === name))
  )
  if (parameters.length > 0) {
    const why = between("The environment's default parameters")
    changes.push({ kind: "parameters", changes: firstOf(parameters, maxChanges), why })
  }
  const fields = fieldsOf(success, failure).filter((field) =>
    !isUsual((before, after) => fieldsOf(before, after).includes(field))
  )
  if (fields.length > 0) {
    const values = shown.filter((field) => fields.includes(field)).map((name) => ({
      name,
      ...omitUndefined({
        before: shortText(success.userCredentials?.[name]),
        after: shortText(failure.userCredentials?.[name])
      })
    }))
    changes.push({
      kind: "credentials",
      fields,
      ...values.length === 0 ? {} : { changes: values },
      why: between("The sign-in to the database")
    })
  }
  const parallelism = numbersOf("parallelism", success, failure)
  if (parallelism !== undefined && !isUsual((a, b) => numbersOf("parallelism", a, b) !== undefined)) {
    changes.push({ kind: "parallelism", ...parallelism, why: between("The parallelism") })
  }
  // A re-run may run the failed nodes alone: its nodes cannot be compared.
  if (failure.runType !== "refresh" || success.reRunID !== undefined || failure.reRunID !== undefined) return changes
  const selected = { before: selectors(success), after: selectors(failure) }
  if (selected.before !== selected.after && !isUsual((a, b) => selectors(a) !== selectors(b))) {
    changes.push({ kind: "selector", ...omitUndefined(selected), why: between("The selected nodes") })
  }
  const nodes = numbersOf("nodesInRun", success, failure)
  if (nodes !== undefined && !isUsual((a, b) => numbersOf("nodesInRun", a, b) !== undefined)) {
    changes.push({ kind: "nodeCount", ...nodes, why: between("The number of nodes") })
  }
  return changes
}
