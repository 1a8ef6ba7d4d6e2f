/* When filters are made, and for whom. */
#include <elf.h>
#include <linux/audit.h>
#include <seccomp.h>
#include <string.h>

#include "base/table.h"
#include "confine/filter_parts.h"

/* The kernel's number for an architecture (linux/audit.h) has that of ELF in it. */
bool filter_lets_run(const void *header, size_t length)
{
	const uint32_t native = seccomp_arch_native();
	const int class = (native & __AUDIT_ARCH_64BIT) != 0 ? ELFCLASS64 : ELFCLASS32;
	Elf64_Ehdr elf; /* up to what is looked at, the same for both classes */

	if (length < sizeof(elf))
		return false;
	memcpy(&elf, header, sizeof(elf));
	return elf.e_ident[EI_CLASS] == class && elf.e_machine == (native & 0xffff);
}

bool filter_limits_files(const struct restriction *restriction)
{
	return restriction->has[RESTRICT_READ] || restriction->has[RESTRICT_WRITE] ||
	       restriction->has[RESTRICT_HIDDEN] || restriction->has[RESTRICT_PROTECTED] ||
	       (restriction->has[RESTRICT_EXECUTE] && restriction->execute == EXECUTE_LISTED);
}

bool filter_is_exec_once(const struct restriction *restriction)
{
	return restriction->has[RESTRICT_EXECUTE] && restriction->execute == EXECUTE_NONE;
}

bool filter_is_needed(const struct restriction *restriction)
{
	return (restriction->has[RESTRICT_EXECUTE] && restriction->execute != EXECUTE_ANY) ||
	       filter_limits_files(restriction) ||
	       (restriction->has[RESTRICT_NETWORK] && restriction->network != NETWORK_ANY) ||
	       (restriction->has[RESTRICT_SYSTEM_CALLS] && restriction->denied_calls.count > 0);
}

/* A sentence about the first name that is no system call's, or NULL. */
static const char *find_unknown(struct arena *arena, const struct restriction *restriction)
{
	const struct strings *names = &restriction->denied_calls;

	for (size_t i = 0; restriction->has[RESTRICT_SYSTEM_CALLS] && i < names->count; i++)
		if (!filter_knows(names->items[i]))
			return arena_printf(
				arena, "there is no system call \"%s\"", names->items[i]);
	return NULL;
}

int filter_build(struct arena *arena, struct confinement *confinement, const char **complaint)
{
	int error;

	if (!filter_is_needed(&confinement->restriction))
		return 0;
	*complaint = find_unknown(arena, &confinement->restriction);
	if (*complaint != NULL)
		return -1;
	error = filter_make(arena, confinement);
	if (error != 0) {
		*complaint = arena_printf(
			arena, "no system call filter could be made: %s", strerror(-error));
		return -1;
	}
	filter_make_gate(arena, confinement);
	return 0;
}

/* All that a filter is made from. */
static const char *key_of(struct arena *arena, const struct restriction *restriction)
{
	bool denies = restriction->has[RESTRICT_SYSTEM_CALLS];

	return arena_printf(arena, "%d%d%d %s",
		restriction->has[RESTRICT_EXECUTE] ? (int)restriction->execute : EXECUTE_ANY,
		restriction->has[RESTRICT_NETWORK] ? (int)restriction->network : NETWORK_ANY,
		filter_limits_files(restriction),
		denies ? strings_join(arena, &restriction->denied_calls, " ") : "");
}

static int build_shared(struct policy *policy, struct arena *scratch, struct table *built,
	struct confinement *confinement, const char **complaint)
{
	const char *key = key_of(scratch, &confinement->restriction);
	const struct confinement *same = table_get(built, key);

	if (same == NULL) {
		table_put(scratch, built, key, confinement);
		return filter_build(policy->arena, confinement, complaint);
	}
	confinement->filter = same->filter;
	confinement->filter_length = same->filter_length;
	confinement->gate = same->gate;
	confinement->gate_length = same->gate_length;
	return 0;
}

int filter_build_all(struct policy *policy, const char **complaint)
{
	size_t count = policy_confinement_count(policy);
	struct arena *scratch = arena_new();
	struct table built = {.count = 0};
	int result = 0;

	for (size_t i = 0; i < count && result == 0; i++)
		if (policy->confinements[i] != NULL)
			result = build_shared(
				policy, scratch, &built, policy->confinements[i], complaint);
	arena_free(scratch);
	return result;
}
