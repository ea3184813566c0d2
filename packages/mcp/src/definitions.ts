/** What the tools advertise. In the bundled bin this module is the JSON that it makes: see `scripts/bundle.mjs`. */
import type { Definition } from "./mount.ts"
import { tools } from "./tools/registry.ts"

export const definitions: ReadonlyArray<Definition> = tools.map(({ definition }) => definition)
