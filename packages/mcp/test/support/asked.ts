/** A scenario's history at the moment of its question, asked through the whole server by a real client. */
import type * as Scenario from "@coalesce-runs/simulator/Scenario"
import type * as Simulator from "@coalesce-runs/simulator/Simulator"
import type { CallToolResult } from "@modelcontextprotocol/client"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import { encode } from "gpt-tokenizer/encoding/o200k_base"
import { clientOf } from "./call.ts"
import { connected, type Era } from "./server.ts"

/** The time of a history's `now`. It stands still. */
export const at = (now: DateTime.DateTime) =>
  Layer.effectDiscard(TestClock.setTime(DateTime.toEpochMillis(now))).pipe(Layer.provideMerge(TestClock.layer()))

export const layerOf = (scenario: Scenario.Scenario, options: Simulator.Options = {}) =>
  clientOf({ scenario, ...options }).pipe(Layer.provideMerge(at(scenario.now)))

/** The text of a result. The simulator's port changes from run to run. */
export const textOf = ({ content }: Pick<CallToolResult, "content">): string =>
  content.flatMap((part) => part.type === "text" ? [part.text] : []).join("\n").replaceAll(
    /127\.0\.0\.1:\d+/g,
    "127.0.0.1:4000"
  )

export const tokens = (text: string): number => encode(text).length

/** A client of a server over this history, for as long as the scope is open. */
export const client = (scenario: Scenario.Scenario, options: Simulator.Options = {}, era: Era = "modern") =>
  Effect.map(connected(layerOf(scenario, options), era, { structured: true }), ({ client }) => ({
    client,
    call: (name: string, args: Record<string, unknown>) =>
      Effect.promise(() => client.callTool({ name, arguments: args }))
  }))
