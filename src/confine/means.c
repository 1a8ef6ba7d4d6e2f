/* Which mechanism is behind which field, and what becomes of a field that has none here. */
#include <string.h>

#include "confine/landlock.h"
#include "confine/support.h"
#include "confine/view.h"

bool support_concerns(const struct restriction *restriction, enum restriction_field field)
{
	if (!restriction->has[field])
		return false;
	switch (field) {
	case RESTRICT_EXECUTE:
		return restriction->execute != EXECUTE_ANY;
	case RESTRICT_NETWORK:
		return restriction->network != NETWORK_ANY;
	case RESTRICT_READ:
		return restriction->providers || !strings_contain(&restriction->read, "/");
	case RESTRICT_WRITE:
		return restriction->providers || !strings_contain(&restriction->write, "/");
	case RESTRICT_HIDDEN:
		return restriction->hidden.count > 0;
	case RESTRICT_PROTECTED:
		return restriction->protected_names.count > 0;
	case RESTRICT_PROC:
		return restriction->own_proc;
	case RESTRICT_TMP:
		return restriction->own_tmp;
	case RESTRICT_SYSTEM_CALLS:
		return restriction->denied_calls.count > 0;
	default:
		return true;
	}
}

static const char *filter_means(const struct support *support)
{
	if (!support->filters)
		return NULL;
	return support->filters_logged
		       ? "seccomp"
		       : "seccomp, not logged (kernel.seccomp.actions_logged lacks errno)";
}

/*
 * The file rules are asked themselves, with this one field alone, so that what is said here is
 * what they do.
 */
static const char *file_means(struct arena *arena, const struct support *support,
	const struct restriction *restriction, enum restriction_field field)
{
	struct restriction one = *restriction;
	bool view, landlock;

	memset(one.has, 0, sizeof(one.has));
	one.has[field] = true;
	/* The areas of somebody's roles take the place of these in a run. */
	if (one.providers)
		one.read.count = one.write.count = 0;
	view = view_is_needed(&one, support);
	landlock = support->landlock > 0 && landlock_is_needed(&one, support);
	if (view && (!support->mounts || (field == RESTRICT_PROC && !support->proc_hidepid)))
		return NULL;
	if (landlock)
		return arena_printf(arena, "%sLandlock (ABI %d)", view ? "mount namespace, " : "",
			support->landlock);
	return view ? "mount namespace" : NULL;
}

/* A filter, and what it can't see: a call on an open file that is another process's memory. */
static const char *apart_means(struct arena *arena, const struct support *support,
	const struct restriction *restriction, enum restriction_field field)
{
	struct restriction one = *restriction;
	const char *filter = filter_means(support);

	memset(one.has, 0, sizeof(one.has));
	one.has[field] = true;
	if (filter == NULL || !landlock_keeps_apart(&one, support))
		return filter;
	return arena_printf(arena, "%s; Landlock keeps it out of other processes", filter);
}

static const char *execute_means(
	struct arena *arena, const struct support *support, const struct restriction *restriction)
{
	const char *files;

	if (restriction->execute == EXECUTE_NONE || filter_means(support) == NULL)
		return apart_means(arena, support, restriction, RESTRICT_EXECUTE);
	files = file_means(arena, support, restriction, RESTRICT_EXECUTE);
	return files == NULL ? NULL : arena_printf(arena, "%s, seccomp", files);
}

static const char *capability_means(
	const struct support *support, const struct restriction *restriction)
{
	if ((restriction->capabilities & ~support->capabilities) != 0)
		return NULL;
	if (restriction->capabilities == 0)
		return "bounding set";
	return support->ambient ? "bounding set, ambient capabilities" : NULL;
}

static const char *limit_means(const struct support *support, enum restriction_field field)
{
	switch (field) {
	case RESTRICT_PROCESSES:
		return support->cgroup_pids ? "cgroup v2 (the whole run)"
					    : "setrlimit (all of the account; not of root)";
	case RESTRICT_MEMORY:
		return support->cgroup_memory ? "cgroup v2 (the whole run)"
					      : "setrlimit (each process)";
	case RESTRICT_CPU_PERCENT:
		return support->cgroup_cpu ? "cgroup v2 (the whole run)" : NULL;
	case RESTRICT_SECONDS:
		return "the gateway (a deadline)";
	default:
		return "setrlimit (each process)";
	}
}

/* Names are protected in the areas that may be written, which are walked through for it. */
static bool has_areas(const struct restriction *restriction)
{
	return restriction->providers || view_limits(restriction, RESTRICT_WRITE);
}

const char *support_means(struct arena *arena, const struct support *support,
	const struct restriction *restriction, enum restriction_field field)
{
	switch (field) {
	case RESTRICT_EXECUTE:
		return execute_means(arena, support, restriction);
	case RESTRICT_NETWORK:
		return filter_means(support);
	case RESTRICT_SYSTEM_CALLS:
		return apart_means(arena, support, restriction, field);
	case RESTRICT_PROTECTED:
		if (!has_areas(restriction))
			return NULL;
		return file_means(arena, support, restriction, field);
	case RESTRICT_READ:
	case RESTRICT_WRITE:
	case RESTRICT_HIDDEN:
	case RESTRICT_PROC:
	case RESTRICT_TMP:
		return file_means(arena, support, restriction, field);
	case RESTRICT_CAPABILITIES:
		return capability_means(support, restriction);
	case RESTRICT_BLOCKED:
	case RESTRICT_ALLOWED:
	case RESTRICT_CLASSES:
		return "the gateway (its decision)";
	case RESTRICT_AUDIT:
		return "the gateway (its records)";
	default:
		return limit_means(support, field);
	}
}

static const char *missing_capabilities(struct arena *arena, uint64_t missing)
{
	struct strings names = {.count = 0};

	for (unsigned i = 0; i < 64; i++) {
		const char *name = restriction_capability_name(i);

		if ((missing >> i & 1) != 0)
			strings_add(arena, &names,
				name != NULL ? name : arena_printf(arena, "CAP_%u", i));
	}
	return arena_printf(arena,
		"the gateway has no %s to give (CapabilityBoundingSet= of its unit; a gateway "
		"that runs takes a new one only when it is restarted)",
		strings_join(arena, &names, ", "));
}

const char *support_lack(struct arena *arena, const struct support *support,
	const struct restriction *restriction, enum restriction_field field)
{
	uint64_t missing = restriction->capabilities & ~support->capabilities;

	if (field == RESTRICT_CPU_PERCENT)
		return "no control group (cgroup v2) with the cpu controller is delegated to the "
		       "gateway";
	if (field == RESTRICT_CAPABILITIES)
		return missing == 0 ? "this kernel has no ambient capabilities"
				    : missing_capabilities(arena, missing);
	if (field == RESTRICT_NETWORK || field == RESTRICT_SYSTEM_CALLS ||
		(field == RESTRICT_EXECUTE && !support->filters))
		return "this kernel has no seccomp filters that log";
	if (field == RESTRICT_PROC && support->mounts && !support->proc_hidepid)
		return "this kernel has no hidepid= for one mount of /proc";
	if (field == RESTRICT_PROTECTED && !has_areas(restriction))
		return "names are protected in writable areas, and all may be written (say what "
		       "with filesystem.write)";
	if (!support->mounts)
		return "the gateway may not make mount namespaces (it needs CAP_SYS_ADMIN and an "
		       "init system that allows unshare and mount calls)";
	return "this version has no means for it on this kernel";
}
