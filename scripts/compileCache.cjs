// What each bin runs first. Node 22.8 and newer then keep compiled code for the next start. They keep it in the user's own
// folder, because others may write to the temporary one. Where that fails, the bin starts as without it.
try {
  const { enableCompileCache } = require("node:module")
  if (enableCompileCache !== undefined) {
    const path = require("node:path")
    const folder = process.env.XDG_CACHE_HOME || path.join(require("node:os").homedir(), ".cache")
    if (path.isAbsolute(folder)) enableCompileCache(path.join(folder, "coalesce-runs"))
  }
} catch {}
