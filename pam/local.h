/*
 * Groups of this host's own files, without any name service: who is to get in when nothing else
 * works must not depend on a directory server, and no server's answer is waited for.
 */
#ifndef PAM_ROLEGATE_LOCAL_H
#define PAM_ROLEGATE_LOCAL_H

#include <stdbool.h>

#include "options.h"

/* Whether `user` is a member of one of `groups` by these files, or has it as primary group. */
bool local_is_member(const char *group_file, const char *passwd_file, const char *user,
	const struct names *groups);

#endif
