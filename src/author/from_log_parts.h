/* What was run, by command: from_log_usage.c and from_log_text.c alone. */
#ifndef ROLEGATE_AUTHOR_FROM_LOG_PARTS_H
#define ROLEGATE_AUTHOR_FROM_LOG_PARTS_H

#include "author/from_log.h"

/* All calls of one command, or of one program by its path. */
struct used {
	const struct command *command; /* NULL: a program */
	const char *name;
	struct strings *values; /* by parameter */
	bool *given;
	size_t count;
	const char *last;
};

struct usage {
	struct used *items;
	size_t count;
};

/* Whether the log has the values of it: not of a secret, and of a drive's file the descriptor
 * alone. */
bool from_log_has_values(const struct parameter *parameter);
/* All that is covered; sets `why` of calls that no role can cover any more. */
struct usage from_log_usage(struct from_log *log);

#endif
