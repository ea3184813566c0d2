import { describe, expect, it } from "vitest"
import { command } from "../src/cli.ts"

describe("--allowed-hosts", () => {
  it.each<[given: string, hosts: ReadonlyArray<string>]>([
    ["runs.example,other.example", ["runs.example", "other.example"]],
    [" Runs.Example ,", ["runs.example"]],
    ["runs.example:8443", ["runs.example"]],
    ["::1,[fe80::1]:80,10.0.0.1:3000", ["[::1]", "[fe80::1]", "10.0.0.1"]]
  ])("%s are names as the headers have them", (given, allowedHosts) => {
    expect(command(["--http", "--allowed-hosts", given])).toMatchObject({ http: { allowedHosts } })
  })

  it.each(["https://runs.example", "*.example", "runs.example/mcp", "user@runs.example", "two words", "a:b"])(
    "%s is refused, since no header could match it",
    (given) => {
      const refused = command(["--http", "--allowed-hosts", `runs.example,${given}`])
      expect(refused).toMatchObject({ _tag: "Refuse" })
      expect("text" in refused ? refused.text : "").toContain(`not ${JSON.stringify(given)}\n\ncoalesce-runs-mcp`)
    }
  )
})

it("takes a host in any case", () => {
  expect(command(["--http", "--host", "LocalHost"])).toMatchObject({ http: { host: "localhost" } })
})
