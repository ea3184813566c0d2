// Bundles core for a browser and runs it where no code may be made from text, and where there is nothing of Node. A browser
// with such a policy runs the same program in scripts/packed.mjs, where there is one.
import { Scenario, Simulator } from "@coalesce-runs/simulator"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { build } from "esbuild"
import { fileURLToPath } from "node:url"
import { createContext, runInContext } from "node:vm"

// What every browser has, in the form of this Node.
const browser = () => ({
  AbortController,
  AbortSignal,
  clearTimeout,
  fetch,
  Headers,
  performance,
  queueMicrotask,
  Response,
  setTimeout,
  TextDecoder,
  TextEncoder,
  URL,
  URLSearchParams
})

it.live("core runs in a browser whose content policy forbids eval", () =>
  Effect.gen(function*() {
    const { outputFiles: [bundle] } = yield* Effect.promise(() =>
      build({
        entryPoints: [fileURLToPath(new URL("runtimes/program.mjs", import.meta.url))],
        bundle: true,
        format: "iife",
        globalName: "program",
        platform: "browser",
        write: false
      })
    )
    const context = createContext(browser(), { codeGeneration: { strings: false, wasm: false } })
    expect(() => runInContext("new Function('return 1')", context)).toThrow("Code generation from strings disallowed")

    const { token, url } = yield* Simulator.Simulator
    const input = {
      token: Redacted.value(token),
      url,
      watchSince: 1184,
      since: "2026-03-09T18:00:00Z",
      until: "2026-03-10T08:00:00Z"
    }
    // An attempt to make code would be a report of the policy, even if a fallback follows.
    expect(bundle?.text).not.toMatch(/\bnew Function\b|\beval\(/)
    const script = `${bundle?.text}\nprogram.run(${JSON.stringify(input)}).then(JSON.stringify)`
    const result = JSON.parse(yield* Effect.promise(async () => `${await runInContext(script, context)}`))
    expect(result.history).toHaveLength(204)
    expect(result).toMatchObject({
      watched: [[1185, "completed"], [1186, "completed"]],
      resumed: [[1186, "completed"], [1187, "completed"]],
      diagnosed: { outcome: "failed", run: { id: 1202 } },
      refused: "Unauthorized"
    })
  }).pipe(Effect.provide(Simulator.layer({
    scenario: Scenario.lastNight({ now: "2026-03-10T08:00:00Z", timeZone: "Europe/London" })
  }))))
