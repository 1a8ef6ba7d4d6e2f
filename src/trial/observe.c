#include "trial/observe.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "trial/places.h"

enum { KEY_MAX = PATH_MAX + 128 };

struct observation *observation_new(struct arena *arena)
{
	struct observation *seen = arena_alloc(arena, sizeof(*seen));

	seen->arena = arena;
	seen->network = NETWORK_NONE;
	return seen;
}

/* Repeats take no memory: a program may open one file a million times. */
static void add(struct observation *seen, struct strings *list, const char *kind, const char *text)
{
	char key[KEY_MAX];
	char *kept;

	(void)snprintf(key, sizeof(key), "%s %s", kind, text);
	if (table_get(&seen->seen, key) != NULL)
		return;
	kept = arena_strdup(seen->arena, key);
	table_put(seen->arena, &seen->seen, kept, kept);
	strings_add(seen->arena, list, kept + strlen(kind) + 1);
}

static void add_reason(struct observation *seen, struct strings *list, const char *what,
	const char *text, const char *more)
{
	char reason[KEY_MAX];

	(void)snprintf(reason, sizeof(reason), "%s %s%s", what, text, more);
	add(seen, list, "reason", reason);
}

/* The list of all processes, or one that is not the run's. */
static bool shows_processes(const char *path)
{
	const char *rest = path + strlen("/proc");

	return *rest == '\0' || (rest[1] >= '0' && rest[1] <= '9');
}

void observation_read(struct observation *seen, const char *path)
{
	if (place_is_everybodys(path))
		return;
	if (restriction_path_below(path, "/proc")) {
		seen->own_proc = true;
		seen->other_proc = seen->other_proc || shows_processes(path);
	} else {
		add(seen, &seen->read, "read", path);
	}
}

static void add_elevation(struct observation *seen, const char *why, const char *path)
{
	char what[128];

	(void)snprintf(what, sizeof(what), "changed %s", why);
	add_reason(seen, &seen->elevations, what, path, "");
}

static void add_directory(struct observation *seen, const char *path)
{
	char directory[PATH_MAX];
	const char *slash = strrchr(path, '/');

	(void)snprintf(directory, sizeof(directory), "%.*s",
		slash == path ? 1 : (int)(slash - path), path);
	add(seen, &seen->write, "write", directory);
}

static void add_written(struct observation *seen, const char *path, enum change change)
{
	const char *why = place_elevates(path);

	if (change == CHANGE_ENTRY)
		add_directory(seen, path);
	else
		add(seen, &seen->write, "write", path);
	if (why == NULL && change == CHANGE_RIGHTS)
		why = "the rights of";
	if (why != NULL)
		add_elevation(seen, why, path);
	else
		add_reason(seen, &seen->changes, "changed", path, "");
}

void observation_change(struct observation *seen, const char *path, enum change change)
{
	if (place_is_everybodys(path))
		return;
	add(seen, &seen->written, "written", path);
	if (restriction_path_below(path, "/proc/self"))
		add(seen, &seen->write, "write", "/proc");
	else if (place_is_temporary(path) && change != CHANGE_RIGHTS)
		add(seen, &seen->temporary, "temporary", path);
	else
		add_written(seen, path, change);
}

void observation_left(struct observation *seen, const char *path)
{
	add_written(seen, path, CHANGE_ENTRY);
}

void observation_execute(struct observation *seen, const char *path)
{
	add(seen, &seen->executed, "execute", path);
}

void observation_call(struct observation *seen, const char *name)
{
	add(seen, &seen->calls, "call", name);
}

void observation_capability(struct observation *seen, unsigned capability, bool held)
{
	*(held ? &seen->capabilities : &seen->missed) |= UINT64_C(1) << capability;
}

void observation_socket(struct observation *seen, int family)
{
	bool local = family == AF_UNIX || family == AF_NETLINK;

	if (!local)
		seen->network = NETWORK_ANY;
	else if (seen->network == NETWORK_NONE)
		seen->network = NETWORK_LOCAL;
}

void observation_peer(struct observation *seen, const char *peer, bool service)
{
	add(seen, &seen->peers, "peer", peer);
	if (service)
		add_reason(seen, &seen->changes, "asked", peer, ", which may act for it unseen");
}

void observation_elevated(struct observation *seen, const char *call)
{
	add_reason(seen, &seen->elevations, "called", call, "");
}

void observation_signal(struct observation *seen, int pid)
{
	char text[64];

	(void)snprintf(text, sizeof(text), "process %d", pid);
	add_reason(seen, &seen->changes, "sent a signal to", text, "");
}
