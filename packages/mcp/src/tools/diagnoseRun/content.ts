/** What `diagnose_run` tells, from what the library found out: chosen, cleaned, bounded, and under the API's names. */
import type * as RunDiagnosis from "@coalesce-runs/core/RunDiagnosis"
import type * as DateTime from "effect/DateTime"
import * as interval from "../../input/window.ts"
import * as time from "../../result/time.ts"
import { clean, cleanOptional, lengths, quote } from "../../result/untrustedText.ts"
import type { Aftermath, Cause, DiagnosedRow, Facts, History, NoFailure, Suspect, Test, Unread } from "./model.ts"
import { make as row, present, type Row } from "./row.ts"
import { bounded } from "./sql.ts"

interface Some<A> {
  readonly listed: ReadonlyArray<A>
  readonly more: number
}

/** What there is room for in the first group, in the second, and in the others: characters, and names. */
const rooms = [
  { message: 300, sql: 420, names: 8, messages: 3 },
  { message: 200, sql: 160, names: 4, messages: 1 },
  { message: 160, sql: 40, names: 3, messages: 1 }
] as const

/** Classes of which no SQL is at fault. */
const besideTheSql: ReadonlySet<string> = new Set(["warehouseOrQuota", "authenticationOrNetwork"])

const count = (number: number | undefined): number | undefined => number === 0 ? undefined : number

const filled = <A>(items: ReadonlyArray<A>): ReadonlyArray<A> | undefined => items.length === 0 ? undefined : items

const name = (text: string): string => clean(text, lengths.name)

const diagnosedRow = (run: RunDiagnosis.DiagnosedRun, zone: DateTime.TimeZone): DiagnosedRow => ({
  ...row(run, zone),
  ...present<
    Pick<DiagnosedRow, "runFailureReason" | "nodesInRun" | "snowflakeAuthType" | "runLink" | "class" | "code">
  >({
    runFailureReason: cleanOptional(run.cause?.message, 300),
    nodesInRun: run.nodesInRun,
    snowflakeAuthType: cleanOptional(run.snowflakeAuthType, lengths.word),
    runLink: run.link === undefined || run.link.length > 300 ? undefined : clean(run.link, 300),
    class: run.cause?.class,
    code: run.cause?.code
  })
})

const causeOf = (group: RunDiagnosis.FailureGroup, index: number): Cause => {
  const { cause, queryID, sql, stage, warehouse } = group.first
  const room = rooms[Math.min(index, rooms.length - 1)] ?? rooms[0]
  return present<Cause>({
    class: group.class,
    code: cause?.code,
    sqlState: cause?.sqlState,
    message: cleanOptional(cause?.message, room.message),
    nodes: group.count,
    names: group.nodes.listed.slice(0, room.names).map(name),
    stage: cleanOptional(stage, lengths.name),
    queryID: cleanOptional(queryID, lengths.id),
    warehouse: cleanOptional(warehouse, lengths.name),
    otherMessages: filled(group.otherMessages.slice(0, room.messages).map((text) => clean(text, lengths.reason))),
    moreMessages: count(group.messages - 1 - Math.min(group.otherMessages.length, room.messages)),
    // Beyond the second, only the line of the fault: the query's id leads to the rest.
    sql: sql === undefined || besideTheSql.has(group.class) || (index > 1 && sql.faultLine === undefined)
      ? undefined
      : bounded(sql, room.sql)
  })
}

const smallCause = (group: RunDiagnosis.FailureGroupLine): Cause =>
  present<Cause>({
    class: group.class,
    code: group.code,
    sqlState: undefined,
    message: cleanOptional(group.message, 120),
    nodes: group.count,
    names: [name(group.node)],
    stage: undefined,
    queryID: undefined,
    warehouse: undefined,
    otherMessages: undefined,
    moreMessages: undefined,
    sql: undefined
  })

const testOf = (test: RunDiagnosis.FailedTest, runID?: number): Test =>
  present<Test>({
    runID,
    node: name(test.node),
    test: cleanOptional(test.test, lengths.name),
    message: cleanOptional(test.message, lengths.reason)
  })

