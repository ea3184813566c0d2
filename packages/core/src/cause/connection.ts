/** Sentences of signing in, of the network and of time-outs, which all platforms and drivers write much alike. */
import type { CauseClass } from "./causeClass.ts"

export const connectionWords: ReadonlyArray<readonly [RegExp, CauseClass]> = [
  [
    /(?:jwt|oauth|id|access|refresh|authentication|authorization|session|bearer|mfa|programmatic access) token .{0,60}\b(?:invalid|expired|revoked|missing|disabled)|\btoken (?:is |has |was )?(?:been )?(?:invalid|expired|revoked|rejected)|invalid (?:oauth|jwt|access token|bearer|credentials?|api key|client|grant|consent|login|username|password|saml)|incorrect username or password|is not allowed to access snowflake|network polic(?:y|ies)|not granted to this user|multi-?factor authentication|\bmfa\b|temporarily locked|failed to (?:connect|authenticate|login|log in|acquire (?:an? )?token|establish (?:a )?connection)|could not (?:connect|authenticate)|cannot (?:connect|open server)|session (?:no longer exists|has (?:been )?(?:expired|closed)|is (?:closed|expired))|session does not exist|must authenticate again|private key|public key|(?:password|credentials?|secret|certificate) (?:has |have |is |are |was )?(?:been )?expired|\buser (?:access|account|login)?\s?(?:is |has been )?disabled\b|login failed|authentication (?:failed|failure|is required|error|required|unsuccessful)|\bunauthori[sz]ed\b|\bunauthenticated\b|saml response|user .{0,80}(?:is locked|locked out)|single sign-?on|bad (?:username|credentials)|could not verify|(?:invalid|unknown|no such) (?:account|user|host)\b|federated authentication|external ?browser|account is not allowed to access|\bocsp\b|response is unreliable/i,
    "authenticationOrNetwork"
  ],
  [
    /\bconnection (?:was |has been |is )?(?:refused|reset|aborted|closed|lost|broken|dropped|timed out|error|terminated|failure|failed|forcibly closed)|\bcannot establish a connection|unable to connect|communication (?:error|link failure)|\bECONN(?:REFUSED|RESET|ABORTED)\b|\bE(?:TIMEDOUT|HOSTUNREACH|NETUNREACH|PIPE|AI_AGAIN)\b|\bENOTFOUND\b|getaddrinfo|name or service not known|temporary failure in name resolution|\bunknownhostexception\b|could not resolve host|name resolution|no route to host|network (?:is unreachable|error)|\bssl\b|\btls\b|certificate verif|handshake|socket (?:hang up|closed|exception)|remote end closed|max retr(?:y|ies) (?:reached|exceeded)|broken pipe|bad gateway|service unavailable|gateway time-?out|temporarily unavailable|remotedisconnected|premature(?:ly)? (?:end|closed|eof)|\bproxy\b|\b(?:Connect(?:ion|Timeout)|NewConnection|Proxy|SSL|RemoteDisconnected|NameResolution)Error\b|\bConnectTimeout\b|ip address .{0,80}(?:is not allowed|not permitted|blocked)|\bip\b.{0,60} is not allowed|firewall/i,
    "authenticationOrNetwork"
  ],
  [
    /\btime(?:d)?[ -]?out\b|\b\w{0,40}Timeout(?:Error|Exception)\b|\btimeoutexpired\b|\bdeadline[ _]exceeded\b|\bexceeded (?:the )?(?:maximum )?(?:execution|run|running) time\b/i,
    "timeout"
  ]
]
