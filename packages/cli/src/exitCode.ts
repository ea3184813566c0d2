/** The exit codes, as cron and CI read them. */
export const exitCodes = {
  /** All is well. */
  well: 0,
  /** Something failed or needs attention. Only `check` and `diagnose` say so. */
  attention: 1,
  /** The command line or a setting is wrong. */
  usage: 2,
  /** Coalesce refused the token. */
  signIn: 3,
  /** Coalesce could not be read. */
  unavailable: 4
} as const
