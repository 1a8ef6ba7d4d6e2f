/* One file's bytes as a tree of settings, with exact lines. */
#ifndef ROLEGATE_DOCUMENT_H
#define ROLEGATE_DOCUMENT_H

#include <libconfig.h>
#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"

enum { DOCUMENT_SIZE_MAX = 16 * 1024 * 1024 }; /* bytes */

struct document {
	config_t tree;
	const char *file; /* outlives the document */
	bool renamed;	  /* keys that begin with '*' are duplicates, already reported */
};

/* True if there is a tree; problems may have been added all the same. Destroy it in both cases. */
bool document_parse(struct document *document, struct problems *problems, const char *file,
	const char *bytes, size_t length);
void document_destroy(struct document *document);

#endif
