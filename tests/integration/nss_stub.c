/*
 * An NSS module that answers what a test tells it to: libnss_rgstub.so.2, loaded by the gateway of
 * a private jump host alone. It takes any name and any number, as no honest module would.
 *
 * /run/jump-host/nss/answers, a line each:
 *   user NAME UID GID      an entry of passwd(5)
 *   group NAME GID         an entry of group(5)
 *   member NAME GID        what initgroups(3) finds for NAME
 *   fail DATABASE KIND     DATABASE is passwd, group or initgroups; KIND tryagain, unavailable,
 *                          range (for ever), notfound or hang
 */
#include <errno.h>
#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char answers[] = "/run/jump-host/nss/answers";

struct line {
	char kind[16], name[256];
	unsigned long first, second;
};

/* The next line of `kind`; false at the end. */
static int next(FILE *file, const char *kind, struct line *line)
{
	char text[512];

	while (file != NULL && fgets(text, sizeof(text), file) != NULL) {
		line->first = line->second = 0;
		if (sscanf(text, "%15s %255s %lu %lu", line->kind, line->name, &line->first,
			    &line->second) >= 2 &&
			strcmp(line->kind, kind) == 0)
			return 1;
	}
	return 0;
}

/* NSS_STATUS_SUCCESS: the database is not told to fail. */
static enum nss_status fault(const char *database, int *error)
{
	static const struct {
		const char *name;
		enum nss_status status;
		int error;
	} kinds[] = {{"tryagain", NSS_STATUS_TRYAGAIN, EAGAIN},
		{"unavailable", NSS_STATUS_UNAVAIL, ECONNREFUSED},
		{"range", NSS_STATUS_TRYAGAIN, ERANGE}, {"notfound", NSS_STATUS_NOTFOUND, ENOENT}};
	char text[512], which[32], kind[32];
	enum nss_status status = NSS_STATUS_SUCCESS;
	FILE *file = fopen(answers, "re");

	while (file != NULL && fgets(text, sizeof(text), file) != NULL) {
		if (sscanf(text, "fail %31s %31s", which, kind) != 2 ||
			strcmp(which, database) != 0)
			continue;
		if (strcmp(kind, "hang") == 0)
			for (;;)
				pause();
		for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
			if (strcmp(kind, kinds[i].name) == 0) {
				status = kinds[i].status;
				*error = kinds[i].error;
			}
	}
	if (file != NULL)
		fclose(file);
	return status;
}

static enum nss_status range(int *error)
{
	*error = ERANGE;
	return NSS_STATUS_TRYAGAIN;
}

/* By `name`, or where that is NULL by number. */
static enum nss_status find_user(
	const char *name, uid_t uid, struct passwd *entry, char *buffer, size_t size, int *error)
{
	enum nss_status status = fault("passwd", error);
	FILE *file = status == NSS_STATUS_SUCCESS ? fopen(answers, "re") : NULL;
	struct line line;

	if (status != NSS_STATUS_SUCCESS)
		return status;
	*error = ENOENT;
	status = NSS_STATUS_NOTFOUND;
	while (status == NSS_STATUS_NOTFOUND && next(file, "user", &line)) {
		/* "odd:N" answers to the number N with another one. */
		unsigned long asked = strncmp(line.name, "odd:", 4) == 0
					      ? strtoul(line.name + 4, NULL, 10)
					      : line.first;

		if (name != NULL ? strcasecmp(name, line.name) != 0 : (uid_t)asked != uid)
			continue;
		if (strlen(line.name) + 1 > size) {
			status = range(error);
			break;
		}
		memcpy(buffer, line.name, strlen(line.name) + 1);
		*entry = (struct passwd){.pw_name = buffer,
			.pw_passwd = (char *)"*",
			.pw_uid = (uid_t)line.first,
			.pw_gid = (gid_t)line.second,
			.pw_gecos = (char *)"",
			.pw_dir = (char *)"/",
			.pw_shell = (char *)"/bin/sh"};
		status = NSS_STATUS_SUCCESS;
	}
	if (file != NULL)
		fclose(file);
	return status;
}

enum nss_status _nss_rgstub_getpwnam_r(
	const char *name, struct passwd *entry, char *buffer, size_t size, int *error)
{
	return find_user(name, 0, entry, buffer, size, error);
}

enum nss_status _nss_rgstub_getpwuid_r(
	uid_t uid, struct passwd *entry, char *buffer, size_t size, int *error)
{
	return find_user(NULL, uid, entry, buffer, size, error);
}

static enum nss_status find_group(
	const char *name, gid_t gid, struct group *entry, char *buffer, size_t size, int *error)
{
	static char *nobody[] = {NULL};
	enum nss_status status = fault("group", error);
	FILE *file = status == NSS_STATUS_SUCCESS ? fopen(answers, "re") : NULL;
	struct line line;

	if (status != NSS_STATUS_SUCCESS)
		return status;
	*error = ENOENT;
	status = NSS_STATUS_NOTFOUND;
	while (status == NSS_STATUS_NOTFOUND && next(file, "group", &line)) {
		if (name != NULL ? strcmp(name, line.name) != 0 : (gid_t)line.first != gid)
			continue;
		if (strlen(line.name) + 1 > size) {
			status = range(error);
			break;
		}
		memcpy(buffer, line.name, strlen(line.name) + 1);
		*entry = (struct group){.gr_name = buffer,
			.gr_passwd = (char *)"x",
			.gr_gid = (gid_t)line.first,
			.gr_mem = nobody};
		status = NSS_STATUS_SUCCESS;
	}
	if (file != NULL)
		fclose(file);
	return status;
}

enum nss_status _nss_rgstub_getgrnam_r(
	const char *name, struct group *entry, char *buffer, size_t size, int *error)
{
	return find_group(name, 0, entry, buffer, size, error);
}

enum nss_status _nss_rgstub_getgrgid_r(
	gid_t gid, struct group *entry, char *buffer, size_t size, int *error)
{
	return find_group(NULL, gid, entry, buffer, size, error);
}

enum nss_status _nss_rgstub_initgroups_dyn(const char *name, gid_t group, long *start, long *size,
	gid_t **groups, long limit, int *error)
{
	enum nss_status status = fault("initgroups", error);
	FILE *file = status == NSS_STATUS_SUCCESS ? fopen(answers, "re") : NULL;
	struct line line;

	(void)group;
	while (next(file, "member", &line)) {
		if (strcmp(line.name, name) != 0)
			continue;
		if (*start == *size) {
			long room = *size * 2;
			gid_t *more;

			if (limit > 0 && room > limit)
				room = limit;
			more = room > *size ? realloc(*groups, (size_t)room * sizeof(**groups))
					    : NULL;
			if (more == NULL)
				break;
			*groups = more;
			*size = room;
		}
		(*groups)[(*start)++] = (gid_t)line.first;
	}
	if (file != NULL)
		fclose(file);
	return status;
}
