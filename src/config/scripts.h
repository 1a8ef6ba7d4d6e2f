/* Script files: their bytes, whole or not at all, and whether they are still the same. */
#ifndef ROLEGATE_SCRIPTS_H
#define ROLEGATE_SCRIPTS_H

#include <stdbool.h>

#include "config/config.h"

/*
 * Those of all functions; every one that can't be read is a problem of its definition. `flags`: of
 * config_load().
 */
void scripts_read(struct policy *policy, unsigned flags, struct problems *problems);

/*
 * What the open file holds, from its offset on. 0; or -1 with errno and *complaint: EFBIG above
 * SCRIPT_SIZE_MAX, EILSEQ no UTF-8 or a NUL in it, ESTALE changed while it was read.
 */
int script_read(
	struct arena *arena, int fd, struct script_content *content, const char **complaint);
/*
 * What the script's file holds now: `*content` becomes the loaded content where the file is still
 * the same, which reads nothing, else a new one in `arena`, whose signature has been verified. 0,
 * or -1 with *complaint (a clause that begins with the path, or what script_read() says) and errno:
 * EPERM is the file trust of R28.
 */
int script_refresh(struct arena *arena, const struct function *function,
	const struct script_content **content, const char **complaint);
/* How many scripts this process has hashed: for tests, and nothing else. */
unsigned long script_hash_count(void);
/* 0, or -1 and errno: EINVAL when it is no regular file. */
int script_identity(int fd, struct script_identity *identity);
bool script_is_same(const struct script_identity *left, const struct script_identity *right);

#endif
