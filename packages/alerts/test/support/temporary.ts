// A directory that is there for as long as a test.
import * as Effect from "effect/Effect"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

export const temporary = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "coalesce-runs-files-"))),
  (directory) => Effect.sync(() => rmSync(directory, { recursive: true, force: true }))
)
