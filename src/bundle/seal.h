/*
 * bundle.sig: who signed. Pure. The key is there to be found among those that are trusted, and for
 * no other purpose: a key is trusted for its 32 bytes, not for its name, and never for being here.
 *
 *	rolegate-signature 1
 *	key release ed25519:BASE64
 *	signature BASE64
 */
#ifndef ROLEGATE_BUNDLE_SEAL_H
#define ROLEGATE_BUNDLE_SEAL_H

#include "config/signature.h"
#include "policy/trust.h"

enum { SEAL_SIZE_MAX = 512 }; /* bytes */

struct seal {
	const char *key_name; /* as the signer calls it */
	unsigned char key[SIGNATURE_KEY_SIZE];
	unsigned char signature[SIGNATURE_SIZE];
};

/* 0, or -1 with *complaint, "bundle.sig:LINE: …", in `arena`. */
int seal_parse(struct arena *arena, const char *bytes, size_t length, struct seal *seal,
	const char **complaint);
char *seal_print(struct arena *arena, const struct seal *seal);

/*
 * The key of `keys` that signed these bytes; or NULL with *complaint: the seal's key is not among
 * them, or the signature is not its own over these bytes.
 */
const struct trusted_key *seal_judge(struct arena *arena, const struct seal *seal,
	const struct trusted_key *keys, size_t count, const void *bytes, size_t length,
	const char **complaint);

#endif
