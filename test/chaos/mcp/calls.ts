/** Requests that a client may make, each with what a right response says: an oracle that knows only the history. */
import { epoch } from "../schedule.ts"
import type { Fault } from "../server/fault.ts"
import type { Life } from "../server/history.ts"
import type { ChaosServer, Session } from "../server/server.ts"
import { token } from "./bin.ts"
import type { Random } from "./random.ts"

const minute = 60_000
const total = 300

/** Every request for one of these runs alone hangs. None is the newest one, which a call without a run means. */
const firstHung = 260
const hungs = 20

const isFailed = (id: number): boolean => id % 9 === 0

/** Some rows repeat the token. */
const lives: ReadonlyArray<Life> = Array.from({ length: total }, (_, index): Life => ({
  id: index + 1,
  runType: "refresh",
  environmentID: "1",
  phases: [{
    at: 0,
    runStatus: isFailed(index + 1) ? "failed" : "completed",
    start: epoch + index * minute,
    end: epoch + index * minute + 30_000
  }],
  ...(index % 11 === 0 ? { oddity: "echo" } : {})
}))

const hang: Fault = { kind: "hang", at: 0 }

/** Opens the session of the server under test: its history, and its runs whose requests hang. */
export const openSession = (upstream: ChaosServer): Session => {
  const session = upstream.open(token, {
    lives,
    style: { says: "used", next: "last", ties: "asc", untimed: "omitted" },
    faults: []
  })
  session.faultOf = (path) => {
    const [, id] = /^\/api\/v1\/runs\/(\d+)/.exec(path) ?? []
    return id !== undefined && Number(id) >= firstHung && Number(id) < firstHung + hungs ? hang : undefined
  }
  return session
}

export type Asked =
  & (
    | {
      readonly method: "tools/call"
      readonly params: { readonly name: string; readonly arguments: Record<string, unknown> }
    }
    | {
      readonly method: "prompts/get"
      readonly params: { readonly name: string; readonly arguments: Record<string, string> }
    }
    | { readonly method: "tools/list"; readonly params: Record<string, never> }
  )
  & {
    /** Returns whether a result is the right one; of a call that hangs, none is. */
    readonly isRight: (text: string) => boolean
  }

const tool = (name: string, args: Record<string, unknown>, isRight: Asked["isRight"]): Asked => ({
  method: "tools/call",
  params: { name, arguments: args },
  isRight
})

const list = ({ below, next }: Random): Asked => {
  const [from, limit, onlyFailed] = [2 + below(total - 1), 1 + below(8), next() < 0.3]
  const ids = lives.map(({ id }) => id).filter((id) => id < from && (!onlyFailed || isFailed(id))).reverse()
  return tool(
    "list_runs",
    { startingFrom: String(from), limit, ...(onlyFailed ? { runStatus: ["failed"] } : {}) },
    (text) => {
      const [, rows = ""] = /"runs":\[(.*?)\],"rows":/.exec(text) ?? []
      const listed = [...rows.matchAll(/\{"id":(\d+),/g)].map(([, id]) => Number(id))
      return listed.join() === ids.slice(0, limit).join() && text.includes("\"isError\":true") === false
    }
  )
}

/** The run that a result is of. */
const isOf = (id: number) => (text: string): boolean => text.includes(`"run":{"id":${id},`)

const inspect = ({ below }: Random): Asked => {
  const id = 1 + below(firstHung - 1)
  return tool("inspect_run", { runID: String(id), compareWith: "none" }, isOf(id))
}

const diagnose = ({ below }: Random): Asked => {
  const id = 9 * (1 + below(28))
  return tool("diagnose_run", { runID: id }, isOf(id))
}

const summarize = ({ below }: Random): Asked => {
  const [from, length] = [below(total - 60), 1 + below(60)]
  const [since, until] = [from, from + length].map((index) => new Date(epoch + index * minute).toISOString())
  return tool(
    "summarize_runs",
    { since, until },
    (text) => text.includes(`"statistics":{"runs":${length},`) && text.includes(`"since":"${since}"`)
  )
}

const wrongArguments = ({ below }: Random): Asked => {
  const limit = `many${below(1000)}`
  return tool("list_runs", { limit }, (text) => text.includes("\"isError\":true") && text.includes("limit: Expected"))
}

const prompt = ({ below }: Random): Asked => {
  const id = below(1_000_000)
  return {
    method: "prompts/get",
    params: { name: "why_did_it_fail", arguments: { runID: String(id) } },
    isRight: (text) => text.includes(`Coalesce run \\"${id}\\" fail`)
  }
}

const tools = (): Asked => ({
  method: "tools/list",
  params: {},
  isRight: (text) => text.includes("\"name\":\"summarize_runs\"")
})

/** A call whose requests hang, so that only its end by the client ends it. */
export const hung = ({ below }: Random): Asked =>
  tool("inspect_run", { runID: String(firstHung + below(hungs)), compareWith: "none" }, () => false)

const kinds = [list, list, list, inspect, diagnose, summarize, wrongArguments, prompt, tools] as const

/** Draws a request that gets its result. */
export const draw = (random: Random): Asked => random.pick(kinds)(random)
