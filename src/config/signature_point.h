/* Whether 32 bytes are a public key that somebody can hold the private key of. Pure. */
#ifndef ROLEGATE_SIGNATURE_POINT_H
#define ROLEGATE_SIGNATURE_POINT_H

/* NULL, or why not (static): RFC 8032, 5.1.3. */
const char *signature_point_refused(const unsigned char key[32]);

#endif
