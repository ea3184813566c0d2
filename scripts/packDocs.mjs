// Copies the pages of docs/ into a package before it is packed, for its readers and their coding agents. Links to files outside
// docs/, and pictures, become web addresses.
//
// Runs as `prepack` in the package's folder.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const repository = "https://github.com/coalesce-runs/coalesce-runs"
const docs = fileURLToPath(new URL("../docs/", import.meta.url))

rmSync("docs", { recursive: true, force: true })
mkdirSync("docs")
for (const file of readdirSync(docs).filter((file) => file.endsWith(".md"))) {
  writeFileSync(
    `docs/${file}`,
    readFileSync(docs + file, "utf8")
      .replaceAll("](../", `](${repository}/blob/main/`)
      .replaceAll("](images/", `](${repository}/raw/main/docs/images/`)
  )
}
