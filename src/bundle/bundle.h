/*
 * A bundle is a configuration directory with MANIFEST_FILE, which lists its files, and SEAL_FILE,
 * an Ed25519 signature over the manifest's bytes.
 */
#ifndef ROLEGATE_BUNDLE_H
#define ROLEGATE_BUNDLE_H

#include "bundle/manifest.h"
#include "bundle/seal.h"
#include "bundle/tree.h"

struct bundle {
	struct manifest manifest;
	const char *manifest_bytes, *seal_bytes; /* NUL-terminated */
	size_t manifest_length, seal_length;
	struct seal seal;
};

/*
 * What the directory says of itself, believed by nobody yet. 0; or -1 with *complaint, errno ENOENT
 * when it is no bundle for want of a manifest.
 */
int bundle_read(struct arena *arena, int directory, struct bundle *bundle, const char **complaint);

/*
 * The same, believed: signed by one of `keys`, which is returned. Nothing but the signature is
 * looked at before it holds. NULL with *complaint.
 */
const struct trusted_key *bundle_read_signed(struct arena *arena, int directory,
	const struct trusted_key *keys, size_t count, struct bundle *bundle,
	const char **complaint);

/* Gets each file's bytes once they were found to be the ones that were signed. 0, or -1 with
 * *complaint, which ends it. */
typedef int bundle_take(void *context, const struct manifest_file *file, const char *bytes,
	size_t length, const char **complaint);

/*
 * Whether the directory holds the manifest's files, and no other: hashes, modes, no links. `take`
 * may be NULL. Each file is read once, and what is handed on is what was hashed (R26). 0, or -1
 * with all sentences in `complaints`.
 */
int bundle_verify(struct arena *arena, int directory, const struct manifest *manifest,
	bundle_take *take, void *context, struct strings *complaints);

/* The manifest of the directory as it is, without name and serial. 0, or -1 with `complaints`. */
int bundle_survey(
	struct arena *arena, int directory, struct manifest *manifest, struct strings *complaints);

/* "2026-11-28 22:43:39 UTC" of a serial; in `arena`. */
char *bundle_time(struct arena *arena, uint64_t serial);

#endif
