/* NSS is asked once, in the gateway's own root, before the client's words are looked at (R14). */
#include "spawn/account.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>

#include "base/strings.h"
#include "base/text.h"

enum {
	NSS_BUFFER_MIN = 1024,
	NSS_BUFFER_MAX =
		16 * 1024 * 1024, /* a group of a directory service can have many members */
	GROUPS_FIRST_GUESS = 64,
	GROUPS_MAX = 65536, /* NGROUPS_MAX of Linux */
};

/* An entry of passwd(5), by name or, when that is NULL, by uid. 0, or an error number. */
static int find_entry(struct arena *arena, const char *name, uid_t uid, struct passwd *entry)
{
	for (size_t room = NSS_BUFFER_MIN; room <= NSS_BUFFER_MAX; room *= 4) {
		char *buffer = arena_alloc(arena, room);
		struct passwd *found = NULL;
		int error = name != NULL ? getpwnam_r(name, entry, buffer, room, &found)
					 : getpwuid_r(uid, entry, buffer, room, &found);

		if (error == ERANGE)
			continue;
		/* Several NSS modules say "not found" with one of these. */
		if (error == ESRCH || error == EBADF || error == EPERM)
			error = ENOENT;
		return error != 0 ? error : found == NULL ? ENOENT : 0;
	}
	return ERANGE;
}

static const char *text_or(const char *text, const char *otherwise)
{
	return text != NULL && *text != '\0' ? text : otherwise;
}

/* R8 and R23: what an entry may hold. A sentence when it may not. */
static const char *refuse_entry(struct arena *arena, const struct passwd *entry)
{
	const char *home = text_or(entry->pw_dir, "/"),
		   *shell = text_or(entry->pw_shell, "/bin/sh");

	if (!text_is_account(entry->pw_name))
		return arena_printf(arena, "the account of uid %u has a name that is not allowed",
			(unsigned)entry->pw_uid);
	if (entry->pw_uid == (uid_t)-1 || entry->pw_gid == (gid_t)-1)
		return arena_printf(arena, "account %s has an id that is not one", entry->pw_name);
	if (*home != '/' || text_refused(home, strlen(home)) != strlen(home))
		return arena_printf(arena, "account %s has a home directory that is not a path",
			entry->pw_name);
	if (*shell != '/' || text_refused(shell, strlen(shell)) != strlen(shell))
		return arena_printf(
			arena, "account %s has a shell that is not a path", entry->pw_name);
	return NULL;
}

static const char *find_groups(struct arena *arena, struct account *account)
{
	int room = GROUPS_FIRST_GUESS, count = 0;

	for (;;) {
		count = room;
		account->groups = arena_array(arena, (size_t)room, sizeof(*account->groups));
		if (getgrouplist(account->name, account->gid, account->groups, &count) >= 0)
			break;
		if (count <= room)
			count = room * 2;
		if (count > GROUPS_MAX)
			return arena_printf(
				arena, "account %s is in too many groups", account->name);
		room = count;
	}
	account->group_count = (size_t)count;
	for (size_t i = 0; i < account->group_count; i++)
		if (account->groups[i] == (gid_t)-1)
			return arena_printf(arena, "account %s is in a group whose id is not one",
				account->name);
	return NULL;
}

static int fill(struct arena *arena, const struct passwd *entry, struct account *account,
	const char **complaint)
{
	struct account filled = {
		.name = arena_strdup(arena, text_or(entry->pw_name, "")),
		.uid = entry->pw_uid,
		.gid = entry->pw_gid,
		.home = arena_strdup(arena, text_or(entry->pw_dir, "/")),
		.shell = arena_strdup(arena, text_or(entry->pw_shell, "/bin/sh")),
	};

	*complaint = refuse_entry(arena, entry);
	if (*complaint == NULL)
		*complaint = find_groups(arena, &filled);
	if (*complaint != NULL)
		return -1;
	*account = filled;
	return 0;
}

int account_by_name(
	struct arena *arena, const char *name, struct account *account, const char **complaint)
{
	struct passwd entry;
	int error;

	if (!text_is_account(name)) {
		*complaint = "an account name that is not allowed";
		return -1;
	}
	error = find_entry(arena, name, 0, &entry);
	if (error == ENOENT)
		*complaint = arena_printf(arena, "account %s does not exist", name);
	else if (error != 0)
		*complaint = arena_printf(
			arena, "account %s could not be looked up: %s", name, strerror(error));
	else if (strcmp(entry.pw_name, name) != 0) /* a directory that ignores case */
		*complaint = arena_printf(arena, "account %s has another name in NSS", name);
	else
		return fill(arena, &entry, account, complaint);
	return -1;
}

int account_by_uid(struct arena *arena, uid_t uid, struct account *account, const char **complaint)
{
	struct passwd entry;
	int error;

	if (uid == (uid_t)-1) {
		*complaint = "uid 4294967295 is no account";
		return -1;
	}
	error = find_entry(arena, NULL, uid, &entry);
	if (error == ENOENT)
		*complaint = arena_printf(arena, "uid %u has no account", (unsigned)uid);
	else if (error != 0)
		*complaint = arena_printf(
			arena, "uid %u could not be looked up: %s", (unsigned)uid, strerror(error));
	else if (entry.pw_uid != uid)
		*complaint = arena_printf(arena, "uid %u has another id in NSS", (unsigned)uid);
	else
		return fill(arena, &entry, account, complaint);
	return -1;
}

static int group_name(struct arena *arena, gid_t gid, const char **name)
{
	for (size_t room = NSS_BUFFER_MIN; room <= NSS_BUFFER_MAX; room *= 4) {
		char *buffer = arena_alloc(arena, room);
		struct group entry, *found = NULL;
		int error = getgrgid_r(gid, &entry, buffer, room, &found);

		if (error == ERANGE)
			continue;
		if (error == ENOENT || error == ESRCH || error == EBADF || error == EPERM)
			error = 0;
		*name = error == 0 && found != NULL ? entry.gr_name : NULL;
		return error;
	}
	return ERANGE;
}

int account_group_names(struct arena *arena, const struct account *account, struct strings *names,
	const char **complaint)
{
	for (size_t i = 0; i < account->group_count; i++) {
		const char *name = NULL;
		int error = group_name(arena, account->groups[i], &name);

		if (error != 0) {
			*complaint =
				arena_printf(arena, "the groups of %s could not be looked up: %s",
					account->name, strerror(error));
			return -1;
		}
		if (name != NULL)
			strings_add(arena, names, name);
	}
	return 0;
}
