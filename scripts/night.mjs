// Draws the pictures of the documentation.
//
// After a build:
//   node scripts/night.mjs                       writes them to docs/images
//   node scripts/night.mjs --print check.svg     prints one
import { mkdirSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { check, night } from "./pictures.mjs"

const pictures = { "last-night.svg": async () => (await night()).svg, "check.svg": check }

const [, , flag, name] = process.argv
if (flag === "--print") process.stdout.write(await pictures[name]())
else {
  const folder = fileURLToPath(new URL("../docs/images/", import.meta.url))
  mkdirSync(folder, { recursive: true })
  for (const [file, draw] of Object.entries(pictures)) writeFileSync(folder + file, await draw())
}
