#include "trial/suggest.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "trial/classify.h"
#include "trial/places.h"

enum {
	MEMBERS_MAX = 4,  /* of a directory before it is named itself */
	REASONS_MAX = 12, /* in a comment */
	NAME_MAX_LENGTH = 64,
	MEBIBYTE = 1024 * 1024,
};

static const char *first_components(struct arena *arena, const char *path, size_t count)
{
	const char *end = path;

	while (count-- > 0 && *end == '/')
		end += 1 + strcspn(end + 1, "/");
	return arena_strndup(arena, path, (size_t)(end - path));
}

static size_t parent_length(const char *path)
{
	return (size_t)(strrchr(path, '/') - path);
}

static size_t members(const struct strings *paths, const char *path)
{
	size_t length = parent_length(path), count = 0;

	for (size_t i = 0; i < paths->count; i++)
		count += parent_length(paths->items[i]) == length &&
			 strncmp(paths->items[i], path, length) == 0;
	return count;
}

/* One that is not below the root itself: that would be everything. */
static struct strings join_members(struct arena *arena, const struct strings *paths)
{
	struct strings joined = {0};

	for (size_t i = 0; i < paths->count; i++) {
		const char *path = paths->items[i];
		size_t length = parent_length(path);

		strings_add(arena, &joined,
			length > 0 && members(paths, path) > MEMBERS_MAX
				? arena_strndup(arena, path, length)
				: path);
	}
	return restriction_areas(arena, &joined);
}

struct strings suggest_areas(struct arena *arena, const struct strings *paths)
{
	struct strings areas = {0};

	for (size_t i = 0; i < paths->count; i++)
		strings_add(arena, &areas,
			first_components(arena, paths->items[i], place_depth(paths->items[i])));
	areas = restriction_areas(arena, &areas);
	return join_members(arena, &areas);
}

static uint64_t power_of_two(uint64_t value)
{
	uint64_t power = 1;

	while (power < value && power < UINT64_C(1) << 59)
		power *= 2;
	return power;
}

static uint64_t at_least(uint64_t least, uint64_t value)
{
	return value < least ? least : value;
}

uint64_t suggest_limit(enum restriction_field field, uint64_t peak)
{
	switch (field) {
	case RESTRICT_PROCESSES:
		return at_least(8, power_of_two(4 * peak));
	case RESTRICT_MEMORY:
		return at_least(64 * MEBIBYTE, power_of_two(2 * peak));
	case RESTRICT_CPU_SECONDS:
		return at_least(10, 10 * peak);
	case RESTRICT_FILE_SIZE:
		return at_least(MEBIBYTE, power_of_two(2 * peak));
	default:
		peak = at_least(64, power_of_two(2 * peak));
		return peak > 4096 ? 4096 : peak; /* what a program may have at most */
	}
}

/* Names that no file of a configuration may hold are left out, and said so in a comment. */
static const char *list_text(struct arena *arena, const struct strings *list)
{
	struct strings items = {0};

	for (size_t i = 0; i < list->count; i++) {
		const char *item = list->items[i];
		char *quoted;
		size_t length = 0;

		if (text_refused(item, strlen(item)) != strlen(item))
			continue;
		quoted = arena_alloc(arena, 2 * strlen(item) + 3);
		quoted[length++] = '"';
		for (; *item != '\0'; item++) {
			if (*item == '"' || *item == '\\')
				quoted[length++] = '\\';
			quoted[length++] = *item;
		}
		quoted[length] = '"';
		strings_add(arena, &items, quoted);
	}
	return items.count == 0 ? "[]"
				: arena_printf(arena, "[ %s ]", strings_join(arena, &items, ", "));
}

static const char *profile_name(struct arena *arena, const char *command)
{
	char *name = arena_printf(
		arena, "trial-%.*s", NAME_MAX_LENGTH - 6, *command == '/' ? command + 1 : command);

	for (char *letter = name; *letter != '\0'; letter++)
		if (!isascii((unsigned char)*letter) ||
			(!isalnum((unsigned char)*letter) && strchr("._-", *letter) == NULL))
			*letter = '-';
	return name;
}

static const char *capabilities_text(struct arena *arena, uint64_t capabilities)
{
	struct strings names = {0};

	for (unsigned number = 0; number < 64; number++)
		if ((capabilities >> number & 1) != 0 &&
			restriction_capability_name(number) != NULL)
			strings_add(arena, &names, restriction_capability_name(number));
	return list_text(arena, &names);
}

