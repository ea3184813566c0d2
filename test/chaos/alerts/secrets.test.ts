// However a destination fails, no secret of alerts.yml comes out: not in a terminal, not on disk, and to nobody else.
import { afterAll, assert, beforeAll, describe, it, onTestFinished } from "@effect/vitest"
import { once } from "node:events"
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { start as startBin } from "../../../packages/cli/test/support.ts"
import { type ChaosServer, start } from "../server/server.ts"
import { delays, type Destinations, failures, start as startDestinations } from "./destinations.ts"

const token = "tokCANARYalerts_+/=~0123456789abcdef"

const canary = {
  path: "pathCANARYalerts0123456789",
  bot: "xoxb-botCANARYalerts0123456789",
  routingKey: "C4NARYroutingKey0123456789abcdef",
  signing: Buffer.from("signingCANARYalerts0123456789").toString("base64")
}

const secrets = [token, ...Object.values(canary)].flatMap((secret) => [
  secret.slice(0, 14),
  Buffer.from(secret).toString("base64").slice(0, 16)
])

const isClean = (where: string, text: string): void => {
  for (const secret of [...secrets, "CANARY"]) {
    const at = text.indexOf(secret)
    assert.isTrue(at < 0, `a secret came out in ${where}: …${text.slice(Math.max(0, at - 300), at + 60)}`)
  }
}

let upstream: ChaosServer
let destinations: Destinations
let folder: string
let env: Readonly<Record<string, string>>

const types = ["slack", "bot", "teams", "pagerDuty", "program"] as const

const entry = (type: (typeof types)[number], variable: string): string => {
  const url = `url: "\${${variable}}"`
  switch (type) {
    case "slack":
      return `{ type: slackWebhook, ${url} }`
    case "bot":
      return `{ type: slackBot, token: "\${BOT}", channel: C024BE7LR, ${url} }`
    case "teams":
      return `{ type: teams, ${url} }`
    case "pagerDuty":
      return `{ type: pagerDuty, routingKey: "\${ROUTING_KEY}", source: prod, ${url} }`
    case "program":
      return `{ type: webhook, secret: "\${SIGNING}", ${url} }`
  }
}

const all = types.flatMap((type) => failures.map((failure) => ({ type, failure, name: `${type}-${failure}` })))

/** Those that take their time, and one of each type beside them that does not. */
const slow = types.flatMap((type) =>
  [...delays, "well"].map((failure) => ({ type, failure, name: `${type}-${failure}` }))
)

const variableOf = (name: string): string => name.replaceAll("-", "_").toUpperCase()

/** Writes an alerts.yml, and returns its path. */
const written = (name: string, entries: ReadonlyArray<string>, more = ""): string => {
  const path = join(folder, name)
  writeFileSync(path, `version: 1\ntimeZone: UTC\nevery: 1 second\n${more}destinations:\n${entries.join("\n")}\n`)
  return path
}

/** Runs a command until it ends, or until `enough`, and searches all that it wrote. */
const run = async (
  args: ReadonlyArray<string>,
  variables: Readonly<Record<string, string>> = env,
  enough?: () => boolean
): Promise<string> => {
  const child = startBin(args, variables)
  // A test that fails does not end it.
  onTestFinished(() => void child.kill("SIGKILL"))
  let text = ""
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => text += part)
  }
  const closed = once(child, "close")
  if (enough !== undefined) {
    const began = performance.now()
    while (!enough() && child.exitCode === null && performance.now() - began < 40_000) await pause(50)
    assert.isTrue(enough(), text)
    child.kill("SIGTERM")
  }
  await closed
  assert.isAbove(text.length, 20, args.join(" "))
  isClean(args.join(" "), text)
  return text
}

beforeAll(async () => {
  upstream = await start()
  destinations = await startDestinations()
  folder = mkdtempSync(join(tmpdir(), "coalesce-runs-secrets-"))
  const now = Date.now()
  upstream.open(token, {
    lives: Array.from({ length: 12 }, (_, index) => ({
      id: index + 1,
      runType: "refresh",
      environmentID: "1",
      phases: [{
        at: 0,
        runStatus: index % 3 === 2 ? "failed" : "completed",
        start: now - (14 - index) * 600_000,
        end: now - (14 - index) * 600_000 + 60_000
      }],
      ...(index % 4 === 0 ? { oddity: "echo" as const } : {})
    })),
    style: { says: "used", next: "last", ties: "asc", untimed: "omitted" },
    faults: []
  })
  env = {
    COALESCE_ACCESS_TOKEN: token,
    COALESCE_BASE_URL: upstream.origin,
    BOT: canary.bot,
    ROUTING_KEY: canary.routingKey,
    SIGNING: `whsec_${canary.signing}`,
    HEARTBEAT: `${destinations.origin}/status500/heartbeat/${canary.path}`,
    ...Object.fromEntries(
      [...all, ...slow].map(({ failure, name }) => [
        variableOf(name),
        `${destinations.origin}/${failure}/${name}/${canary.path}?key=${canary.path}`
      ])
    )
  }
})

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  destinations.stop()
  await upstream.stop()
})

