/** Obstacles on the way to the API that stay until somebody changes a setting. */

/** What to change. */
const advice = {
  UntrustedCertificate:
    "Trust who signed the certificate, often a company's proxy: set NODE_EXTRA_CA_CERTS to their PEM file, or start Node " +
    "22.15 or later with --use-system-ca.",
  InvalidCertificate: "Check the clock of this machine, or have the certificate renewed.",
  CertificateOfOtherHost: "Check the base URL: the certificate is of another host.",
  NoTLS: "Check the scheme and the port of the base URL and of a proxy.",
  UnknownHost:
    "Check the base URL. Where only a proxy reaches it, let fetch use the proxy (NODE_USE_ENV_PROXY=1 on Node 24, a " +
    "dispatcher on Node 20).",
  ProxyRefused: "Check the user and password in HTTPS_PROXY, and whether the proxy allows this host."
}

export type Obstacle = keyof typeof advice

/** The codes and words that tell an obstacle. What may pass, such as EAI_AGAIN and ECONNREFUSED, is none. */
const signs: ReadonlyArray<readonly [sign: RegExp, obstacle: Obstacle]> = [
  [/SELF_SIGNED_CERT|UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)|CERT_UNTRUSTED/, "UntrustedCertificate"],
  [/CERT_(HAS_EXPIRED|NOT_YET_VALID|REVOKED)/, "InvalidCertificate"],
  [/ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH/, "CertificateOfOtherHost"],
  [/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/, "NoTLS"],
  [/ENOTFOUND/, "UnknownHost"],
  [/Proxy response \(40\d\)/, "ProxyRefused"]
]

export const names: ReadonlyArray<Obstacle> = signs.map(([, obstacle]) => obstacle)

/** Returns the obstacle that the codes and messages of an error's causes tell. */
export const obstacleOf = (causes: string): Obstacle | undefined => signs.find(([sign]) => sign.test(causes))?.[1]

export const adviceOn = (obstacle: Obstacle): string => advice[obstacle]
