// Whatever a server sends, neither the token nor a credential of a row comes out of a program: built bins, in processes of their own.
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { type ChaosServer, type Session, start } from "./server/server.ts"
import { open, token, tools, troubles } from "./troubles.ts"

let server: ChaosServer

beforeAll(async () => {
  server = await start()
})

afterAll(() => server.stop())

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
    const session = open(server, [])
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
    const session = open(server, troubles[name] ?? [])
    isClean(await written([file("cli/dist/bin.cjs"), "list"], [], () => false), session)
  }, 60_000)

  it.each(Object.keys(troubles))("do not come out of any tool after %s", async (name) => {
    const session = open(server, troubles[name] ?? [])
    const isEnough = (text: string) => tools.every((_, index) => text.includes(`"id":${index + 1}`))
    const text = await written([file("mcp/dist/bin.cjs")], messages, isEnough)
    assert.isTrue(isEnough(text), text)
    isClean(text, session)
  }, 60_000)
})