const reached = (): ReadonlySet<string | undefined> => new Set(destinations.paths.map((path) => path.split("/")[2]))

describe("the secrets of alerts.yml", () => {
  it("are in no output of check and test, however a destination fails", async () => {
    const file = written("alerts.yml", all.map(({ name, type }) => `  ${name}: ${entry(type, variableOf(name))}`))
    assert.include(await run(["alerts", "check", file]), "is right")
    await run(["alerts", "check", file, "--json"])
    for (const json of [[], ["--json"]]) {
      const text = await run(["alerts", "test", file, ...json])
      assert.strictEqual(text.trim().split("\n").length, all.length)
      assert.isAtLeast(reached().size, all.length)
    }
    assert.deepStrictEqual(destinations.paths.filter((path) => path.startsWith("/trap")), [])
  }, 60_000)

  it("are not in the directory of a watch, its output, or its dead letters", async () => {
    const file = written(
      "watch.yml",
      all.map(({ name, type }) => `  ${name}: ${entry(type, variableOf(name))}`),
      "heartbeat: ${HEARTBEAT}\n"
    )
    const state = join(folder, "state")
    const before = destinations.paths.length
    const told = () => new Set(destinations.paths.slice(before).map((path) => path.split("/")[2]))
    await run(
      ["watch", "--alerts", file, "--since", "0", "--state", state, "--json"],
      env,
      () => told().size > all.length
    )
    const kept = readdirSync(state, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
    assert.isAbove(kept.length, 0)
    for (const one of kept) isClean(one.name, `${one.name} ${readFileSync(join(one.parentPath, one.name), "utf8")}`)
    for (const more of [[], ["--json"], ["--resend"]]) {
      await run(["alerts", "dead-letters", file, "--state", state, ...more])
    }
    assert.deepStrictEqual(destinations.paths.filter((path) => path.startsWith("/trap")), [])
  }, 60_000)

  it(
    "are told by no destination that takes its time, and none of these delays another, or the end of the watch",
    async () => {
      const file = written("slow.yml", slow.map(({ name, type }) => `  ${name}: ${entry(type, variableOf(name))}`))
      const state = join(folder, "slow")
      const before = destinations.paths.length
      const told = () => new Set(destinations.paths.slice(before).map((path) => path.split("/")[2]))
      let stoppedAt = 0
      // One after another they would need 125 seconds.
      await run(["watch", "--alerts", file, "--since", "0", "--state", state, "--json"], env, () => {
        const isAll = slow.every(({ name }) => told().has(name))
        if (isAll) stoppedAt = performance.now()
        return isAll
      })
      assert.isBelow(performance.now() - stoppedAt, 15_000)
      for (const bytes of destinations.endless) assert.isBelow(bytes, 20_000_000)
      const kept = readdirSync(state, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
      for (const one of kept) isClean(one.name, `${one.name} ${readFileSync(join(one.parentPath, one.name), "utf8")}`)
    },
    60_000
  )

  it.each<[what: string, lines: ReadonlyArray<string>, variables: Readonly<Record<string, string>>]>([
    ["an address in the file", [`  chat: { type: slackWebhook, url: "https://hooks.example/${canary.path}" }`], {}],
    ["a token in the file", [`  chat: { type: slackBot, token: ${canary.bot}, channel: C024BE7LR }`], {}],
    ["a key in the place of a channel", [`  chat: { type: slackBot, token: "\${BOT}", channel: ${canary.bot} }`], {}],
    ["YAML that breaks at a secret", [`  chat: { type: teams, url: "${canary.path}`], {}],
    ["http: to another host", ["  chat: { type: teams, url: \"${A}\" }"], { A: `http://hooks.example/${canary.path}` }],
    ["no address", ["  chat: { type: teams, url: \"${A}\" }"], { A: `hooks.example/${canary.path}` }],
    ["an address with a user", ["  chat: { type: teams, url: \"${A}\" }"], {
      A: `https://u:${canary.path}@hooks.example`
    }],
    ["a token with a space", ["  chat: { type: slackBot, token: \"${A}\", channel: C024BE7LR }"], {
      A: `${canary.bot} x`
    }],
    ["a key of another length", ["  chat: { type: pagerDuty, routingKey: \"${A}\", source: a }"], {
      A: `${canary.routingKey}0`
    }],
    ["a key that is no base64", ["  chat: { type: webhook, url: \"${SLACK_RESET}\", secret: \"${A}\" }"], {
      A: `whsec_*${canary.signing}`
    }]
  ])("are in no refusal of %s", async (_, lines, variables) => {
    const file = written("wrong.yml", lines)
    for (
      const args of [
        ["alerts", "check", file],
        ["alerts", "check", file, "--json"],
        ["alerts", "test", file],
        ["watch", "--alerts", file, "--state", join(folder, "none")]
      ]
    ) {
      const text = await run(args, { ...env, ...variables })
      assert.notInclude(text, "it took the test message")
    }
  }, 60_000)
})
