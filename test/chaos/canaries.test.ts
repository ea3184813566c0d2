// Whatever a server sends, neither the token nor a credential of a row comes out of a program: built bins, in processes of their own.
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { scale } from "./lanes.ts"
import { type ChaosServer, type Session, start } from "./server/server.ts"
import { open, token, tools, troubles } from "./troubles.ts"

let server: ChaosServer
/** The directory that programs write to. */
let folder = ""

beforeAll(async () => {
  server = await start()
  folder = await mkdtemp(join(tmpdir(), "canaries-"))
})

afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true })
})

const file = (path: string): string => fileURLToPath(new URL(`../../packages/${path}`, import.meta.url))

/** Runs a program until it ends, or until it has written enough, and returns all that it wrote. */
const written = async (
  args: ReadonlyArray<string>,
  input: ReadonlyArray<unknown>,
  isEnough: (text: string) => boolean,
  settings: Readonly<Record<string, string>> = {
    HOME: "/nonexistent",
    COALESCE_ACCESS_TOKEN: token,
    COALESCE_BASE_URL: server.origin
  }
): Promise<string> => {
  const child = spawn(process.execPath, [...args], {
    cwd: folder,
    env: { PATH: process.env["PATH"], TZ: "UTC", COALESCE_MCP_STRUCTURED: "1", ...settings },
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
  "timeline as a picture": ["timeline", "--window", "last_24_hours", "--svg"],
  export: ["export"],
  "export as CSV": ["export", "--format", "csv"],
  watch: ["watch"]
}

/** Commands that write a file, by its name. */
const writers: Readonly<Record<string, ReadonlyArray<string>>> = {
  "night.html": ["timeline", "--window", "last_24_hours", "--html", "night.html"],
  "runs.parquet": ["export", "--format", "parquet", "--output", "runs.parquet"]
}

/** Each command after each trouble in full; in the short form each once, after one trouble after another. */
const troubled = Object.keys(commands).flatMap((name, command) =>
  Object.keys(troubles).filter((_, trouble, all) => scale >= 5 || trouble === 1 + command % (all.length - 1))
    .map((trouble) => [name, trouble] as const)
)

/** Runs a command of the terminal, and returns what it printed. */
const printed = (name: string): Promise<string> =>
  // A watch goes on for ever.
  written(
    [file("cli/dist/bin.cjs"), ...commands[name] ?? []],
    [],
    (text) => name === "watch" && text.length > 20
  )

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
    isClean(await printed(name), session)
  }, 60_000)

  it.each([...troubled, ...Object.keys(troubles).map((trouble) => ["list", trouble] as const)])(
    "do not come out of the command %s after %s",
    async (name, trouble) => {
      const session = open(server, troubles[trouble] ?? [])
      isClean(await printed(name), session)
    },
    60_000
  )

  it.each(Object.keys(writers))("are not in the file %s, nor in one beside it", async (name) => {
    const session = open(server, [])
    const said = await written([file("cli/dist/bin.cjs"), ...writers[name] ?? []], [], () => false)
    const files = await readdir(folder)
    assert.include(files, name, said)
    const texts = await Promise.all(files.map((one) => readFile(join(folder, one), "latin1")))
    const rows = name.endsWith(".parquet")
      ? await written([fileURLToPath(new URL("programs/parquetRows.mjs", import.meta.url)), name], [], () => false)
      : ""
    if (name.endsWith(".parquet")) assert.include(rows, "refresh")
    isClean([said, ...texts, rows].join("\n"), session)
  }, 60_000)

  it("do not come out of a program that reads the token from a profile", async () => {
    const home = await mkdtemp(join(folder, "home-"))
    await mkdir(join(home, ".coa"))
    await writeFile(join(home, ".coa", "config"), `[default]\ntoken = ${token}\ndomain = ${server.origin}\n`)
    const settings = { HOME: home }
    for (const trouble of ["nothing", "401 with the token"]) {
      const session = open(server, troubles[trouble] ?? [])
      isClean(await written([file("cli/dist/bin.cjs"), "list"], [], () => false, settings), session)
    }
    await rm(home, { recursive: true })
    // A line of the file that is wrong is not repeated.
    await mkdir(join(home, ".coa"), { recursive: true })
    await writeFile(join(home, ".coa", "config"), `token ${token}\n[default\ntoken: ${token}\n`)
    const said = await written([file("cli/dist/bin.cjs"), "list"], [], () => false, settings)
    assert.isAbove(said.length, 20)
    for (const secret of secrets) assert.notInclude(said, secret)
    await rm(home, { recursive: true })
  }, 60_000)

  it.each(Object.keys(troubles))("do not come out of any tool after %s", async (name) => {
    const session = open(server, troubles[name] ?? [])
    const isEnough = (text: string) => tools.every((_, index) => text.includes(`"id":${index + 1}`))
    const text = await written([file("mcp/dist/bin.cjs")], messages, isEnough)
    assert.isTrue(isEnough(text), text)
    isClean(text, session)
  }, 60_000)
})
