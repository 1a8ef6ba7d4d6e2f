/* What stands after "import psrc" or "import sudoers". */
#ifndef ROLEGATE_ADMIN_IMPORT_H
#define ROLEGATE_ADMIN_IMPORT_H

#include "admin/options.h"
#include "author/losses.h"
#include "author/words.h"

enum { IMPORT_SIZE_MAX = 16 * 1024 * 1024 /* bytes of a file */ };

struct import_words {
	struct strings files;
	const char *output_dir; /* NULL: stdout */
	const char *host;
	bool json;
};

int import_psrc(
	struct arena *arena, const struct options *options, const struct import_words *words);
int import_sudoers(
	struct arena *arena, const struct options *options, const struct import_words *words);

/* NULL after a message. */
char *import_read(struct arena *arena, const char *path, size_t *length);
/* A new file below the output directory, or to stdout under its name. 0, or -1 after a message. */
int import_write(
	struct arena *arena, const struct import_words *words, const char *name, const char *text);
/* On stderr, a line each. */
void import_print_losses(struct arena *arena, const char *file, const struct losses *losses);
/* [{origin, what, why}] */
char *import_losses_json(struct arena *arena, const struct losses *losses);

#endif
