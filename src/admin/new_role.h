/* What stands after "new-role". */
#ifndef ROLEGATE_ADMIN_NEW_ROLE_H
#define ROLEGATE_ADMIN_NEW_ROLE_H

#include "admin/options.h"
#include "author/words.h"

struct new_role_words {
	const char *name, *description, *output;
	struct strings commands;
	bool from_log, json;
	const char *user, *group, *since, *log;
};

/* To stdout, or to a new file: an enum admin_status, after a message. */
int new_role_write(struct arena *arena, const struct new_role_words *words, const char *text);
int new_role_from_log(
	struct arena *arena, const struct options *options, const struct new_role_words *words);

#endif
