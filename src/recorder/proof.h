/*
 * That the log is what was written, for those who doubt whoever holds the disk: signatures over the
 * chain, and its head in places where it can't be cut off again.
 */
#ifndef ROLEGATE_RECORDER_PROOF_H
#define ROLEGATE_RECORDER_PROOF_H

#include "config/signature.h"
#include "recorder/account.h"
#include "recorder/ledger.h"
#include "recorder/settings.h"

enum { PROOF_KEY_NAME = 16 /* digits */ };

struct proof_key {
	struct signature_signer signer;
	char name[PROOF_KEY_NAME + 1]; /* the first digits of the public key's SHA-256 */
};

struct proof {
	const struct settings *settings;
	const struct proof_key *key;	  /* NULL: nothing is signed */
	int audit;			  /* netlink; -1: the kernel has none */
	bool audit_failed;		  /* it was said */
	uint64_t signed_to, covered;	  /* seq that is signed; seq of that signature's own line */
	uint64_t anchored_to;		  /* seq */
	long long signed_at, anchored_at; /* by event_ticks() */
};

/*
 * An Ed25519 key in a PEM file below directories that are root's alone; itself root's or the
 * account's, and nobody else's to read. NULL, or what is wrong, in `arena`.
 */
const char *proof_key_load(struct arena *arena, const char *path, const struct account_ids *ids,
	struct proof_key *key);
void proof_open(struct proof *proof, const struct settings *settings, const struct proof_key *key,
	const struct ledger *ledger);
/* What is due: after so many lines, or so long after the first one that is not signed. */
void proof_tick(struct proof *proof, struct ledger *ledger, struct arena *arena);
/* Whether so many lines are not signed that it is due at once. */
bool proof_is_due(const struct proof *proof, const struct ledger *ledger);
/* Signs and anchors what is left: at start, at the end. */
void proof_now(struct proof *proof, struct ledger *ledger, struct arena *arena);
/* Signs what is left, as before a file becomes an older one. */
void proof_sign(struct proof *proof, struct ledger *ledger, struct arena *arena);
/*
 * What is signed: "rolegate-log-1", a NUL byte, the chain's id, " ", the seq, " ", the line's hash.
 * Its length; `bytes` has room for PROOF_MESSAGE.
 */
enum { PROOF_MESSAGE = 15 + CHAIN_ID + 1 + 20 + 1 + CHAIN_HASH + 1 };
size_t proof_message(
	char bytes[PROOF_MESSAGE], const char *id, uint64_t sequence, const char *hash);

#endif
