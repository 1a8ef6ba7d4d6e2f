/*
 * The registry of trusted scripts (trusted.d, after Sitecore's script trust): what a script may do
 * follows from its content, not from where it lies. Pure.
 */
#ifndef ROLEGATE_POLICY_TRUST_H
#define ROLEGATE_POLICY_TRUST_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/strings.h"
#include "policy/source.h"

enum trust_level {
	TRUST_UNTRUSTED = 0, /* runs under the caller's profile, whatever it asks for */
	TRUST_TRUSTED,	     /* runs under the profile that it asks for */
	TRUST_SYSTEM,	     /* may run as root too; rolegate.conf alone can say so */
};

/* What happens to content that is not the one that was trusted. */
enum trust_mismatch {
	MISMATCH_BLOCK = 0,
	MISMATCH_CONSTRAIN, /* it runs as untrusted */
	MISMATCH_WARN,	    /* it runs as before; the caller and the records are told */
};

struct trust_entry {
	const char *id;	      /* a UUID: survives renaming */
	const char *function; /* name, or NULL */
	const char *path; /* of a script (absolute), or of a file of functions, "functions.d/…" */
	const char *content_hash;     /* 64 hexadecimal digits of SHA-256; NULL: signed */
	const char *interpreter_hash; /* the same of the interpreter's file; NULL: not pinned */
	const char *signed_by;	      /* name of a trusted key; NULL: pinned by content_hash */
	enum trust_level level;
	enum trust_mismatch on_mismatch;
	const struct trusted_key *key; /* of signed_by */
	/* Of a file of functions: */
	struct strings exports; /* those that are trusted; empty: all */
	bool constrain_others;	/* what it defines besides runs untrusted, instead of not at all */
	char file_digest[65];	/* of its bytes as they were loaded; "": there is no such file */
	bool signature_holds;	/* of `key` over these bytes */
	struct source source;
};

/* An Ed25519 public key (RFC 8032) of rolegate.conf. */
struct trusted_key {
	const char *name;
	unsigned char key[32];
	struct source source;
};

struct function;

struct trust_verdict {
	enum trust_level level;
	bool blocked;	  /* nothing runs: reason untrusted */
	bool differs;	  /* the content is not what was trusted; it runs as it was told to */
	const char *note; /* one clause on why it is no better, or a warning; NULL: none */
	const struct trust_entry *entry; /* that decided; NULL: none */
};

struct script_content;

/*
 * What `content` (that is about to run) and `interpreter` (SHA-256 of the interpreter's file; NULL:
 * not known) are good for. A function of a file that has an entry is judged by that file.
 */
struct trust_verdict trust_judge(struct arena *arena, const struct function *function,
	const struct script_content *content, const char *interpreter);

/* Whether the entry's path is a file of functions, "functions.d/…". */
bool trust_is_library(const struct trust_entry *entry);

/* "untrusted", "trusted", "system"; "block", "constrain", "warn". NULL at the end. */
extern const char *const trust_level_names[];
extern const char *const trust_mismatch_names[];

#endif
