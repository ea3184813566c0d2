/** What the tools advertise. In the bundled bin this module is the JSON that it makes: see `scripts/bundle.mjs`. */
import { tools } from "./tools/all.ts"
import type { Definition } from "./tools/Tool.ts"

export const definitions: ReadonlyArray<Definition> = tools.map(({ definition }) => definition)
