/*
 * A look at a file before libconfig parses it, for what libconfig (1.5) takes and should not:
 * it opens what @include names, drops \x00 from strings, wraps numbers above 32 bits, takes the
 * end of the file for the end of a comment, and has no limit of depth. It stops at the first
 * duplicate, and gives strings in lists the line of the token after them.
 */
#ifndef ROLEGATE_SCAN_H
#define ROLEGATE_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"

enum {
	SCAN_DEPTH_MAX = 32, /* brackets in brackets */
	SCAN_KEYS_MAX = 64,  /* keys in one group */
};

struct scan {
	struct arena *arena; /* for what lives as long as the file */
	struct problems *problems;
	const char *file;
	/* The line on which each string begins, in the order of the file; adjacent ones are one. */
	unsigned *string_lines;
	size_t string_count;
	bool renamed; /* there were duplicates */
};

/*
 * Adds a problem for each thing found. Returns whether the file can be parsed all the same, to find
 * more problems. A duplicate key gets '*' for its first letter then, in `bytes`, so that the parser
 * does not stop at it.
 */
bool scan_bytes(struct scan *scan, char *bytes, size_t length);

#endif
