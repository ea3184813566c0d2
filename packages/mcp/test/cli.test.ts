import { describe, expect, it } from "vitest"
import { command } from "../src/cli.ts"

describe("--allowed-hosts", () => {
  it.each<[given: string, hosts: ReadonlyArray<string>]>([
    ["runs.example,other.example", ["runs.example", "other.example"]],
    [" Runs.Example ,", ["runs.example"]],
    ["runs.example:8443", ["runs.example"]],
    ["::1,[fe80::1]:80,10.0.0.1:3000", ["[::1]", "[fe80::1]", "10.0.0.1"]]
  ])("reads %s as names in the form of the headers", (given, allowedHosts) => {
    expect(command(["--http", "--allowed-hosts", given])).toMatchObject({ http: { allowedHosts } })
  })

  it.each(["https://runs.example", "*.example", "runs.example/mcp", "user@runs.example", "two words", "a:b"])(
    "refuses %s, because no header could match it",
    (given) => {
      const refused = command(["--http", "--allowed-hosts", `runs.example,${given}`])
      expect(refused).toMatchObject({ _tag: "Refuse" })
      expect("text" in refused ? refused.text : "").toContain(`not ${JSON.stringify(given)}\n\ncoalesce-runs-mcp`)
    }
  )
})

describe("--request-timeout", () => {
  it.each<[args: ReadonlyArray<string>, requestMillis: number]>([
    [[], 60_000],
    [["--request-timeout", "5"], 5000],
    [["--request-timeout=9999"], 9_999_000]
  ])("with %j is %d ms", (args, requestMillis) => {
    expect(command(["--http", ...args])).toMatchObject({ http: { requestMillis } })
  })

  it.each(["0", "-1", "1.5", "60s", "", "10000"])("refuses %j", (given) => {
    expect(command(["--http", `--request-timeout=${given}`])).toMatchObject({
      _tag: "Refuse",
      text: expect.stringContaining("--request-timeout must be a number of seconds from 1 to 9999")
    })
  })

  it("requires --http", () => {
    expect(command(["--request-timeout", "5"])).toMatchObject({ text: expect.stringContaining("requires --http") })
  })
})

it("--host takes a host in any case", () => {
  expect(command(["--http", "--host", "LocalHost"])).toMatchObject({ http: { host: "localhost" } })
})

describe("structured content", () => {
  it.each<[args: ReadonlyArray<string>, variable: string | undefined, isStructured: boolean]>([
    [[], undefined, false],
    [["--structured"], undefined, true],
    [["--structured", "--http"], "0", true],
    [[], "1", true],
    [[], " true ", true],
    [[], "0", false],
    [[], "false", false],
    // A client that fills in a template leaves the variable empty.
    [[], "", false]
  ])("with %j and COALESCE_MCP_STRUCTURED=%j is %j", (args, variable, isStructured) => {
    expect(command(args, { COALESCE_MCP_STRUCTURED: variable })).toMatchObject({ _tag: "Serve", isStructured })
  })
})
