#!/usr/bin/env node
/** `coalesce-runs-simulator`: runs the simulator in a terminal. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { readFileSync } from "node:fs"
import { parseArgs } from "node:util"
import * as Scenario from "./Scenario.ts"

const usage = `Usage: coalesce-runs-simulator [options]

Serves the runs API of Coalesce on this machine, and prints its URL and token.

  --port <number>       the port; 0 selects a free one. Default: 4010
  --host <address>      the address to listen on. Default: 127.0.0.1
  --token <text>        the token that requests must send. Default: simulated-token
  --live                runs start, progress, fail and are re-run while it serves
  --speed <number>      how many simulated seconds pass in a second of --live. Default: 60
  --scenario <name>     Default: last-night, or around-the-clock with --live
                        last-night: a night on which five refreshes failed
                        around-the-clock: that, and jobs that run all day
                        busy: many random runs
                        empty: no runs
  --count <number>      the number of runs in the busy scenario. Default: 20000
  --time-zone <name>    the time zone of last night, such as Europe/London. Default: this machine's
  --seed <number>       the seed of everything random. Default: 1
  --latency <millis>    the delay of each response. Default: 0
  --next <style>        the "next" of a page: absent, null, blank, last, string, numeric or always. Default: absent
  --ids-as <kind>       how ids are written: number or string. Default: number
  --max-limit <number>  the largest limit; a greater one is clamped. Default: 1000
  --help                prints this help
  --version             prints the version
`

class UsageError extends Error {}

const parse = () => {
  try {
    return parseArgs({
      options: {
        port: { type: "string", default: "4010" },
        host: { type: "string", default: "127.0.0.1" },
        token: { type: "string", default: "simulated-token" },
        live: { type: "boolean", default: false },
        speed: { type: "string" },
        scenario: { type: "string" },
        count: { type: "string", default: "20000" },
        "time-zone": { type: "string" },
        seed: { type: "string", default: "1" },
        latency: { type: "string", default: "0" },
        next: { type: "string", default: "absent" },
        "ids-as": { type: "string", default: "number" },
        "max-limit": { type: "string", default: "1000" },
        help: { type: "boolean", default: false },
        version: { type: "boolean", default: false }
      }
    }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

const integer = (flag: string, text: string, minimum: number, maximum: number): number => {
  const value = Number(text)
  if (!/^\d{1,15}$/.test(text) || value < minimum || value > maximum) {
    throw new UsageError(`--${flag} takes an integer from ${minimum} to ${maximum}, not "${text}"`)
  }
  return value
}

const oneOf = <const A extends string>(flag: string, text: string, allowed: ReadonlyArray<A>): A => {
  const found = allowed.find((value) => value === text)
  if (found === undefined) throw new UsageError(`--${flag} takes ${allowed.join(", ")}, not "${text}"`)
  return found
}

// Only characters that neither a header nor a shell changes.
const tokenOf = (text: string): string => {
  if (/^[\w.~+/=-]+$/.test(text)) return text
  throw new UsageError("--token takes letters, digits and any of -._~+/=")
}

// Keeps the name as written: Node would print Asia/Kolkata as Asia/Calcutta.
const zone = (text: string): string => {
  if (Option.isSome(DateTime.zoneFromString(text))) return text
  throw new UsageError(`--time-zone takes an IANA name such as Europe/London, not "${text}"`)
}

const scenarios = ["last-night", "around-the-clock", "busy", "empty"] as const

const scenarioOf = ({ live, scenario = live ? "around-the-clock" : "last-night", speed }: ReturnType<typeof parse>) => {
  const name = oneOf("scenario", scenario, scenarios)
  if (!live) {
    if (speed !== undefined) throw new UsageError("--speed needs --live")
    return { scenario: name }
  }
  if (name === "busy" || name === "empty") {
    throw new UsageError(`--live goes on with jobs, and the scenario ${name} has none: leave out --scenario ${name}`)
  }
  return { scenario: name, live: { speed: integer("speed", speed ?? "60", 1, 86_400) } }
}

const settingsOf = (values: ReturnType<typeof parse>) => ({
  port: integer("port", values.port, 0, 65_535),
  host: values.host,
  token: tokenOf(values.token),
  ...scenarioOf(values),
  count: integer("count", values.count, 0, 1_000_000),
  timeZone: zone(values["time-zone"] ?? Intl.DateTimeFormat().resolvedOptions().timeZone),
  seed: integer("seed", values.seed, 0, Number.MAX_SAFE_INTEGER),
  latency: integer("latency", values.latency, 0, 600_000),
  next: oneOf("next", values.next, ["absent", "null", "blank", "last", "string", "numeric", "always"]),
  idsAs: oneOf("ids-as", values["ids-as"], ["number", "string"]),
  maxLimit: integer("max-limit", values["max-limit"], 1, 1000)
})

type Settings = ReturnType<typeof settingsOf>

const historyOf = ({ count, scenario, seed, timeZone }: Settings, now: DateTime.Utc) => {
  switch (scenario) {
    case "last-night":
      return { scenario: Scenario.lastNight({ now, timeZone, seed }) }
    case "around-the-clock":
      return { scenario: Scenario.aroundTheClock({ now, timeZone, seed }) }
    case "busy":
      return { runs: Scenario.generate({ count, now, seed }) }
    case "empty":
      return { runs: [] }
  }
}

const greeting = (url: string, token: string, settings: Settings, now: DateTime.Utc) =>
  `Simulating the runs API of Coalesce at ${url}
Scenario ${settings.scenario}, until ${
    DateTime.formatIsoOffset(DateTime.makeZonedUnsafe(now, settings))
  } in ${settings.timeZone}
${
    "live" in settings
      ? `Live from then on: ${settings.live.speed} simulated seconds a second. Runs start, fail and are re-run.\n`
      : ""
  }
  export COALESCE_BASE_URL=${url}
  export COALESCE_ACCESS_TOKEN=${token}

Try:
  curl -H 'Authorization: Bearer ${token}' '${url}/api/v1/runs?runStatus=failed&limit=5'
or read ${url}/openapi.json. Press Ctrl-C to end it.
`

const serve = Effect.fnUntraced(function*(settings: Settings) {
  const now = yield* DateTime.now
  // The HTTP server takes longer to load than everything else, and help and a mistake in the flags do not need it.
  const Simulator = yield* Effect.promise(() => import("./Simulator.ts"))
  const { count: _count, scenario: _scenario, timeZone: _timeZone, ...options } = settings
  const simulator = yield* Simulator.make({ ...options, ...historyOf(settings, now) })
  process.stdout.write(greeting(simulator.url, Redacted.value(simulator.token), settings, now))
  return yield* Effect.never
})

const main = () => {
  const values = parse()
  if (values.help) return void process.stdout.write(usage)
  if (values.version) {
    const { version }: { version: string } = JSON.parse(
      readFileSync(new URL("../package.json", import.meta.url), "utf8")
    )
    return void process.stdout.write(`${version}\n`)
  }
  const fiber = Effect.runFork(
    serve(settingsOf(values)).pipe(
      Effect.scoped,
      Effect.catchTag("ListenError", ({ message }) =>
        Effect.sync(() => {
          process.stderr.write(`${message}\n`)
          process.exitCode = 1
        }))
    )
  )
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => fiber.interruptUnsafe())
  fiber.addObserver((exit) => {
    if (Exit.isFailure(exit) && Exit.hasDies(exit)) {
      process.stderr.write(`${String(exit.cause)}\n`)
      process.exitCode = 1
    }
  })
}

try {
  main()
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  process.stderr.write(`${error.message}\n\n${usage}`)
  process.exitCode = 2
}
