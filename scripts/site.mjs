// Installs what the site needs, which is not of the workspace, and builds the site into site/dist.
import { execSync } from "node:child_process"
import { fileURLToPath } from "node:url"

const site = fileURLToPath(new URL("../site/", import.meta.url))
const install = "npm ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error"
for (const command of [install, "node build.mjs"]) execSync(command, { cwd: site, stdio: "inherit" })
