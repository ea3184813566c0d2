/** What a server does to every request of a program, or to the first one, while its outputs are searched for secrets. */
import type { Fault } from "./server/fault.ts"
import type { Life } from "./server/history.ts"
import type { ChaosServer, Session } from "./server/server.ts"

export const token = "tokCANARYen_+/=~0123456789abcdef"

const minute = 60_000

/** The runs of the last hours, some of which repeat the token. */
const lives = (now: number): ReadonlyArray<Life> =>
  Array.from({ length: 30 }, (_, index): Life => {
    const begin = now - (30 - index) * 20 * minute
    return {
      id: index + 1,
      runType: index % 7 === 0 ? "deploy" : "refresh",
      environmentID: "1",
      phases: [{ at: 0, runStatus: index % 4 === 0 ? "failed" : "completed", start: begin, end: begin + minute }],
      ...(index % 5 === 0 ? { oddity: "echo" } : {})
    }
  })

/** Each for every request of a program, but what passes when it is sent again: that once. */
export const troubles: Readonly<Record<string, ReadonlyArray<Fault>>> = {
  "nothing": [],
  "401 with the token": Array(20).fill({ kind: "status", status: 401, body: "echo", ending: "whole" }),
  "400 with the token in escapes": Array(20).fill({
    kind: "status",
    status: 400,
    body: "escapedEcho",
    ending: "whole"
  }),
  "403 with a long body": Array(20).fill({ kind: "status", status: 403, body: "huge", ending: "whole" }),
  "a redirect": Array(20).fill({ kind: "redirect", status: 302, to: "trap" }),
  "a 200 with the token in an error": Array(20).fill({ kind: "body", body: "echoedError" }),
  "500 with the token, once": [{ kind: "status", status: 500, body: "echo", ending: "whole" }],
  "a reset, once": [{ kind: "reset", at: 0.5 }]
}

export const open = (server: ChaosServer, faults: ReadonlyArray<Fault>): Session =>
  server.open(token, {
    lives: lives(Date.now()),
    style: { says: "used", next: "last", ties: "asc", untimed: "omitted" },
    faults
  })

/** A call of each tool. */
export const tools = [
  { name: "check_runs", arguments: { window: "last_24_hours" } },
  { name: "diagnose_run", arguments: { runID: 29 } },
  { name: "inspect_run", arguments: { runID: 29 } },
  { name: "list_runs", arguments: { detail: true } },
  { name: "summarize_runs", arguments: { window: "last_24_hours" } }
] as const