static const char *filesystem_text(
	const struct observation *seen, const struct suggestion_facts *facts)
{
	struct arena *arena = seen->arena;
	struct strings read = suggest_areas(arena, &seen->read), write;

	strings_add(arena, &read, "/usr"); /* what loads a program is there, and opened unseen */
	strings_add(
		arena, &read, first_components(arena, facts->program, place_depth(facts->program)));
	if (seen->own_proc)
		strings_add(arena, &read, "/proc");
	write = restriction_areas(arena, &seen->write);
	write = join_members(arena, &write);
	for (size_t i = 0; i < write.count; i++) /* the loader wants what is written there too */
		strings_add(arena, &read, write.items[i]);
	read = restriction_areas(arena, &read);
	return arena_printf(arena, "{\n      read = %s;\n      write = %s;%s%s }",
		list_text(arena, &read), list_text(arena, &write),
		seen->own_proc && !seen->other_proc ? "\n      proc = \"own\";" : "",
		seen->temporary.count > 0 ? "\n      tmp = \"own\";" : "");
}

static const char *limits_text(struct arena *arena, const struct peaks *peaks)
{
	return arena_printf(arena,
		"{\n      processes = %llu; memory = \"%lluM\"; cpu_seconds = %llu;\n"
		"      file_size = \"%lluM\"; open_files = %llu; }",
		(unsigned long long)suggest_limit(RESTRICT_PROCESSES, peaks->processes),
		(unsigned long long)suggest_limit(RESTRICT_MEMORY, peaks->memory) / MEBIBYTE,
		(unsigned long long)suggest_limit(RESTRICT_CPU_SECONDS, peaks->cpu_seconds),
		(unsigned long long)suggest_limit(RESTRICT_FILE_SIZE, peaks->file_size) / MEBIBYTE,
		(unsigned long long)suggest_limit(RESTRICT_OPEN_FILES, peaks->open_files));
}

/* "# a\n# b\n# and 3 more\n" */
static const char *comments(struct arena *arena, const struct strings *lines)
{
	struct strings said = {0};

	for (size_t i = 0; i < lines->count && i < REASONS_MAX; i++)
		strings_add(arena, &said,
			arena_printf(arena, "#   %s\n",
				text_escape(arena, lines->items[i], strlen(lines->items[i]))));
	if (lines->count > REASONS_MAX)
		strings_add(arena, &said,
			arena_printf(arena, "#   and %zu more\n", lines->count - REASONS_MAX));
	return strings_join(arena, &said, "");
}

static const char *execute_text(const struct observation *seen)
{
	return seen->executed.count == 0 ? "\"none\"" : list_text(seen->arena, &seen->executed);
}

static const char *network_text(enum restrict_network network)
{
	switch (network) {
	case NETWORK_NONE:
		return "none";
	case NETWORK_LOCAL:
		return "local";
	case NETWORK_ANY:
		break;
	}
	return "any";
}

static const char *missed_text(const struct observation *seen)
{
	if (seen->missed == 0)
		return "";
	return arena_printf(seen->arena,
		"# It tried what takes %s, which it did not have. If that was in vain, let its\n"
		"# profile list them and try again.\n",
		capabilities_text(seen->arena, seen->missed));
}

static const char *head_text(const struct observation *seen, const struct suggestion_facts *facts)
{
	struct arena *arena = seen->arena;

	return arena_printf(arena,
		"# What one run as %s needed; another call may need more:\n#   %s\n%s%s%s%s",
		facts->run_as, text_escape(arena, facts->line, strlen(facts->line)),
		seen->peers.count > 0 ? "# It talked to:\n" : "", comments(arena, &seen->peers),
		missed_text(seen),
		seen->foreign ? "# Code of another architecture ran, which every filter refuses.\n"
			      : "");
}

static const char *tail_text(
	const struct observation *seen, const struct suggestion_facts *facts, const char *name)
{
	const struct strings *reasons = classify_reasons(seen);

	return arena_printf(seen->arena,
		"\n# In the definition of \"%s\":\n#   profile = \"%s\";\n#   class = "
		"\"%s\";\n%s%s",
		facts->command, name, command_class_name(classify(seen)),
		reasons->count > 0 ? "# since it\n" : "", comments(seen->arena, reasons));
}

char *suggest_profile(const struct observation *seen, const struct suggestion_facts *facts)
{
	struct arena *arena = seen->arena;
	const char *name = profile_name(arena, facts->command);

	return arena_printf(arena,
		"%sprofiles = (\n"
		"  { name = \"%s\";\n"
		"    extends = \"standard\";\n"
		"    execute = %s;\n"
		"    network = \"%s\";\n"
		"    filesystem = %s;\n"
		"    capabilities = %s;\n"
		"%s%s%s"
		"    limits = %s; } );\n%s",
		head_text(seen, facts), name, execute_text(seen), network_text(seen->network),
		filesystem_text(seen, facts), capabilities_text(arena, seen->capabilities),
		seen->calls.count > 0 ? "    system_calls = { allow = " : "",
		seen->calls.count > 0 ? list_text(arena, &seen->calls) : "",
		seen->calls.count > 0 ? "; };\n" : "", limits_text(arena, &seen->peaks),
		tail_text(seen, facts, name));
}
