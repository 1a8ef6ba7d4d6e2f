/* What trust needs besides the scripts themselves: their signatures and interpreters. */
#ifndef ROLEGATE_TRUST_FILES_H
#define ROLEGATE_TRUST_FILES_H

#include <stdbool.h>

#include "config/config.h"

/*
 * Of all entries, once the scripts have been read: whether the signatures hold, and what the pinned
 * interpreters hash to. What can't be read is simply not trusted. `directory`: the configuration's,
 * absolute.
 */
void trust_files_read(struct policy *policy, const char *directory);

/*
 * Whether FILE.sig holds `entry`'s key's signature over the bytes: 64 bytes, or their base64 with
 * or without a newline.
 */
bool trust_signature_holds(struct arena *arena, const struct trust_entry *entry, const char *file,
	const char *bytes, size_t length);

/*
 * SHA-256 of all of an open file, whatever its offset: 0, or -1 and errno: ESTALE changed while it
 * was read, EFBIG above 256 MiB.
 */
int trust_hash_file(int fd, struct script_identity *identity, char digest[65]);

/* The path of the interpreter that the script is for, in `arena`; NULL: it names none. */
const char *trust_interpreter(
	struct arena *arena, const struct script *script, const struct script_content *content);

#endif
