/** Tells what is unlike the usual, beside what is usual and from how many runs that is known. */
import { durationWords, nodesWords, startsWords } from "../baseline/words.ts"
import { durationSeconds } from "../list/runWords.ts"
import { join, line } from "../report/line.ts"
import type { Line } from "../report/model.ts"
import { plural, shortDuration } from "../report/time.ts"
import type { Words } from "../report/words.ts"
import type { Health, Unusual } from "./model.ts"

const short = (millis: number): string => shortDuration(Math.max(0, Math.round(millis / 1000)))

/** `; it started about 02:00 Europe/London on each of the last 28 nights`. No schedule can be read: it is learned. */
const habitOf = ({ expectedAt, usual }: Unusual): string =>
  usual?.starts === undefined ? "" : `; it ${startsWords(usual.starts, expectedAt)}`

const usually = ({ usual }: Unusual): string =>
  usual?.duration === undefined ? "" : `, usually ${durationWords(usual.duration)}`

const atNodes = ({ runningNodes }: Unusual, { bounds, minute, name }: Words): Line => {
  if (runningNodes === undefined) return []
  const { listed, more } = runningNodes
  const shown = listed.map(({ node, queryID, since }): Line => {
    const query = queryID === undefined ? [] : line`query ${name(queryID, bounds.id)}`
    const began = since === undefined ? [] : [`since ${minute(since)}`]
    const facts = [query, began].filter((fact) => fact.length > 0)
    return line`${name(node)}${facts.length === 0 ? [] : line` (${join(facts, ", ")})`}`
  })
  return line`, at ${join(shown, ", ")}${more === 0 ? "" : ` and ${more} more`}`
}

/** What is unlike the usual of a job or its run. */
export const unusualWords = (unusual: Unusual, { checkedAt }: Health, words: Words): Line => {
  const { minute } = words
  const { expectedAt, kind, run, since, times = 1, usual } = unusual
  const due = expectedAt === undefined ? "at its usual time" : `at ${minute(expectedAt)}`
  const age = since === undefined ? "" : ` for ${short(checkedAt.epochMilliseconds - since.epochMilliseconds)}`
  switch (kind) {
    case "missing":
      return [
        `did not start ${due}${times > 1 ? ` and at ${plural(times - 1, "later usual time")}` : ""}${habitOf(unusual)}`
      ]
    case "stopped":
      return [`has not started since ${since === undefined ? "long" : minute(since)}${habitOf(unusual)}`]
    case "late": {
      const after = run?.runStartTime === undefined || expectedAt === undefined
        ? undefined
        : run.runStartTime.epochMilliseconds - expectedAt.epochMilliseconds
      return [
        after === undefined
          ? `has not started, though due ${due}${habitOf(unusual)}`
          : `started ${short(after)} late${habitOf(unusual)}`
      ]
    }
    case "stuck":
    case "long":
      return line`${words.status(run?.runStatus ?? "running")}${age}${usually(unusual)}${atNodes(unusual, words)}`
    case "waiting":
      return [since === undefined ? "waits to start" : `waiting since ${minute(since)} or earlier,${age} at least`]
    case "noNodes":
    case "fewerNodes": {
      const before = usual?.nodes === undefined ? "" : `, usually ${nodesWords(usual.nodes)}`
      return [
        `${run?.nodesInRun === undefined || run.nodesInRun === 0 ? "no node" : plural(run.nodesInRun, "node")}${before}`
      ]
    }
    case "slow": {
      const seconds = run && durationSeconds(run)
      return [`took ${seconds === undefined ? "far longer" : shortDuration(seconds)}${usually(unusual)}`]
    }
  }
}
