/*
 * bundle.manifest: what a bundle holds. Pure.
 *
 *	rolegate-bundle 1
 *	name web tier
 *	serial 1795905819
 *	files 2
 *	<64 hexadecimal digits of SHA-256>  0644  roles.d/web.role
 *	<64 hexadecimal digits of SHA-256>  0644  rolegate.conf
 *
 * One form only: what manifest_parse() takes, manifest_print() gives back byte for byte.
 */
#ifndef ROLEGATE_BUNDLE_MANIFEST_H
#define ROLEGATE_BUNDLE_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"

#define MANIFEST_FILE "bundle.manifest"
#define SEAL_FILE "bundle.sig"
#define MARKER_FILE "bundle.new" /* bundle/place.h */

enum {
	MANIFEST_SIZE_MAX = 4 * 1024 * 1024, /* bytes */
	MANIFEST_FILES_MAX = 20000,
	MANIFEST_NAME_MAX = 64,	  /* bytes of the bundle's name */
	MANIFEST_PATH_MAX = 1024, /* bytes */
	MANIFEST_DEPTH_MAX = 16,  /* components */
};

struct manifest_file {
	const char *path; /* relative, canonical */
	mode_t mode;	  /* one that manifest_mode_allowed() takes */
	char digest[65];  /* SHA-256, hexadecimal */
};

struct manifest {
	const char *name;
	uint64_t serial; /* seconds since 1970 when it was signed; larger than any before it */
	struct manifest_file *files; /* by path, in the order of strcmp() */
	size_t count;
};

/* 0, or -1 with *complaint, "bundle.manifest:LINE: what, and what was expected", in `arena`. */
int manifest_parse(struct arena *arena, const char *bytes, size_t length, struct manifest *manifest,
	const char **complaint);
char *manifest_print(struct arena *arena, const struct manifest *manifest);

/* NULL, or why not (static), to follow the path in a sentence. */
const char *manifest_path_refused(const char *path);
const char *manifest_name_refused(const char *name);
/* 0600, 0644, 0700, 0755: nobody but root can write, and nobody gets an account's rights. */
bool manifest_mode_allowed(mode_t mode);
const struct manifest_file *manifest_find(const struct manifest *manifest, const char *path);

#endif
