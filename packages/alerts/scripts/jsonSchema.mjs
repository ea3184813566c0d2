// Writes alerts.schema.json from the built schema of alerts.yml: `npm run schema`, after a build.
import { AlertsConfig } from "@coalesce-runs/alerts"
import { writeFileSync } from "node:fs"

writeFileSync(
  new URL("../alerts.schema.json", import.meta.url),
  `${JSON.stringify(AlertsConfig.jsonSchema(), undefined, 2)}\n`
)