const nodesOf = (nodes: RunDiagnosis.NodesReport): Pick<
  Facts,
  "nodes" | "causes" | "moreCauses" | "blocked" | "failedTests" | "moreFailedTests"
> => {
  const { canceled, completed, failed, groups, running, skipped, smallerGroups, total, unknown } = nodes
  const counts = { total, failed, completed, skipped, canceled, running, unknown }
  return {
    nodes: Object.fromEntries(Object.entries(counts).filter(([key, value]) => key === "total" || value > 0)),
    ...present<Pick<Facts, "causes" | "moreCauses" | "blocked" | "failedTests" | "moreFailedTests">>({
      causes: filled([...groups.map(causeOf), ...smallerGroups.listed.map(smallCause)]),
      moreCauses: count(smallerGroups.more),
      blocked: filled(nodes.blocked.listed.map(name)),
      failedTests: filled(nodes.failedTests.listed.map((test) => testOf(test))),
      moreFailedTests: count(nodes.failedTests.more)
    })
  }
}

/** A run of the same job in the same environment, without saying so again. */
const earlier = (run: RunDiagnosis.RunLine, zone: DateTime.TimeZone): Row => {
  const { environmentID: _environment, jobID: _job, jobName: _name, includeNodesSelector: _selector, ...line } = row(
    run,
    zone
  )
  return line
}

const historyOf = (history: RunDiagnosis.History, zone: DateTime.TimeZone): History => {
  const { earlierFailure, lastSuccess, searched } = history
  return present<History>({
    sameBy: history.sameBy,
    failuresInARow: history.failuresInARow,
    firstFailure: earlier(history.firstFailure, zone),
    lastSuccess: lastSuccess === undefined ? undefined : earlier(lastSuccess, zone),
    sameCause: history.comparedWithFirst?.cause,
    canceledInBetween: count(history.canceledInBetween),
    earlierFailure: earlierFailure === undefined ? undefined : earlier(earlierFailure.run, zone),
    earlierSameCause: earlierFailure?.compared.cause,
    recent: history.recent,
    searched: present<History["searched"]>({
      rows: searched.rows,
      since: searched.since === undefined ? undefined : time.isoZoned(searched.since, zone),
      ended: searched.ended
    })
  })
}

const changed = (before: string | undefined, after: string | undefined): string =>
  `${before === undefined ? "absent" : clean(before, lengths.name)} to ${
    after === undefined ? "absent" : clean(after, lengths.name)
  }`

const suspectOf = (suspect: RunDiagnosis.Suspect, zone: DateTime.TimeZone): Suspect => {
  const why = clean(suspect.why, 200)
  switch (suspect.kind) {
    case "deploy":
      return { kind: suspect.kind, what: `deploy ${suspect.run.id}`, why, run: row(suspect.run, zone) }
    case "parameters": {
      const { listed, more } = suspect.changes
      const said = listed.map(({ after, before, name }) =>
        `${quote(clean(name, lengths.name))} ${changed(before, after)}`
      )
      return { kind: suspect.kind, what: [...said, ...(more === 0 ? [] : [`and ${more} more`])].join(", "), why }
    }
    case "nodeCount":
      return { kind: suspect.kind, what: `${suspect.before} to ${suspect.after} nodes`, why }
    case "selector":
      return {
        kind: suspect.kind,
        what: `${quote(clean(suspect.before ?? "", lengths.name))} to ${
          quote(clean(suspect.after ?? "", lengths.name))
        }`,
        why
      }
    case "credentials":
      return { kind: suspect.kind, what: suspect.fields.join(", "), why }
  }
}

