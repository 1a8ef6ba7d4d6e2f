#include "trial/refusals.h"

#include <string.h>

#include "base/text.h"

struct refusal {
	const struct observation *seen;
	const struct restriction *restriction;
	struct strings said;
};

static void say(struct refusal *refusal, const char *what, const char *name)
{
	struct arena *arena = refusal->seen->arena;

	strings_add(arena, &refusal->said, arena_printf(arena, "%s %s", what, name));
}

static void judge_execute(struct refusal *refusal)
{
	const struct restriction *restriction = refusal->restriction;
	const struct strings *executed = &refusal->seen->executed;

	if (!restriction->has[RESTRICT_EXECUTE] || restriction->execute == EXECUTE_ANY)
		return;
	for (size_t i = 0; i < executed->count; i++)
		if (restriction->execute == EXECUTE_NONE ||
			!strings_contain(&restriction->execute_paths, executed->items[i]))
			say(refusal, "to execute", executed->items[i]);
}

static void judge_network(struct refusal *refusal)
{
	const struct restriction *restriction = refusal->restriction;
	enum restrict_network network = refusal->seen->network;

	if (restriction->has[RESTRICT_NETWORK] && network > restriction->network)
		say(refusal, "to use",
			network == NETWORK_ANY ? "the network" : "sockets of this host");
}

static bool may_write(const struct restriction *restriction, const char *path)
{
	const char *name = strrchr(path, '/') + 1;

	for (size_t i = 0; i < restriction->protected_names.count; i++)
		if (text_wildcard(restriction->protected_names.items[i], name))
			return false;
	if (restriction_path_within(path, &restriction->hidden))
		return false;
	return !restriction->has[RESTRICT_WRITE] ||
	       restriction_path_within(path, &restriction->write);
}

static bool may_read(const struct restriction *restriction, const char *path)
{
	if (restriction_path_within(path, &restriction->hidden))
		return false;
	return !restriction->has[RESTRICT_READ] ||
	       restriction_path_within(path, &restriction->read) ||
	       (restriction->has[RESTRICT_WRITE] &&
		       restriction_path_within(path, &restriction->write));
}

static void judge_files(struct refusal *refusal)
{
	const struct observation *seen = refusal->seen;
	const struct restriction *restriction = refusal->restriction;

	for (size_t i = 0; i < seen->read.count; i++)
		if (!may_read(restriction, seen->read.items[i]))
			say(refusal, "to read", seen->read.items[i]);
	for (size_t i = 0; i < seen->written.count; i++)
		if (!may_write(restriction, seen->written.items[i]) &&
			!(restriction->own_tmp &&
				strings_contain(&seen->temporary, seen->written.items[i])))
			say(refusal, "to write", seen->written.items[i]);
}

static void judge_rights(struct refusal *refusal)
{
	const struct observation *seen = refusal->seen;
	const struct restriction *restriction = refusal->restriction;

	for (size_t i = 0; i < seen->calls.count; i++)
		if (strings_contain(&restriction->denied_calls, seen->calls.items[i]))
			say(refusal, "the system call", seen->calls.items[i]);
	for (unsigned number = 0; number < 64; number++)
		if (restriction->has[RESTRICT_CAPABILITIES] &&
			(seen->capabilities & ~restriction->capabilities) >> number & 1)
			say(refusal, "what takes", restriction_capability_name(number));
}

static void judge_limits(struct refusal *refusal)
{
	const struct peaks *peaks = &refusal->seen->peaks;
	const struct restriction *restriction = refusal->restriction;
	const struct {
		enum restriction_field field;
		uint64_t peak;
	} limits[] = {
		{RESTRICT_PROCESSES, peaks->processes},
		{RESTRICT_MEMORY, peaks->memory},
		{RESTRICT_CPU_SECONDS, peaks->cpu_seconds},
		{RESTRICT_FILE_SIZE, peaks->file_size},
		{RESTRICT_OPEN_FILES, peaks->open_files},
	};

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		if (restriction->has[limits[i].field] &&
			limits[i].peak > restriction->limits[limits[i].field])
			say(refusal, "to exceed", restriction_field_name(limits[i].field));
}

struct strings refusals(const struct observation *seen, const struct restriction *restriction)
{
	struct refusal refusal = {.seen = seen, .restriction = restriction};

	judge_execute(&refusal);
	judge_network(&refusal);
	judge_files(&refusal);
	judge_rights(&refusal);
	judge_limits(&refusal);
	return refusal.said;
}
