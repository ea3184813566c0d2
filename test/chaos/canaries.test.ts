// Whatever a server sends, neither the token nor a credential of a row comes out of a program: built bins, in processes of their own.
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import type { Fault } from "./server/fault.ts"
import type { Life } from "./server/history.ts"
import { type ChaosServer, type Session, start } from "./server/server.ts"

let server: ChaosServer

beforeAll(async () => {
  server = await start()
})

afterAll(() => server.stop())

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

const token = "tokCANARYen_+/=~0123456789abcdef"

/** Each for every request of a program, but what passes when it is sent again: that once. */
const troubles: Readonly<Record<string, ReadonlyArray<Fault>>> = {
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

const file = (path: string): string => fileURLToPath(new URL(`../../packages/${path}`, import.meta.url))

/** Runs a program until it ends, or until it has written enough, and returns all that it wrote. */
const written = async (
  args: ReadonlyArray<string>,
  input: ReadonlyArray<unknown>,
  isEnough: (text: string) => boolean
): Promise<string> => {
  const child = spawn(process.execPath, [...args], {
    env: {
      PATH: process.env["PATH"],
      HOME: "/nonexistent",
      TZ: "UTC",
      COALESCE_ACCESS_TOKEN: token,
      COALESCE_BASE_URL: server.origin,
      COALESCE_MCP_STRUCTURED: "1"
    },
    stdio: ["pipe", "pipe", "pipe"]
  })
  let text = ""
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (piece: string) => {
      text += piece
      if (isEnough(text)) child.kill()
    })
  }
  for (const message of input) child.stdin.write(`${JSON.stringify(message)}\n`)
  if (input.length === 0) child.stdin.end()
  const tooLong = setTimeout(() => child.kill(), 40_000)
  await once(child, "close")
  clearTimeout(tooLong)
  return text
}

const secrets = [token, encodeURIComponent(token), Buffer.from(token).toString("base64"), token.slice(0, 16)]

const isClean = (text: string, { served, violations }: Session): void => {
  assert.isAbove(served.length, 0, "it requested nothing")
  assert.isAbove(text.length, 20, "it said nothing")
  assert.deepStrictEqual(violations, [])
  for (const secret of [...secrets, "CANARY_USER", "CANARY_ACCOUNT"]) {
    const at = text.indexOf(secret)
    assert.isTrue(at < 0, `a secret came out: …${text.slice(Math.max(0, at - 300), at + 60)}`)
  }
}

const open = (faults: ReadonlyArray<Fault>): Session =>
  server.open(token, {
    lives: lives(Date.now()),
    style: { says: "used", next: "last", ties: "asc", untimed: "omitted" },
    faults
  })

const commands: Readonly<Record<string, ReadonlyArray<string>>> = {
  check: ["check", "--window", "last_24_hours"],
  diagnose: ["diagnose", "29", "--json"],
  inspect: ["inspect", "29"],
  list: ["list", "--detail", "--json"],
  summarize: ["summarize", "--window", "last_24_hours"],
  timeline: ["timeline", "--window", "last_24_hours"],
  export: ["export"],
  watch: ["watch"]
}

const tools = [
  { name: "check_runs", arguments: { window: "last_24_hours" } },
  { name: "diagnose_run", arguments: { runID: 29 } },
  { name: "inspect_run", arguments: { runID: 29 } },
  { name: "list_runs", arguments: { detail: true } },
  { name: "summarize_runs", arguments: { window: "last_24_hours" } }
]

const messages = [
  {
    jsonrpc: "2.0",
    id: 0,
    method: "initialize",
    params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "chaos", version: "1" } }
  },
  { jsonrpc: "2.0", method: "notifications/initialized" },
  ...tools.map((params, index) => ({ jsonrpc: "2.0", id: index + 1, method: "tools/call", params }))
]

describe("the token and the credentials of rows", () => {
  it.each(Object.keys(commands))("do not come out of the command %s", async (name) => {
    const session = open([])
    // A watch goes on for ever, and an export writes files of its own accord.
    isClean(
      await written(
        [file("cli/dist/bin.cjs"), ...commands[name] ?? []],
        [],
        (text) => name === "watch" && text.length > 20
      ),
      session
    )
  }, 60_000)

  it.each(Object.keys(troubles))("do not come out of the command list after %s", async (name) => {
    const session = open(troubles[name] ?? [])
    isClean(await written([file("cli/dist/bin.cjs"), "list"], [], () => false), session)
  }, 60_000)

  it.each(Object.keys(troubles))("do not come out of any tool after %s", async (name) => {
    const session = open(troubles[name] ?? [])
    const isEnough = (text: string) => tools.every((_, index) => text.includes(`"id":${index + 1}`))
    const text = await written([file("mcp/dist/bin.cjs")], messages, isEnough)
    assert.isTrue(isEnough(text), text)
    isClean(text, session)
  }, 60_000)
})
