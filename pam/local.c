#include "local.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 64 * 1024 };

static bool is_one_of(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->items[i], name) == 0)
			return true;
	return false;
}

static bool has_member(const struct group *group, const char *user)
{
	for (char **member = group->gr_mem; *member != NULL; member++)
		if (strcmp(*member, user) == 0)
			return true;
	return false;
}

/* False: the file has no such user. */
static bool primary_group(const char *passwd_file, char *buffer, const char *user, gid_t *gid)
{
	FILE *file = fopen(passwd_file, "re");
	struct passwd entry = {0}, *found = NULL;
	bool there = false;

	while (!there && file != NULL &&
		fgetpwent_r(file, &entry, buffer, LINE_MAX_BYTES, &found) == 0) {
		there = strcmp(entry.pw_name, user) == 0;
		*gid = entry.pw_gid;
	}
	if (file != NULL)
		fclose(file);
	return there;
}

bool local_is_member(const char *group_file, const char *passwd_file, const char *user,
	const struct names *groups)
{
	char *buffer = groups->count == 0 ? NULL : malloc(LINE_MAX_BYTES);
	FILE *file = buffer == NULL ? NULL : fopen(group_file, "re");
	struct group entry, *found = NULL;
	bool member = false, has_primary;
	gid_t gid = 0;

	if (file != NULL) {
		has_primary = primary_group(passwd_file, buffer, user, &gid);
		while (!member && fgetgrent_r(file, &entry, buffer, LINE_MAX_BYTES, &found) == 0)
			member = is_one_of(groups, entry.gr_name) &&
				 (has_member(&entry, user) || (has_primary && entry.gr_gid == gid));
		fclose(file);
	}
	free(buffer);
	return member;
}