const aftermathOf = (aftermath: RunDiagnosis.Aftermath, zone: DateTime.TimeZone): Aftermath =>
  present<Aftermath>({
    state: aftermath.state,
    by: aftermath.by,
    run: aftermath.run === undefined ? undefined : row(aftermath.run, zone),
    failedSince: aftermath.failedSince === undefined ? undefined : row(aftermath.failedSince, zone),
    reRuns: aftermath.reRuns.listed.map((run) => row(run, zone)),
    moreReRuns: count(aftermath.reRuns.more),
    laterRuns: aftermath.laterRuns,
    searchedRows: aftermath.searched.rows,
    isWhole: !aftermath.searched.more
  })

const unreadOf = (unread: RunDiagnosis.Unread): Unread =>
  present<Unread>({
    part: unread.part,
    runID: unread.runID,
    status: unread.status,
    error: clean(unread.error, lengths.word),
    message: clean(unread.message, 200),
    isRetryable: unread.isRetryable
  })

const noFailureOf = (found: RunDiagnosis.NoFailure, zone: DateTime.TimeZone): NoFailure => {
  const rows = ({ listed }: Some<RunDiagnosis.RunLine>): ReadonlyArray<Row> | undefined =>
    filled(listed.map((run) => row(run, zone)))
  const { canceled, dataTests, failedOfOtherType, ran, stillRunning, waiting } = found
  const more = {
    ...Object.fromEntries(
      Object.entries({ ran, stillRunning, canceled, waiting, failedOfOtherType }).map(([key, { more }]) => [key, more])
    ),
    failedTests: dataTests.failures.reduce((sum, { failedTests }) => sum + failedTests.more, 0)
  }
  return present<NoFailure>({
    statuses: Object.fromEntries(found.statuses.map(({ count, status }) => [clean(status, lengths.word), count])),
    atLeast: found.atLeast,
    isCertain: found.isCertain,
    ran: rows(found.ran) ?? [],
    nearest: found.nearest === undefined ? undefined : row(found.nearest.run, zone),
    nearestSide: found.nearest?.side,
    stillRunning: rows(found.stillRunning),
    canceled: rows(found.canceled),
    waiting: rows(found.waiting),
    failedOfOtherType: rows(found.failedOfOtherType),
    failedTests: filled(
      found.dataTests.failures.flatMap(({ failedTests, run }) => failedTests.listed.map((test) => testOf(test, run.id)))
    ),
    more: Object.values(more).every((count) => count === 0)
      ? undefined
      : Object.fromEntries(Object.entries(more).filter(([, count]) => count > 0)),
    testsReadOf: found.dataTests.read,
    testsNotReadOf: found.dataTests.notRead,
    olderFailure: found.olderFailure === undefined ? undefined : row(found.olderFailure, zone)
  })
}

export const make = (diagnosis: RunDiagnosis.Diagnosis, zone: DateTime.TimeZone): Facts => {
  const { aftermath, history, noFailure, nodes, otherFailures, run, window } = diagnosis
  return {
    outcome: diagnosis.outcome,
    ...(window === undefined ? {} : { interval: interval.toContent(window, zone) }),
    ...(run === undefined ? {} : { run: diagnosedRow(run, zone) }),
    ...(run?.original === undefined ? {} : {
      reRunOf: { ...row(run.original.run, zone), sameCause: run.original.compared.cause }
    }),
    ...(nodes === undefined ? {} : nodesOf(nodes)),
    ...(history === undefined ? {} : { history: historyOf(history, zone) }),
    ...present<Pick<Facts, "suspects" | "moreDeploys" | "otherFailures" | "moreFailures" | "couldNotRead">>({
      suspects: filled(diagnosis.suspects.map((suspect) => suspectOf(suspect, zone))),
      moreDeploys: count(diagnosis.moreDeploys),
      otherFailures: filled(otherFailures.listed.map((run) => row(run, zone))),
      moreFailures: count(otherFailures.more),
      couldNotRead: filled(diagnosis.couldNotRead.map(unreadOf))
    }),
    ...(aftermath === undefined ? {} : { aftermath: aftermathOf(aftermath, zone) }),
    ...(noFailure === undefined ? {} : { noFailure: noFailureOf(noFailure, zone) })
  }
}
