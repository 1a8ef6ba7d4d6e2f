#include "trial/observe.h"

#include <string.h>
#include <sys/socket.h>

#include "trial/places.h"

struct observation *observation_new(struct arena *arena)
{
	struct observation *seen = arena_alloc(arena, sizeof(*seen));

	seen->arena = arena;
	seen->network = NETWORK_NONE;
	return seen;
}

static void add(struct observation *seen, struct strings *list, const char *kind, const char *text)
{
	char *key = arena_printf(seen->arena, "%s %s", kind, text);

	if (table_put(seen->arena, &seen->seen, key, key) == NULL)
		strings_add(seen->arena, list, key + strlen(kind) + 1);
}

void observation_read(struct observation *seen, const char *path)
{
	if (place_is_everybodys(path))
		return;
	if (restriction_path_below(path, "/proc/self"))
		seen->own_proc = true;
	else if (restriction_path_below(path, "/proc"))
		seen->other_proc = true;
	else
		add(seen, &seen->read, "read", path);
}

static const char *directory_of(struct observation *seen, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == path ? "/" : arena_strndup(seen->arena, path, (size_t)(slash - path));
}

static void add_written(struct observation *seen, const char *path, enum change change)
{
	const char *why = place_elevates(path);

	add(seen, &seen->write, "write", change == CHANGE_ENTRY ? directory_of(seen, path) : path);
	if (why != NULL || change == CHANGE_RIGHTS)
		add(seen, &seen->elevations, "elevation",
			arena_printf(seen->arena, "changed %s %s",
				why != NULL ? why : "the rights of", path));
	else
		add(seen, &seen->changes, "change", arena_printf(seen->arena, "changed %s", path));
}

void observation_change(struct observation *seen, const char *path, enum change change)
{
	if (place_is_everybodys(path))
		return;
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

void observation_capability(struct observation *seen, unsigned capability)
{
	seen->capabilities |= UINT64_C(1) << capability;
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
		add(seen, &seen->changes, "change",
			arena_printf(seen->arena, "asked %s, which may act for it unseen", peer));
}

void observation_elevated(struct observation *seen, const char *why)
{
	add(seen, &seen->elevations, "elevation", why);
}

void observation_signal(struct observation *seen, int pid)
{
	add(seen, &seen->changes, "change",
		arena_printf(seen->arena, "sent a signal to process %d", pid));
}
