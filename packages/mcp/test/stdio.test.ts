import { describe, expect, it } from "vitest"
import { maxLine } from "../src/stdio.ts"
import { copyOfBin, type Ended, run, start } from "./support/process.ts"

const initialize = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } }
}

const lines = (stdout: string) => stdout.trimEnd().split("\n").map((line) => JSON.parse(line))

/** Sends text to a server, waits for this many lines of its output, and ends. */
const exchange = async (text: string, count: number): Promise<Ended> => {
  const server = start([copyOfBin()])
  let stdout = ""
  const responded = new Promise<void>((resolve) => {
    server.process.stdout?.on("data", (part: string) => {
      stdout += part
      if (stdout.split("\n").length > count) resolve()
    })
  })
  server.process.stdin?.write(text)
  await Promise.race([responded, server.ended])
  server.process.stdin?.end()
  return server.ended
}

const respondTo = async (...messages: ReadonlyArray<unknown>) => {
  const { stdout } = await exchange(
    [initialize, ...messages].map((message) => `${JSON.stringify(message)}\n`).join(""),
    1 + messages.length
  )
  return lines(stdout).filter(({ id }) => id !== 1)
}

describe("every request gets a response over stdio", () => {
  it.each<[what: string, method: string, params: unknown]>([
    ["params: null", "tools/list", null],
    ["params: [], as PHP writes an empty object", "tools/list", []],
    ["_meta: null", "tools/list", { _meta: null }],
    ["a progress token that is null", "tools/list", { _meta: { progressToken: null } }],
    ["cursor: null", "tools/list", { cursor: null }],
    ["arguments: null", "tools/call", { name: "list_runs", arguments: null }],
    ["arguments: \"\"", "tools/call", { name: "list_runs", arguments: "" }],
    ["arguments that are the JSON text of null", "tools/call", { name: "list_runs", arguments: "null" }],
    ["arguments: []", "tools/call", { name: "list_runs", arguments: [] }],
    ["arguments of a prompt: null", "prompts/get", { name: "why_did_it_fail", arguments: null }],
    ["an argument of a prompt: null", "prompts/get", { name: "why_did_it_fail", arguments: { runID: null } }]
  ])("with %s it counts as left out", async (_, method, params) => {
    const [response] = await respondTo({ jsonrpc: "2.0", id: 2, method, params })
    expect(response).toMatchObject({ id: 2, result: {} })
  })

  it.each<[what: string, message: unknown, id: unknown, code: number]>([
    ["params that are text", { jsonrpc: "2.0", id: 2, method: "tools/list", params: "x" }, 2, -32_602],
    [
      "arguments that are text",
      {
        jsonrpc: "2.0",
        id: 2,
        method: "tools/call",
        params: { name: "list_runs", arguments: "the failed ones" }
      },
      2,
      -32_602
    ],
    ["no jsonrpc", { id: "a", method: "tools/list" }, "a", -32_600],
    ["an id that is null", { jsonrpc: "2.0", id: null, method: "tools/list" }, null, -32_600],
    ["an id that is no safe integer", { jsonrpc: "2.0", id: 2 ** 53, method: "tools/list" }, 2 ** 53, -32_600],
    [
      "a progress token that is an object",
      { jsonrpc: "2.0", id: 2, method: "tools/list", params: { _meta: { progressToken: {} } } },
      2,
      -32_602
    ],
    ["an id that is a fraction", { jsonrpc: "2.0", id: 2.5, method: "tools/list" }, 2.5, -32_600],
    ["no object", 7, null, -32_600]
  ])("with %s it gets an error with its id", async (_, message, id, code) => {
    expect(await respondTo(message)).toMatchObject([{ jsonrpc: "2.0", id, error: { code } }])
  })

  it("with arguments as the JSON text of an object they are taken as meant", async () => {
    const [call, prompt] = await respondTo(
      { jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "list_runs", arguments: "{}" } },
      {
        jsonrpc: "2.0",
        id: 3,
        method: "prompts/get",
        params: { name: "why_did_it_fail", arguments: "{\"runID\":\"1202\",\"window\":null}" }
      }
    ).then((responses) => responses.sort((a, b) => a.id - b.id))
    expect(call).toMatchObject({ id: 2, result: { content: [{ type: "text" }] } })
    expect(prompt.result.messages[0].content.text).toContain("{\"runID\":\"1202\"}")
  })

  it("with a member that is not JSON-RPC's it is taken without it", async () => {
    const responses = await respondTo({ jsonrpc: "2.0", id: 2, method: "ping", result: {}, auth: "x" })
    expect(responses).toMatchObject([{ id: 2, result: {} }])
  })

  it("with 50,000 levels of nesting it is refused, and the next one is served", async () => {
    const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`
    const { code, stdout } = await exchange(
      [
        JSON.stringify(initialize),
        `{"jsonrpc":"2.0","id":2,"method":"ping","params":{"x":${deep}}}`,
        `{"jsonrpc":"2.0","id":3,"method":"ping"}`
      ].map((line) => `${line}\n`).join(""),
      3
    )
    expect(lines(stdout).filter(({ id }) => id !== 1)).toMatchObject([
      { id: 2, error: { code: -32_600, message: expect.stringContaining("100 levels") } },
      { id: 3, result: {} }
    ])
    expect(code).toBe(0)
  })

  it("as each message of an array", async () => {
    const responses = await respondTo([
      { jsonrpc: "2.0", id: 2, method: "ping" },
      { jsonrpc: "2.0", id: 3, method: "ping", params: null }
    ], 7)
    expect(responses).toMatchObject([
      { id: null, error: { code: -32_600 } },
      { id: 2, result: {} },
      { id: 3, result: {} }
    ])
  })

  it("and text that is not JSON gets a parse error", async () => {
    const { code, stdout } = await exchange("{not json\n", 1)
    expect(lines(stdout)).toMatchObject([{ id: null, error: { code: -32_700 } }])
    expect(code).toBe(0)
  })

  it("behind a byte order mark, blank lines and CRLF, and in pieces", async () => {
    const server = start([copyOfBin()])
    const bytes = Buffer.from(`\uFEFF${JSON.stringify(initialize)}\r\n\r\n`)
    for (const byte of bytes) server.process.stdin?.write(Buffer.of(byte))
    await new Promise((resolve) => server.process.stdout?.once("data", resolve))
    server.process.stdin?.end()
    const { stderr, stdout } = await server.ended
    expect(lines(stdout)).toMatchObject([{ id: 1, result: { protocolVersion: "2025-11-25" } }])
    expect(stderr).toBe("")
  })
})

it.each([["with its end", "\n"], ["without its end", ""]])(
  "a line over the limit, %s, is refused and said, and the exit code is not 0",
  async (_, end) => {
    const server = start([copyOfBin()])
    server.process.stdin?.on("error", () => {})
    server.process.stdin?.write(
      `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"${"x".repeat(maxLine)}"}}${end}`
    )
    const { code, stderr, stdout } = await server.ended
    expect(code).toBe(1)
    expect(stderr).toBe("coalesce-runs-mcp: A message is longer than 10 MiB. The server ends.\n")
    expect(lines(stdout)).toMatchObject([{ id: null, error: { message: expect.stringContaining("10 MiB") } }])
  }
)

it("many short messages may be longer than the limit together", async () => {
  const padded = `${JSON.stringify({ jsonrpc: "2.0", id: 2, method: "ping" })}${" ".repeat(maxLine / 4)}\n`
  const { code, stdout } = await exchange(`${JSON.stringify(initialize)}\n${padded.repeat(6)}`, 7)
  expect(code).toBe(0)
  expect(lines(stdout)).toHaveLength(7)
})

it.each(["--help", "--version"])("%s into a closed pipe is quiet", async (flag) => {
  const started = start([copyOfBin(), flag])
  started.process.stdout?.destroy()
  expect(await started.ended).toMatchObject({ code: 0, stderr: "" })
})

it("an unknown flag says so with exit code 2, even where nobody reads it", async () => {
  expect((await run([copyOfBin(), "--nope"])).code).toBe(2)
  const started = start([copyOfBin(), "--nope"])
  started.process.stderr?.destroy()
  expect((await started.ended).code).toBe(2)
})
