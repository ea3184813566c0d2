import { afterEach, describe, expect, it } from "@effect/vitest"
import { type ChildProcess, spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { createServer } from "node:http"
import { fileURLToPath } from "node:url"
import { authorized } from "./support.ts"

// The build, as it is installed: `npm test` builds first.
const bin = fileURLToPath(new URL("../dist/bin.js", import.meta.url))

const children = new Set<ChildProcess>()

afterEach(() => {
  for (const child of children) child.kill("SIGKILL")
  children.clear()
})

const start = (args: ReadonlyArray<string>, env: Record<string, string> = {}) => {
  // Nothing of this machine's own settings reaches the process.
  const child = spawn(process.execPath, [bin, ...args], { env: { PATH: process.env["PATH"], ...env } })
  children.add(child)
  let stdout = ""
  let stderr = ""
  const closed = new Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>(
    (resolve) => child.on("close", (code) => resolve({ code, stdout, stderr }))
  )
  child.stderr.on("data", (part) => stderr += String(part))
  const greeting = new Promise<string>((resolve) => {
    child.stdout.on("data", (part) => {
      stdout += String(part)
      if (stdout.includes("to end it.\n")) resolve(stdout)
    })
    child.on("close", () => resolve(stdout))
  })
  return { child, closed, greeting }
}

const urlIn = (greeting: string) => /COALESCE_BASE_URL=(\S+)/.exec(greeting)?.[1] ?? ""

describe("coalesce-runs-simulator", () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`prints its URL and token, serves last night, and ends cleanly on ${signal}`, async () => {
      const { child, closed, greeting } = start(["--port", "0", "--time-zone", "Asia/Kolkata"])
      const text = await greeting
      const url = urlIn(text)
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
      expect(text).toMatch("COALESCE_ACCESS_TOKEN=simulated-token")
      expect(text).toMatch("+05:30 in Asia/Kolkata\n")
      expect(text).toMatch(`curl -H 'Authorization: Bearer simulated-token' '${url}/api/v1/runs?`)
      const response = await fetch(`${url}/api/v1/runs?limit=1000`, { headers: authorized })
      const { data }: { data: ReadonlyArray<unknown> } = JSON.parse(await response.text())
      expect(data.length).toBe(204)
      expect((await fetch(`${url}/openapi.json`)).status).toBe(200)
      child.kill(signal)
      expect(await closed).toEqual({ code: 0, stdout: text, stderr: "" })
    })
  }

  it("serves the runs that its flags select", async () => {
    const args = ["--scenario", "busy", "--count", "30", "--ids-as", "string", "--next", "null", "--max-limit", "10"]
    const { greeting } = start(["--port=0", "--token", "mine", "--latency", "60", ...args])
    const url = urlIn(await greeting)
    const began = performance.now()
    const response = await fetch(`${url}/api/v1/runs?limit=20`, { headers: { authorization: "Bearer mine" } })
    expect(JSON.parse(await response.text())).toMatchObject({
      limit: 10,
      next: null,
      data: Array.from({ length: 10 }, (_, index) => ({ id: String(30 - index) }))
    })
    expect(performance.now() - began).toBeGreaterThan(58)
  })

  it("serves no run with --scenario empty", async () => {
    const { greeting } = start(["--port=0", "--scenario", "empty"])
    const response = await fetch(`${urlIn(await greeting)}/api/v1/runs`, { headers: authorized })
    expect(JSON.parse(await response.text()).data).toEqual([])
  })

  it("starts runs and ends them within seconds with --live", async () => {
    const { child, closed, greeting } = start(["--port=0", "--live", "--speed", "3600"])
    const text = await greeting
    expect(text).toMatch("\nScenario around-the-clock, until ")
    expect(text).toMatch("\nLive from then on: 3600 simulated seconds a second. Runs start, fail and are re-run.\n")
    const latest = async (): Promise<ReadonlyArray<{ readonly id: number; readonly runStatus: string }>> => {
      const response = await fetch(`${urlIn(text)}/api/v1/runs?limit=20`, { headers: authorized })
      return JSON.parse(await response.text()).data
    }
    const [newest = { id: 0 }] = await latest()
    const began = performance.now()
    let ended: ReadonlyArray<unknown> = []
    while (ended.length < 3) {
      expect(performance.now() - began).toBeLessThan(10_000)
      await new Promise((resolve) => setTimeout(resolve, 50))
      ended = (await latest()).filter(({ id, runStatus }) =>
        id > newest.id && /completed|failed|canceled/.test(runStatus)
      )
    }
    child.kill("SIGTERM")
    expect(await closed).toEqual({ code: 0, stdout: text, stderr: "" })
  }, 20_000)

  it("uses the machine's time zone by default", async () => {
    const { greeting } = start(["--port=0"], { TZ: "America/New_York" })
    expect(await greeting).toMatch(" in America/New_York\n")
  })

  const mistakes: ReadonlyArray<[ReadonlyArray<string>, RegExp]> = [
    [["--prot", "1"], /--prot/],
    [["serve"], /serve/],
    [["--port"], /--port/],
    [["--port", "70000"], /--port takes an integer from 0 to 65535, not "70000"/],
    [["--latency", "fast"], /--latency takes an integer/],
    [["--scenario", "calm"], /--scenario takes last-night, around-the-clock, busy, empty, not "calm"/],
    [["--speed", "60"], /^--speed needs --live\n/],
    [["--live", "--speed", "fast"], /^--speed takes an integer from 1 to 86400, not "fast"\n/],
    [["--live", "--speed", "0"], /^--speed takes an integer from 1 to 86400, not "0"\n/],
    [["--live", "--scenario", "empty"], /^--live goes on with jobs, and the scenario empty has none: /],
    [["--next", "maybe"], /--next takes absent/],
    [["--ids-as", "uuid"], /--ids-as takes number, string/],
    [["--token", ""], /--token takes letters, digits/],
    [["--token", "it's"], /--token takes letters, digits/],
    [["--max-limit", "0"], /--max-limit takes an integer from 1/],
    [["--time-zone", "Mars/Olympus"], /--time-zone takes an IANA name such as Europe\/London, not "Mars\/Olympus"/]
  ]
  for (const [args, message] of mistakes) {
    it(`refuses ${args.join(" ")}, and prints its usage`, async () => {
      const { code, stdout, stderr } = await start(args).closed
      expect([code, stdout]).toEqual([2, ""])
      expect(stderr).toMatch(message)
      expect(stderr).toMatch("Usage: coalesce-runs-simulator")
    })
  }

  it("prints its usage and its version", async () => {
    const help = await start(["--help"]).closed
    expect([help.code, help.stderr]).toEqual([0, ""])
    expect(help.stdout).toMatch(/^Usage: coalesce-runs-simulator/)
    const { version }: { version: string } = JSON.parse(
      readFileSync(new URL("../package.json", import.meta.url), "utf8")
    )
    expect(await start(["--version"]).closed).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" })
  })

  it("prints one line if the port is in use", async () => {
    const server = createServer()
    const port = await new Promise<number>((resolve) =>
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        resolve(typeof address === "object" && address !== null ? address.port : 0)
      })
    )
    const { code, stderr } = await start(["--port", String(port)]).closed
    server.close()
    expect(code).toBe(1)
    expect(stderr).toMatch(`Could not listen on 127.0.0.1:${port}: `)
  })
})
