// For pnpm pack: pnpm writes what it replaces `workspace:` with in the order in which it finds it, which differs from time to time.
const sorted = (dependencies) => Object.fromEntries(Object.entries(dependencies).sort(([a], [b]) => (a < b ? -1 : 1)))

module.exports = {
  hooks: {
    beforePacking: (manifest) => {
      for (const field of ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"]) {
        if (manifest[field] !== undefined) manifest[field] = sorted(manifest[field])
      }
      return manifest
    }
  }
}
