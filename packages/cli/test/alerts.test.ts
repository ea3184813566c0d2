// `alerts check`, `alerts test` and `alerts dead-letters`, as processes.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { receiver } from "./receiver.ts"
import { run, simulated } from "./support.ts"

const file = `
version: 1
timeZone: UTC
destinations:
  team:
    type: slackWebhook
    url: \${SLACK}
  oncall:
    type: pagerDuty
    routingKey: \${PAGERDUTY}
    url: \${PAGERDUTY_URL}
routes:
  - minSeverity: critical
    to: [oncall, team]
default: team
`

const written = (text: string) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "coalesce-runs-alerts-"))),
      (directory) => Effect.sync(() => rmSync(directory, { recursive: true, force: true }))
    ),
    (directory) => {
      const yml = join(directory, "alerts.yml")
      writeFileSync(yml, text)
      return { yml, state: join(directory, "state") }
    }
  )

const key = "0123456789abcdef0123456789abcdef"

describe("coalesce-runs alerts", () => {
  it.live("check says what is wrong with its line, and ends with 2", () =>
    Effect.gen(function*() {
      const { yml } = yield* written(file.replace("slackWebhook", "slackWebhok"))
      const { code, stderr } = yield* run(["alerts", "check", yml])
      assert.strictEqual(code, 2)
      assert.include(stderr, `${yml}:6:11: destinations.team.type: There is no type "slackWebhok"`)
      const route = yield* written(file.replace("team]", "tema]"))
      const nowhere = yield* run(["alerts", "check", route.yml, "--json"])
      assert.strictEqual(nowhere.code, 2)
      assert.deepInclude(JSON.parse(nowhere.stdout).problems[0], { line: 14, path: "routes[0].to[1]" })
      const missing = yield* run(["alerts", "check", `${yml}.no`])
      assert.deepStrictEqual([missing.code, /cannot be read/.test(missing.stderr)], [2, true])
    }).pipe(Effect.scoped))

  it.live(
    "watch --alerts --json prints only lines of JSON, also of a destination that is standard output",
    () =>
      Effect.gen(function*() {
        const { state, yml } = yield* written("version: 1\ntimeZone: UTC\ndestinations:\n  log: { type: stdout }\n")
        const { env } = yield* simulated({
          runs: [{ id: 1, runType: "refresh", runStatus: "failed", environmentID: "3" }]
        })
        const { code, stderr, stdout } = yield* run(
          ["watch", "--once", "--alerts", yml, "--state", state, "--since", "0", "--json"],
          env
        )
        assert.strictEqual(code, 0, stderr)
        // The second poll, of what came after the first: so that the failure is told.
        const next = yield* run(["watch", "--once", "--alerts", yml, "--state", state, "--json"], env)
        const lines = `${stdout}${next.stdout}`.trimEnd().split("\n").map((line) => JSON.parse(line))
        const told = lines.filter(({ event }) => event === "incident.opened")
        assert.lengthOf(told, 1)
        assert.strictEqual(told[0].message.jobs.listed[0].runID, 1)
      }).pipe(Effect.scoped),
    30_000
  )

  it.live("check shows where a file leads, and names the variables that are missing", () =>
    Effect.gen(function*() {
      const { yml } = yield* written(file)
      const missing = yield* run(["alerts", "check", yml], { SLACK: "https://hooks.slack.example/secret" })
      assert.strictEqual(missing.code, 2)
      assert.include(missing.stdout, "The environment variable PAGERDUTY")
      assert.notInclude(missing.stdout, "SLACK is not set")
      const whole = yield* run(["alerts", "check", yml], {
        SLACK: "https://hooks.slack.example/secret",
        PAGERDUTY: key,
        PAGERDUTY_URL: "https://pagerduty.example"
      })
      assert.strictEqual(whole.code, 0)
      assert.deepStrictEqual(whole.stdout.trimEnd().split("\n").slice(1), [
        "Destinations:",
        "  team (slackWebhook)",
        "  oncall (pagerDuty)",
        "Routes:",
        "  minSeverity critical > oncall, team",
        "  any other > team"
      ])
      assert.notInclude(whole.stdout + missing.stdout, "secret")
    }).pipe(Effect.scoped))

  it.live(
    "test sends what says that it is a test, resolves what it triggers, and says what was not taken",
    () =>
      Effect.gen(function*() {
        const { yml } = yield* written(file)
        const { down, taken, url } = yield* receiver
        const env = { SLACK: `${url}/slack`, PAGERDUTY: key, PAGERDUTY_URL: `${url}/pagerduty` }
        const all = yield* run(["alerts", "test", yml], env)
        assert.deepStrictEqual(
          [all.code, all.stdout.trimEnd().split("\n")],
          [0, ["team: it took the test message", "oncall: it took the test message"]]
        )
        const sentTo = (path: string) => taken.filter((one) => one.path === path).map(({ body }) => JSON.parse(body))
        assert.include(sentTo("/slack")[0].text, "This is a test of coalesce-runs")
        const events = sentTo("/pagerduty")
        assert.deepStrictEqual(events.map(({ event_action }) => event_action), ["trigger", "resolve"])
        assert.strictEqual(events[0].dedup_key, events[1].dedup_key)
        taken.length = 0
        down.add("/slack")
        const one = yield* run(["alerts", "test", yml, "--destination", "team"], env)
        assert.strictEqual(one.code, 4)
        assert.match(one.stdout, /^team: team did not take message .* \(status 503\)/)
        assert.lengthOf(sentTo("/pagerduty"), 0)
        const wrong = yield* run(["alerts", "test", yml, "--destination", "nobody"], env)
        assert.deepStrictEqual([wrong.code, /there are team, oncall/.test(wrong.stderr)], [2, true])
      }).pipe(Effect.scoped),
    30_000
  )

  it.live("dead-letters names the file of its store that is damaged", () =>
    Effect.gen(function*() {
      const { state, yml } = yield* written(file)
      mkdirSync(join(state, "values"), { recursive: true })
      const damaged = join(state, "values", "damaged.json")
      writeFileSync(damaged, "{\"key\":\"a")
      const { code, stderr } = yield* run(["alerts", "dead-letters", yml, "--state", state])
      assert.strictEqual(code, 4)
      assert.include(stderr, `could not be used: ${damaged} is damaged. Remove it to go on without what it held\n`)
    }).pipe(Effect.scoped), 30_000)

  it.live("dead-letters shows what was not taken, and the next watch sends it again", () =>
    Effect.gen(function*() {
      const { state, yml } = yield* written(file.slice(0, file.indexOf("  oncall:")))
      const { taken, url } = yield* receiver
      const now = new Date().toISOString()
      const { env, simulator } = yield* simulated({ runs: [] })
      const once = (slack: string) =>
        run(["watch", "--once", "--alerts", yml, "--state", state, "--since", "0"], { ...env, SLACK: slack })
      assert.strictEqual((yield* once(`${url}/slack`)).code, 0)
      yield* simulator.update(() => [
        { id: 1, runType: "refresh", runStatus: "failed", runStartTime: now, runEndTime: now, environmentID: "3" }
      ])
      // The simulator is no Slack: it has no such page.
      const lost = yield* once(`${simulator.url}/no-such-webhook`)
      assert.strictEqual(lost.code, 0)
      assert.include(lost.stderr, "It is a dead letter now")
      const letters = ["alerts", "dead-letters", yml, "--state", state]
      const shown = yield* run(letters)
      assert.match(
        shown.stdout,
        /team did not take message .* \(status 404\)[\s\S]*Run 1 failed[\s\S]*1 dead letter in /
      )
      assert.include((yield* run([...letters, "--resend"])).stdout, "1 dead letter went back into the outbox")
      assert.strictEqual((yield* once(`${url}/slack`)).code, 0)
      assert.lengthOf(taken, 1)
      assert.include(taken[0]?.body ?? "", "Run 1 failed")
      assert.include((yield* run(letters)).stdout, "0 dead letters in ")
    }).pipe(Effect.scoped), 30_000)
})
