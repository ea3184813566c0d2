/** A client whose pages end in a fault of its own, with a message that nobody may read. */
import { RunsClient } from "@coalesce-runs/core"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"

export const broken = Layer.effect(
  RunsClient.RunsClient,
  Effect.map(RunsClient.make({ accessToken: "a-token" }), (client) => ({
    ...client,
    pages: () => Stream.die(new Error("a secret of the inside"))
  }))
).pipe(Layer.provide(FetchHttpClient.layer))
